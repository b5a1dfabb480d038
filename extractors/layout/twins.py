"""Columns printed twice: a merged cell written out into every column it covers.

Markdown and text made from office files repeat a merged text in each of its columns. Under one head that
is printed twice, every row then holds the same two texts; they are one column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.layout.lines import Line, Spot
from extractors.layout.printed import Indexes
from extractors.layout.signature import head_count

TWIN = "noise:repeated_cell"
_ROWS = 2  # rows that must agree


def without_twins(lines: Sequence[Line], index: Indexes) -> tuple[list[Line], list[Spot]]:
    """The lines of a form with columns of its indicator block that are printed twice made one.

    Args:
        lines: the lines of one form.
        index: the labels of all families.

    Returns:
        the lines, and the cells that only repeat their left neighbour.
    """
    at = next((i for i, line in enumerate(lines) if not line.dropped and head_count(line, index) >= 2), None)
    if at is None:
        return list(lines), []
    body, doubled, gone = list(lines[at:]), _doubled(lines[at:]), list[Spot]()
    for i, line in enumerate(body):
        twins = [two for one, two in pairwise(line.spots) if _is_twin(one, two, doubled)]
        if twins:
            lost = {spot.id for spot in twins}
            kept = [spot for spot in line.spots if spot.id not in lost]
            body[i] = replace(line, spots=tuple(_widened(spot, twins) for spot in kept))
            gone += twins
    return [*lines[:at], *body], gone


def _doubled(lines: Sequence[Line]) -> set[tuple[int, int]]:
    """The neighbouring columns of the head row that every row below fills alike."""
    found = {
        (one.col, two.col)
        for one, two in pairwise(lines[0].spots)
        if one.key == two.key and one.end == two.col
    }
    for pair in sorted(found):
        rows = [
            (one.key, two.key)
            for line in lines[1:]
            if line.block is None
            for one, two in pairwise(line.spots)
            if (one.col, two.col) == pair
        ]
        if len(rows) < _ROWS or any(one != two for one, two in rows):
            found.discard(pair)
    return found


def _is_twin(one: Spot, two: Spot, doubled: set[tuple[int, int]]) -> bool:
    return (one.col, two.col) in doubled and one.key == two.key


def _widened(spot: Spot, twins: Sequence[Spot]) -> Spot:
    """The spot over the columns of the cells that repeat it."""
    end = spot.end
    for twin in twins:
        end = twin.end if twin.col == end and twin.key == spot.key else end
    return replace(spot, end=end)
