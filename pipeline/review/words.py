"""The page's words in Chinese and English, from ``words.yaml`` over those of the report."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml
from pydantic import TypeAdapter

from pipeline.report.words import Word, doubts
from pipeline.report.words import words as report_words

LANGUAGES = ("zh", "en")
Speaker = Callable[..., str]


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, Word]]:
    """All words by group and name. Raises pydantic's ValidationError when the file is wrong."""
    text = resources.files("pipeline.review").joinpath("words.yaml").read_text(encoding="utf-8")
    own = TypeAdapter(dict[str, dict[str, Word]]).validate_python(yaml.safe_load(text))
    shared = {
        "grade",
        "severity",
        "form_kind",
        "value_kind",
        "level2",
        "source",
        "nature",
        "status",
        "places",
    }
    return (
        {group: found for group, found in report_words().items() if group in shared}
        | own
        | {"code": dict(doubts()), "reasons": {**doubts(), **report_words()["reasons"]}}
    )


@lru_cache(maxsize=len(LANGUAGES))
def speaker(language: str) -> Speaker:
    """What says a word in a language: ``say(group, name, **facts)``; a name nobody knows is shown as it is.

    >>> say = speaker("en")
    >>> say("grade", "good"), say("grade", "splendid"), say("places", "page", n=3)
    ('good', 'splendid', 'page 3')
    """

    def say(group: str, name: Any, **facts: Any) -> str:
        found = words()[group].get(str(name))
        if found is None:
            return str(name)
        return (found.en if language == "en" else found.zh).format(**facts)

    return say


def named(group: str, language: str) -> dict[str, str]:
    """All words of a group in a language, for the page's script."""
    return {name: (w.en if language == "en" else w.zh) for name, w in words()[group].items()}
