"""Levels without heads of their own: told by what is printed below (绩效目标 over 产出 | 数量目标)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.layout.columns import Head
from extractors.layout.levels import level_hit
from extractors.layout.lines import Line, Spot

_ENOUGH = 2  # labels from which on a column is one of levels
_LOOK = 40  # rows that are asked
_SURE = ("exact", "alias")


def with_levels(columns: tuple[Head, ...], below: Sequence[Line]) -> tuple[Head, ...]:
    """The columns, those left of the names that hold level labels taken as level 1 and level 2.

    Args:
        columns: heads of a block none of which is a level's.
        below: the lines under the header.

    Returns:
        The columns with at most two level columns more; a head that spans several of them is split.

    Example:
        >>> with_levels((), [])
        ()
    """
    border = next((head.col for head in columns if head.role == "name"), 0)
    places: dict[int, list[Spot]] = {}
    for spot in (s for line in below[:_LOOK] if not line.dropped for s in line.spots if s.col < border):
        places.setdefault(spot.col, []).append(spot)
    found = [(col, level) for col in sorted(places) if (level := _level(places[col]))]
    if [level for _, level in found] not in ([1], [2], [1, 2]):
        return columns
    levels: list[Head] = []
    for i, (col, level) in enumerate(found):
        over = next((head for head in columns if head.col <= col < head.end), None)
        if over is None:
            return columns
        end = found[i + 1][0] if i + 1 < len(found) else max(over.end, col + 1)
        levels.append(replace(over, role=f"level{level}", takes="level", col=col, end=end, lo=col, hi=end))
    kept = [head for head in columns if not any(head.col <= new.col < head.end for new in levels)]
    return tuple(sorted([*kept, *levels], key=lambda head: head.col))


def _level(spots: Sequence[Spot]) -> int:
    """The level whose labels fill a column, 0 where they do not."""
    hits = [[_is_sure(spot.text, level) for spot in spots] for level in (1, 2)]
    ones, twos = (sum(hit) for hit in hits)
    either = sum(one or two for one, two in zip(*hits, strict=True))
    if either < _ENOUGH or 2 * either < len(spots):
        return 0
    return 1 if ones >= twos else 2


def _is_sure(text: str, level: int) -> bool:
    hit = level_hit(text, level)
    return hit is not None and hit.how in _SURE
