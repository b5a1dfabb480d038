"""The report's words in both languages, from ``words.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Word(BaseModel):
    """A text in both languages; document texts are the same in both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str

    def filled(self, **facts: Any) -> Word:
        """The word with its places filled in."""
        return Word(zh=self.zh.format(**facts), en=self.en.format(**facts))


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, Word]]:
    """All words by group and name. Raises pydantic's ValidationError when the file is wrong."""
    text = resources.files("pipeline.report").joinpath("words.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, dict[str, Word]]).validate_python(yaml.safe_load(text))


def word(group: str, name: str) -> Word:
    """The word of a group, or the name itself where there is none: nothing new goes unshown.

    >>> word("grade", "good").zh, word("grade", "splendid").zh
    ('良', 'splendid')
    """
    return words()[group].get(name) or said(name)


def said(text: str | None) -> Word:
    """A text of a document: the same in both languages; an empty one is said to be so."""
    return Word(zh=text, en=text) if text else words()["page"]["unstated"]


@lru_cache(maxsize=1)
def doubts() -> Mapping[str, Word]:
    """Short names of all rules and issue codes: ours in Chinese (``doubts.yaml``), their registered titles in English.

    >>> doubts()["cost_sum"].zh
    '成本合计与资金总额不符'
    """
    from pipeline.audit.rule import linked_rules, rules
    from pipeline.issues import registry

    text = resources.files("pipeline.report").joinpath("doubts.yaml").read_text(encoding="utf-8")
    zh = TypeAdapter(dict[str, str]).validate_python(yaml.safe_load(text))
    titles = {r.id: r.title for r in (*rules(), *linked_rules())}
    titles |= {code: found.title for code, found in registry().items()}
    return {code: Word(zh=zh.get(code, title), en=title) for code, title in titles.items()}


def doubt(code: str) -> Word:
    """The short name of a rule or issue code; an unknown one is shown as it is."""
    return doubts().get(code) or said(code)


def reason(code: str) -> Word:
    """Why a file was not read, or not whole, by the reason code of its row in ``documents``.

    >>> reason("encrypted").zh
    '文件已加密，需要密码'
    """
    return words()["reasons"].get(code) or doubt(code)
