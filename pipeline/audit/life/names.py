"""How well two names fit: of projects, and of the units that carry them out. 0 is a no, not a little."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from normalizers.names import (
    LOOK_ALIKE,
    MATCHING,
    project_numbers,
    shorten_organisation,
    without_joining,
    without_place,
    without_soft,
)
from pipeline.audit.limits import limits

_LIMITS = limits("life")
_JOINED, _SOFTENED = float(_LIMITS.number("name_joined")), float(_LIMITS.number("name_soft"))
_SLIP = float(_LIMITS.number("name_slip"))
_NEAR, _SHORTEST = float(_LIMITS.number("name_near")), int(_LIMITS.number("name_shortest"))
_UNIT_SHORT, _UNIT_PLACE = float(_LIMITS.number("unit_short")), float(_LIMITS.number("unit_without_place"))
_UNIT_SLIP = float(_LIMITS.number("unit_slip"))
_A_SLIP = int(_LIMITS.number("characters_a_slip"))
_KEPT = 65536


def _alike(one: str, other: str) -> bool:
    return any(one in group and other in group for group in LOOK_ALIKE)


def _contrary(one: str, other: str) -> bool:
    return any(one in group and other in group for group in MATCHING.contrasts)


def _changed(one: str, other: str) -> list[tuple[str, str]]:
    """What stands in one text where something else, or nothing, stands in the other."""
    return [
        (one[o.src_start : o.src_end], other[o.dest_start : o.dest_end])
        for o in Levenshtein.opcodes(one, other)
        if o.tag != "equal"
    ]


@lru_cache(maxsize=_KEPT)
def name_fit(one: str, other: str) -> float:
    """How well two folded project names fit, 0…1; 1 only for the same.

    Other numbers (一期, 二期) or contrary words (小学, 中学) make other projects: 0. What is left are
    joining words (及, 和), words any project may carry (专项, 经费), and slips of single characters.

    >>> name_fit("农村供水一期", "农村供水二期"), name_fit("校舍及操场维修", "校舍和操场维修")
    (0.0, 0.98)
    >>> name_fit("小学校舍维修改造", "中学校舍维修改造")
    0.0
    >>> name_fit("农村公路养护补助", "农材公路养护补助") > 0.9
    True
    """
    if one == other:
        return 1.0
    if project_numbers(one) != project_numbers(other):
        return 0.0
    if without_joining(one) == without_joining(other):
        return _JOINED
    if without_soft(one) == without_soft(other):
        return _SOFTENED
    changed = _changed(one, other)
    pairs = [(a, b) for left, right in changed for a, b in zip(left, right, strict=False)]
    if any(_contrary(a, b) for a, b in pairs) or any(
        _contrary(left[:1], right[:1]) for left, right in changed
    ):
        return 0.0
    if len(pairs) == len(changed) <= 1 + len(one) // _A_SLIP and all(_alike(a, b) for a, b in pairs):
        return _SLIP
    near: float = Levenshtein.normalized_similarity(one, other)
    return near if near >= _NEAR and min(len(one), len(other)) >= _SHORTEST else 0.0


@lru_cache(maxsize=_KEPT)
def unit_fit(one: str, other: str) -> float:
    """How well two folded names of units fit, 0…1: the same, shortened, without its place, one slip.

    Two units of two places never fit, however alike they are.

    >>> unit_fit("永宁县人民政府办公室", "县政府办"), unit_fit("永宁县水务局", "水务局")
    (0.0, 0.88)
    >>> unit_fit("永宁县人民政府办公室", "永宁县政府办"), unit_fit("永宁县水务局", "青河县水务局")
    (0.98, 0.0)
    """
    if one == other:
        return 1.0
    first, second = shorten_organisation(one), shorten_organisation(other)
    if first == second:
        return _UNIT_SHORT
    long, short = (first, second) if len(first) > len(second) else (second, first)
    if len(short) >= _SHORTEST - 2 and long.endswith(short) and without_place(long) == without_place(short):
        return _UNIT_PLACE
    return _UNIT_SLIP if _unit_slip(first, second) else 0.0


def _unit_slip(one: str, other: str) -> bool:
    """Is one character of the unit's own name misread, and its place the same?"""
    if len(one) != len(other) or len(one) <= _SHORTEST:
        return False
    changed = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(changed) != 1 or changed[0] < len(one) - len(without_place(one)):
        return False
    a, b = one[changed[0]], other[changed[0]]
    return _alike(a, b) and not _contrary(a, b)
