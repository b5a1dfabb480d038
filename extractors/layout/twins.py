"""Columns printed twice: a merged cell written out into every column it covers.

Markdown and text made from office files repeat a merged text in each of its columns. Under one head that
is printed twice, every row then holds the same two texts: one column. Words of the header beside themselves
are one text. Numbers are left alone: 年初预算数 and 全年预算数 may well be equal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.layout.lines import Line, Spot
from extractors.layout.printed import Indexes
from extractors.layout.signature import head_count

TWIN = "noise:repeated_cell"
_ROWS = 2  # rows that must agree
_WORD = re.compile(r"[\u4e00-\u9fff]")
_AMOUNT = re.compile(r"[0-9][0-9.,]*[万亿千]?元?")


def without_twins(lines: Sequence[Line], index: Indexes) -> tuple[list[Line], list[Spot]]:
    """The lines of a form with columns of its indicator block that are printed twice made one.

    Args:
        lines: the lines of one form.
        index: the labels of all families.

    Returns:
        the lines, and the cells that only repeat their left neighbour.
    """
    heads = (i for i, line in enumerate(lines) if not line.dropped and head_count(line, index) >= 2)
    at = next(heads, len(lines))
    doubled = _doubled(lines[at:])
    found, gone = list(lines), list[Spot]()
    for i, line in enumerate(lines):
        pairs = [] if line.dropped or line.spanned else pairwise(line.spots)
        twins = [two for one, two in pairs if _is_twin(one, two, doubled if i >= at else None, index)]
        if twins:
            lost = {spot.id for spot in twins}
            kept = [spot for spot in line.spots if spot.id not in lost]
            found[i] = replace(line, spots=tuple(_widened(spot, twins) for spot in kept))
            gone += twins
    return found, gone


def _doubled(lines: Sequence[Line]) -> set[tuple[int, int]]:
    """The neighbouring columns of the head row that every row below fills alike."""
    if not lines:
        return set()
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


def _is_twin(one: Spot, two: Spot, doubled: set[tuple[int, int]] | None, index: Indexes) -> bool:
    """Whether a cell only repeats its left neighbour: in a doubled column, or (above them) in words."""
    if one.key != two.key or one.end != two.col:
        return False
    return _is_wording(one, index) if doubled is None else (one.col, two.col) in doubled


def _is_wording(spot: Spot, index: Indexes) -> bool:
    """Whether a text is words and no label: labels stand beside each other on purpose (本级 and 市县)."""
    words = _WORD.search(spot.key) is not None and _AMOUNT.fullmatch(spot.key) is None
    return words and index.fields.find(spot.text) is None and index.source(spot.text) is None


def _widened(spot: Spot, twins: Sequence[Spot]) -> Spot:
    """The spot over the columns of the cells that repeat it."""
    end = spot.end
    for twin in twins:
        end = twin.end if twin.col == end and twin.key == spot.key else end
    return replace(spot, end=end)
