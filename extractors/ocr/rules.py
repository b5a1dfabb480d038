"""The rules by which a reading is likely a misread, from ``rules.yaml``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

_FILE = Path(__file__).with_name("rules.yaml")


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(min_length=1)
    zh: str = Field(min_length=1)
    pattern: str
    suggest: str | None = None
    swap: dict[str, str] = Field(default_factory=dict)
    not_after: str = ""
    only_with: Literal["", "rate", "barred", "low_zero", "torn_point"] = ""
    anywhere: bool = False
    seen: str = Field(min_length=1)


class _Limit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(gt=0, lt=1)
    seen: str = Field(min_length=1)


class _Limits(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    doubted: _Limit
    weak: _Limit
    disagree: _Limit
    unread_ink: _Limit
    certain: _Limit


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    signs: str
    value_length: int
    limits: _Limits
    rules: tuple[_Rule, ...]
    no_fault: tuple[str, ...]
    reasons: dict[str, str]
    rate_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why a text is doubtful, and what it probably says ("" when nobody can tell)."""

    rule: str
    suggestion: str = ""


@cache
def load_rules() -> _Rules:
    """The validated rules. Raises pydantic's ValidationError when the file is wrong."""
    return _Rules.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def limit(of: Literal["doubted", "weak", "disagree", "unread_ink", "certain"]) -> float:
    """A limit of what a cell may claim (0…1): the most, by the kind of doubt; ``certain`` asks for no second reading.

    >>> limit("unread_ink") < limit("disagree") < limit("doubted") < limit("weak")
    True
    """
    found: _Limit = getattr(load_rules().limits, of)
    return found.value


def why(codes: Iterable[str]) -> str:
    """Rules or reasons of doubt in the words of a Chinese sentence.

    >>> why(["disagree", "percent_over_hundred"])
    '两次识读结果不同；百分比超过一百，“≥”常误读为 2'
    """
    known = load_rules().reasons | {rule.code: rule.zh for rule in load_rules().rules}
    return "；".join(known[code] for code in codes)


def suspicions(text: str, *, words: str = "", looks: Collection[str] = ()) -> list[Suspicion]:
    """The rules a value cell's folded text breaks; ``words`` is the rest of its row, ``looks`` what its ink left open.

    >>> [(s.rule, s.suggestion) for s in suspicions("292%")]
    [('percent_over_hundred', '≥92%')]
    >>> [(s.rule, s.suggestion) for s in suspicions("4S条")]
    [('letter_in_number', '45条')]
    >>> suspicions("≥95%"), suspicions("45条")
    ([], [])
    >>> [(s.rule, s.suggestion) for s in suspicions("<15万元", looks=["barred"])]
    [('bar_below', '≤15万元')]
    """
    return [*_broken(text, words, looks, anywhere=False), *_against_words(text, words)]


def sentence_suspicions(text: str, looks: Collection[str] = ()) -> list[Suspicion]:
    """The rules that hold for text of any length and that this folded one breaks.

    >>> [s.suggestion for s in sentence_suspicions("项目总成本控制在二十万元以内,不超过20万0")]
    ['项目总成本控制在二十万元以内,不超过20万。']
    """
    return _broken(text, "", looks, anywhere=True)


def _broken(text: str, words: str, looks: Collection[str], *, anywhere: bool) -> list[Suspicion]:
    rules = load_rules()
    given = {*looks, *(["rate"] if any(word in words for word in rules.rate_words) else [])}
    found = []
    for rule in rules.rules:
        if (rule.only_with and rule.only_with not in given) or (anywhere and not rule.anywhere):
            continue
        hit = re.search(rule.pattern, text)
        if hit and not (rule.not_after and re.search(rule.not_after, text[: hit.end()])):
            found.append(Suspicion(rule.code, _suggestion(rule, text)))
    return found


def _suggestion(rule: _Rule, text: str) -> str:
    if rule.swap:
        return re.sub(rule.pattern, lambda hit: "".join(rule.swap.get(c, c) for c in hit.group()), text)
    return re.sub(rule.pattern, rule.suggest, text) if rule.suggest else ""


_NUMBER = re.compile(r"\d+(?:\.\d+)?(?![\d.]*年)")  # a year beside another is no misread of it


def _against_words(text: str, words: str) -> list[Suspicion]:
    """A number that is its row's own number with one digit more, less or other is likely a misread.

    >>> [(s.rule, s.suggestion) for s in suspicions("296.37万元", words="指标1:专项补助96.37万元")]
    [('near_words', '≥96.37万元')]
    """
    said = _NUMBER.findall(words)
    found = []
    for number in _NUMBER.findall(text):
        if len(number) < 3 or number in said:
            continue
        for other in said:
            if len(other) < 3 or not (number[1:] == other or (len(other) > 3 and _one_apart(number, other))):
                continue
            lost = number[1:] == other and number[0] in "12>"
            found.append(Suspicion("near_words", text.replace(number, "≥" + other if lost else other, 1)))
            return found
    return found


def _one_apart(one: str, two: str) -> bool:
    return len(one) == len(two) and sum(a != b for a, b in zip(one, two, strict=True)) == 1
