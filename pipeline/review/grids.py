"""The source of a form that has no pages to draw: its cells as the table they stood in, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
_WIDEST = 60  # columns shown of one table; wider ones are cut with a word about it
_ROW = re.compile(r"(\d+)(?:c\d+)?$")


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of a drawn table; ``cell_id`` is empty for a place where nothing is printed."""

    cell_id: str = ""
    text: str = ""
    row_span: int = 1
    col_span: int = 1


@dataclass(slots=True)
class Line:
    """One row of a drawn table: what it is called in the source, and its places."""

    mark: str
    places: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A table, or one line of text outside tables (``text`` set, ``lines`` empty)."""

    name: str = ""
    text: Place | None = None
    mark: str = ""
    lines: list[Line] = field(default_factory=list)


def blocks(cells: Iterable[Row]) -> Iterator[Block]:
    """The blocks of a form, in published order; ``cells`` are rows of the table ``cells``.

    >>> said = {"sheet": None, "ref": None, "line": 3, "page": None, "row_span": 1, "col_span": 1}
    >>> cells = [{**said, "cell_id": c, "text": c, "row": 0, "col": n} for n, c in enumerate("ab")]
    >>> [[p.text for p in line.places] for block in blocks(cells) for line in block.lines]
    [['a', 'b']]
    """
    ordered = sorted(cells, key=_printed)
    table: list[Row] = []
    for cell in ordered:
        if table and (cell["row"] is None or _breaks(table[-1], cell)):
            yield _table(table)
            table = []
        if cell["row"] is None:
            yield Block(text=Place(cell["cell_id"], cell["text"]), mark=_mark(cell), name=cell["sheet"] or "")
        else:
            table.append(cell)
    if table:
        yield _table(table)


def _printed(cell: Row) -> tuple[str, int]:
    """By sheet, then by line: text between tables stands where it was printed. Sorting keeps what is equal."""
    return (cell["sheet"] or "", cell["line"] or _ref_row(cell) if cell["sheet"] else cell["line"] or 0)


def _ref_row(cell: Row) -> int:
    found = _ROW.search(cell["ref"] or "")
    return int(found.group(1)) if found else 0


def _breaks(last: Row, cell: Row) -> bool:
    """Whether a cell begins another table: another sheet, or a place before the last one."""
    return cell["sheet"] != last["sheet"] or (cell["row"], cell["col"]) <= (last["row"], last["col"])


def _mark(cell: Row) -> str:
    if cell["line"] is not None:
        return str(cell["line"])
    found = _ROW.search(cell["ref"] or "")
    return found.group(1) if found else ""


def _table(cells: list[Row]) -> Block:
    block = Block(name=cells[0]["sheet"] or "")
    width = min(_WIDEST, max(c["col"] + (c["col_span"] or 1) for c in cells))
    first = min(c["row"] for c in cells)
    taken: dict[tuple[int, int], bool] = {}
    by_row: dict[int, list[Row]] = {}
    for cell in cells:
        by_row.setdefault(cell["row"], []).append(cell)
    last = max(by_row)
    for row in range(first, last + 1):
        here = by_row.get(row, [])
        if not here and not any((row, col) in taken for col in range(width)):
            continue  # nothing is printed in this row
        line = Line(_mark(here[0]) if here else "")
        _fill(line, row, {c["col"]: c for c in here}, width, taken, last)
        block.lines.append(line)
    return block


def _fill(
    line: Line, row: int, here: dict[int, Row], width: int, taken: dict[tuple[int, int], bool], last: int
) -> None:
    for col in range(width):
        cell = here.get(col)
        if (row, col) in taken:
            continue
        if cell is None:
            line.places.append(Place())
            continue
        rows = min(cell["row_span"] or 1, last - row + 1)
        cols = _free(row, col, min(cell["col_span"] or 1, width - col), here, taken)
        taken.update(((row + r, col + c), True) for r in range(rows) for c in range(cols) if r or c)
        line.places.append(Place(cell["cell_id"], cell["text"], rows, cols))


def _free(row: int, col: int, span: int, here: dict[int, Row], taken: dict[tuple[int, int], bool]) -> int:
    """How many of a cell's columns nothing else stands in."""
    for c in range(1, span):
        if col + c in here or (row, col + c) in taken:
            return c
    return span
