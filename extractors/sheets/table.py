"""A sheet to grids: merged ranges, blank rows between tables, hidden content marked, A1 addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractors.errors import TooLarge
from extractors.grid import Cell, Doubt, Locator
from extractors.readers.cells import Builder, Located

_APART = 3  # blank rows that no merged range crosses part two tables of a sheet
_NAMED = 100  # cells that one doubt names; its data has the whole count
_SHOWN_REFS = 20


@dataclass(slots=True)
class Sheet:
    """What a spreadsheet reader found on one sheet; rows and columns 0-based, ranges inclusive.

    ``rows`` holds ``(row, [(col, text)])`` of the cells with text, in order; ``merges`` are
    (first row, first col, last row, last col). ``state`` says how the whole sheet is hidden, if it is;
    ``masked`` are cells whose format shows nothing of their value, ``uncached`` formulas without a value.
    """

    name: str
    rows: list[tuple[int, list[tuple[int, str]]]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: list[tuple[int, int]] = field(default_factory=list)
    state: str = ""
    masked: set[tuple[int, int]] = field(default_factory=set)
    uncached: list[tuple[int, int]] = field(default_factory=list)


def letters(col: int) -> str:
    """The letters of a 0-based column.

    >>> letters(0), letters(26), letters(16383)
    ('A', 'AA', 'XFD')
    """
    name = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        name = chr(65 + rest) + name
    return name


def reference(row: int, col: int) -> str:
    """The A1 address of a 0-based cell.

    >>> reference(2, 1)
    'B3'
    """
    return f"{letters(col)}{row + 1}"


def place(ref: str) -> tuple[int, int] | None:
    """Row and column (0-based) of an A1 address, None when it is none.

    >>> place("B3"), place("$AA$10"), place("3B")
    ((2, 1), (9, 26), None)
    """
    ref = ref.replace("$", "")
    name = ref.rstrip("0123456789")
    digits = ref[len(name) :]
    if not digits or not 1 <= len(name) <= 3 or not (name.isascii() and name.isalpha()) or len(digits) > 7:
        return None
    col = 0
    for letter in name.upper():
        col = col * 26 + ord(letter) - 64
    return (int(digits) - 1, col - 1) if int(digits) else None


def merged(ref: str) -> tuple[int, int, int, int] | None:
    """The corners of an A1 range, None when it is none or a single cell.

    >>> merged("A1:C2"), merged("A1")
    ((0, 0, 1, 2), None)
    """
    first, _, last = ref.partition(":")
    start, end = place(first), place(last or first)
    if start is None or end is None or start == end:
        return None
    rows, cols = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return rows[0], cols[0], rows[1], cols[1]


def add_sheet(builder: Builder, sheet: Sheet) -> None:
    """Add the tables of one sheet to the builder, and what is to be doubted about them.

    A sheet is one grid over its used range, unless blank rows part it. Empty cells of the range are
    cells too; of a range larger than the limit only the cells with text are. Raises TooLarge.
    """
    hidden: list[str] = []
    bare: list[str] = []
    covered: list[str] = []
    for part, merges in _parts(sheet):
        _add_part(builder, sheet, part, merges, (hidden, bare, covered))
    if hidden:
        _doubt(builder, "hidden_cells", sheet, hidden, what=_hidden_what(sheet))
    if sheet.uncached:
        where = " ".join(reference(*spot) for spot in sheet.uncached[:_SHOWN_REFS])
        _doubt(builder, "no_cached_value", sheet, bare, len(sheet.uncached), where=where)
    if covered:
        _doubt(builder, "covered_text", sheet, [], len(covered), where=" ".join(covered[:_SHOWN_REFS]))


def _doubt(builder: Builder, code: str, sheet: Sheet, ids: list[str], count: int = 0, **data: str) -> None:
    told = {"sheet": sheet.name, "count": str(count or len(ids)), **data}
    builder.doubts.append(Doubt(code, tuple(ids[:_NAMED]), data=told))


def _hidden_what(sheet: Sheet) -> str:
    kinds = ("sheet", sheet.state), ("rows", sheet.hidden_rows), ("cols", sheet.hidden_cols)
    return " ".join([kind for kind, there in kinds if there] + (["format"] if sheet.masked else []))


_Part = list[tuple[int, list[tuple[int, str]]]]
_Range = tuple[int, int, int, int]
_Told = tuple[list[str], list[str], list[str]]  # ids of hidden cells, ids without a value, covered addresses


def _parts(sheet: Sheet) -> Iterator[tuple[_Part, list[_Range]]]:
    """The tables of a sheet: rows with text, cut where blank rows part them; the merged ranges of each."""
    rows = [(row, cells) for row, cells in sheet.rows if cells]
    by_row = sorted(sheet.merges)
    at = reach = 0
    part: _Part = []
    start = 0
    for row, cells in rows:
        while at < len(by_row) and by_row[at][0] < row:
            reach = max(reach, by_row[at][2])
            at += 1
        if part and row - part[-1][0] > _APART and reach < row:
            yield part, [m for m in by_row[start:at] if m[2] >= part[0][0]]
            part, start = [], at
        part.append((row, cells))
    if part:
        yield part, [m for m in by_row[start:] if m[0] <= part[-1][0] and m[2] >= part[0][0]]


def _add_part(builder: Builder, sheet: Sheet, part: _Part, merges: list[_Range], told: _Told) -> None:
    top, bottom = part[0][0], part[-1][0]
    left = min(cells[0][0] for _, cells in part)
    right = max(cells[-1][0] for _, cells in part)
    used = (top, left, bottom, right)
    spans, under = _spans(builder, merges, used)
    made = builder.located(
        _located(builder, sheet.name, part, used, spans, under, told[2]),
        (bottom - top + 1, right - left + 1),
        "sheet",
    )
    _mark(sheet, made, top, left, told)


def _located(
    builder: Builder,
    name: str,
    part: _Part,
    used: _Range,
    spans: dict[tuple[int, int], tuple[int, int]],
    under: set[tuple[int, int]],
    covered: list[str],
) -> Iterator[Located]:
    top, left, bottom, right = used
    dense = (bottom - top + 1) * (right - left + 1) <= builder.source.limits.max_cells
    names = {
        col: letters(col) for col in (range(left, right + 1) if dense else {c for _, r in part for c, _ in r})
    }
    texts = dict(part)
    for row in range(top, bottom + 1) if dense else texts:
        line = dict(texts.get(row, ()))
        for col in range(left, right + 1) if dense else line:
            text = line.get(col, "")
            if (row, col) in under:
                if text:
                    covered.append(reference(row, col))
                continue
            rows, cols = spans.get((row, col), (1, 1))
            at = Locator(None, None, name, f"{names[col]}{row + 1}")
            yield Located(row - top, col - left, rows, cols, text, at)


def _mark(sheet: Sheet, made: Sequence[Cell], top: int, left: int, told: _Told) -> None:
    uncached = set(sheet.uncached)
    columns = {col for first, last in sheet.hidden_cols for col in range(first, min(last, 16_383) + 1)}
    if not (sheet.state or columns or sheet.hidden_rows or sheet.masked or uncached):
        return
    for cell in made:
        row, col = cell.row + top, cell.col + left
        if cell.text and (
            sheet.state or row in sheet.hidden_rows or col in columns or (row, col) in sheet.masked
        ):
            told[0].append(cell.id)
        if (row, col) in uncached:
            told[1].append(cell.id)


def _spans(
    builder: Builder, merges: list[_Range], used: _Range
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Rows and columns of the merged cells by their first cell, within the used range; all places under them."""
    top, left, bottom, right = used
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    under: set[tuple[int, int]] = set()
    for r0, c0, r1, c1 in merges:
        if r0 < top or c0 < left or c0 > right or (r0, c0) in under:
            continue  # it begins where nothing is printed, or under another one
        last_row, last_col = min(r1, bottom), min(c1, right)
        if (last_row - r0 + 1) * (last_col - c0 + 1) + len(under) > builder.source.limits.max_cells:
            raise TooLarge(
                f"{builder.source.name}: merged ranges beyond {builder.source.limits.max_cells} cells"
            )
        spans[r0, c0] = (last_row - r0 + 1, last_col - c0 + 1)
        under.update(
            (r, c) for r in range(r0, last_row + 1) for c in range(c0, last_col + 1) if (r, c) != (r0, c0)
        )
    return spans, under
