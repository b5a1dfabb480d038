"""Rows before they are placed, and what tells that a page break cut a cell in two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from extractors.grid import Cell, Grid
from extractors.layout.levels import is_level_label
from extractors.layout.lines import Spot
from extractors.layout.shapes import Shapes


@dataclass(frozen=True, slots=True)
class Row:
    """A grid row before it is placed: all its cells, empty ones included, columns mapped."""

    cells: tuple[Cell, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that are printed in the row."""
        return tuple(c.text.strip() for c in self.cells if c.text.strip())


def rows_of(grid: Grid, places: Mapping[str, tuple[int, int]] | None) -> list[Row]:
    """The rows of a grid, their columns mapped to ``places`` where the pages' axes differ."""
    by_row: dict[int, list[Cell]] = defaultdict(list)
    for cell in grid.cells:
        by_row[cell.row].append(cell)
    rows = []
    for number in sorted(by_row):
        cells = tuple(sorted(by_row[number], key=lambda c: c.col))
        spans = tuple(
            (cell.col, cell.col + cell.col_span) if places is None else places[cell.id] for cell in cells
        )
        rows.append(Row(cells, spans))
    return rows


def flows(head: Spot, tail: Cell, row: Row, above: Mapping[int, Spot]) -> bool:
    """Whether a text of a cell merged down goes on: a merged cell left of it reaches over, empty here."""
    if head.last <= head.line + 1 or head.text == tail.text.strip() or is_level_label(tail.text):
        return False
    left = [
        (c, above[s[0]])
        for c, s in zip(row.cells, row.spans, strict=True)
        if s[0] < head.col and s[0] in above and above[s[0]].last > above[s[0]].line + 1
    ]
    return any(not c.text.strip() for c, _ in left) and not is_level_label(head.text)


def is_cut_label(head: str, tail: str) -> bool:
    """Whether two pieces are one level label cut in two (可持续影 + 响指标)."""
    return is_level_label(head + tail) and not is_level_label(head) and len(tail) < 10


def is_rest(key: str, above: str, shapes: Shapes) -> bool:
    """Whether a value without its unit goes on: ≥1850 | 0人次, 18500 | 人次.

    >>> from extractors.layout.shapes import shapes_of
    >>> is_rest("0人次", "≥1850", shapes_of("generic")), is_rest("≥3次", "18500", shapes_of("generic"))
    (True, False)
    """
    if shapes.is_("cut_value", above):
        return shapes.is_("cut_rest", key)
    return shapes.is_("number", above) and shapes.is_("cut_unit", key)
