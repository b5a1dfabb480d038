"""What a text looks like, told by the family's patterns alone: nothing here reads a value.

All answers are cheap, cached by text, and graded 0…1 where a yes or no would be too bold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from extractors.families.family import Family, load_family
from normalizers.text import fold, fold_map, is_filler, simplified, strip_ordinal

_DOTS = re.compile(r"[.…·。\s]*")
_CLOSING = "。；，;,、."
_CACHE_LIMIT = 200_000
_KEPT = 4096  # texts of a few documents: many steps ask about each
_READ = 240  # characters of a cell that may tell what it looks like


def _pattern(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns) or r"(?!)")


@lru_cache(maxsize=_KEPT)
def key_of(text: str) -> str:
    """The folded text, simplified and without any space: what labels are compared by.

    Of a long text its beginning.

    >>> key_of(" 项目资金 （万元）"), key_of("績效指標")
    ('项目资金(万元)', '绩效指标')
    """
    return simplified(fold(text[:_READ])).replace(" ", "")


class Shapes:
    """The compiled shape patterns of one family, with answers cached by text."""

    def __init__(self, family: Family) -> None:
        self._patterns = {name: _pattern(lines) for name, lines in family.shapes.items()}
        self._kinds = {kind: _pattern(lines) for kind, lines in family.kind_words.items()}
        self._long = int(family.limits["long_value"])
        self._value: dict[str, float] = {}

    def is_(self, shape: str, key: str) -> bool:
        """Whether the whole folded text has the shape of this name in the family file."""
        return self._patterns[shape].fullmatch(key) is not None

    def speaks(self, kind: str, key: str) -> bool:
        """Whether a folded name holds words that are usual under this level-2 id.

        >>> shapes_of("generic").speaks("benefit.social", "受益群众人数")
        True
        """
        pattern = self._kinds.get(kind)
        return pattern is not None and pattern.search(key) is not None

    def find(self, shape: str, key: str) -> str:
        """The first piece of ``key`` that has the shape, or the empty string."""
        match = self._patterns[shape].search(key)
        return match.group() if match else ""

    def value_like(self, key: str) -> float:
        """How much the folded text looks like a 指标值, 0…1.

        >>> shapes = shapes_of("generic")
        >>> shapes.value_like("100余次"), shapes.value_like("督查督办案件办结完成情况") < 0.3
        (1.0, True)
        """
        known = self._value.get(key)
        if known is None:
            if len(self._value) > _CACHE_LIMIT:
                self._value.clear()
            known = self._value[key] = self._likeness(key)
        return known

    def _likeness(self, key: str) -> float:
        if len(key) > self._long:
            return 0.0
        if self._patterns["value"].fullmatch(key):
            return 1.0
        if self._patterns["value_start"].match(key):
            return 0.8
        if self._patterns["name"].fullmatch(key):
            return 0.1
        if any(c.isdigit() for c in key):
            return 0.55
        return max(0.15, 0.6 - 0.05 * len(key))


@cache
def shapes_of(family: str) -> Shapes:
    """The shapes of the family with this name."""
    return Shapes(load_family(family))


def is_dots(text: str) -> bool:
    """Whether a text is nothing but dots: the filler of an unused row.

    >>> is_dots("....."), is_dots("……"), is_dots("—")
    (True, True, False)
    """
    return _DOTS.fullmatch(text) is not None


def is_noise(text: str) -> bool:
    """Whether a text says nothing (dots, dashes, 无 …)."""
    return is_filler(text)


@lru_cache(maxsize=_KEPT)
def cut_name(text: str) -> tuple[int | None, str, bool]:
    """Ordinal, wording and whether a 指标N： stood before it; the wording stays as printed.

    >>> cut_name("指标1：全面完成考核指标。"), cut_name("指标2:"), cut_name("按时完成率")
    ((1, '全面完成考核指标', True), (2, '', True), (None, '按时完成率', False))
    """
    folded = fold_map(text[:_READ])
    ordinal, rest = strip_ordinal(folded.text)
    at = len(folded.text) - len(rest)
    raw = text[folded.span(at, len(folded.text))[0] :] if rest else text[_READ:]
    name = raw.strip().rstrip(_CLOSING).rstrip()
    return ordinal, "" if is_dots(name) else name, at > 0
