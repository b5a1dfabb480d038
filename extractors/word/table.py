"""A Word table: rows of cells with their grid columns; vertical merges to row spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from extractors.parts import attribute, local

_WIDE = 1000  # columns; Word itself stops at 63
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})


@dataclass(slots=True)
class WordCell:
    """A cell: 0-based row and column, spans, its ``tc`` element, and its printed row and number there (1-based)."""

    row: int
    col: int
    rows: int
    cols: int
    element: Any
    number: int
    under: list[Any] = field(default_factory=list)


def unwrapped(element: Any, *kinds: str) -> Iterator[Any]:
    """The children of some kinds, those inside content controls and insertions too, in order."""
    for child in element:
        kind = local(child)
        if kind in kinds:
            yield child
        elif kind in _WRAPPERS:
            yield from unwrapped(child, *kinds)


def cells_of(table: Any) -> tuple[list[WordCell], int]:
    """The cells of a ``tbl`` in reading order, and its number of rows; deleted rows are left out.

    >>> from lxml import etree
    >>> cells, rows = cells_of(etree.fromstring(
    ...     "<tbl><tr><tc><tcPr><vMerge val='restart'/></tcPr></tc><tc><tcPr><gridSpan val='2'/></tcPr></tc></tr>"
    ...     "<tr><tc><tcPr><vMerge/></tcPr></tc><tc/><tc/></tr></tbl>"))
    >>> [(c.row, c.col, c.rows, c.cols) for c in cells], rows
    ([(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1)], 2)
    """
    made: list[WordCell] = []
    above: dict[int, WordCell] = {}  # by first column: cells that a vertical merge may lengthen
    rows = 0
    for tr in unwrapped(table, "tr"):
        marks = _properties(tr, "trPr")
        if "del" in marks:
            continue
        col = min(_number(marks.get("gridBefore"), 0), _WIDE)
        reaching: dict[int, WordCell] = {}
        last: WordCell | None = None
        for number, tc in enumerate(unwrapped(tr, "tc"), 1):
            last = _place(tc, (rows, col, number), above, reaching, last)
            if last.row == rows and last.element is tc:
                made.append(last)
            col = max(col, last.col + last.cols)
        above = reaching
        rows += 1
    return made, rows


def _place(
    tc: Any,
    at: tuple[int, int, int],
    above: dict[int, WordCell],
    reaching: dict[int, WordCell],
    last: WordCell | None,
) -> WordCell:
    row, col, number = at
    marks = _properties(tc, "tcPr")
    cols = max(1, min(_number(marks.get("gridSpan"), 1), _WIDE))
    if "hMerge" in marks and attribute(marks["hMerge"], "val", "continue") == "continue" and last is not None:
        last.cols += cols  # the horizontal merge of old files
        last.under.append(tc)
        return last
    merge = attribute(marks["vMerge"], "val", "continue") if "vMerge" in marks else ""
    over = above.get(col)
    if merge == "continue" and over is not None and over.cols == cols:
        over.rows += 1
        over.under.append(tc)
        reaching[col] = over
        return over
    cell = WordCell(row, col, 1, cols, tc, number)
    if merge:
        reaching[col] = cell
    return cell


def _properties(element: Any, name: str) -> dict[str, Any]:
    return {local(mark): mark for child in element if local(child) == name for mark in child}


def _number(element: Any, default: int) -> int:
    text = "" if element is None else attribute(element, "val")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default
