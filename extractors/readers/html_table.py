"""HTML tables to placed cells: spans honoured and bounded, nested tables apart, broken ones kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractors.errors import TooLarge
from extractors.grid import Doubt
from extractors.readers.cells import Builder, Placed
from extractors.readers.markup import BREAKS, Tag, Words, silence, tokens

_SPAN = re.compile(r"""(?:^|[\s"'/])(rowspan|colspan)\s*=\s*["']?\s*([+-]?\d{1,9})""", re.IGNORECASE)
_WIDE = 1000  # the widest colspan of the HTML standard, 4.9.11
_PLAUSIBLE = 64  # columns beyond this that no cell begins in are the echo of a made-up colspan


@dataclass(slots=True)
class _Cell:
    """A cell: once it has ended its own text, tables in it left out, and whether that is links alone."""

    line: int
    rows: int
    cols: int
    words: Words | None
    parts: tuple[Words | _Table, ...] = ()  # set apart by nested tables, in order
    text: str = ""
    leads_away: bool = False

    def end(self) -> None:
        """No more words will come; those of a plain cell are let go (a page may have a million)."""
        if self.words is not None:
            spoken = [part for part in (*self.parts, self.words) if isinstance(part, Words) and part.text()]
            self.text = "\n".join(part.text() for part in spoken)
            self.leads_away = all(part.leads_away for part in spoken)
            if not self.parts:
                self.words = None


@dataclass(slots=True)
class _Table:
    line: int
    rows: list[list[_Cell]] = field(default_factory=list)
    cell: _Cell | None = None
    in_row: bool = False
    before: list[tuple[str, int]] = field(default_factory=list)
    after: list[tuple[str, int]] = field(default_factory=list)
    nested: bool = False

    @property
    def words(self) -> Words | None:
        """Where a text goes now: into the open cell, if there is one."""
        return self.cell.words if self.cell is not None else None

    def end_cell(self) -> None:
        """The open cell ends."""
        if self.cell is not None:
            self.cell.end()
        self.cell = None


def add_tables(builder: Builder, html: str, line: int = 1, *, keep_lines: bool = True) -> None:
    """Add every table of a piece of HTML to the builder, in order of their opening.

    ``line`` is where the piece begins. Text in a table but in no cell (a caption, a stray word)
    becomes a text block: before the grid when it stands before the first row, else after it.
    A table in a cell becomes a grid of its own after the one around it; a table that only lays out a
    page (other tables inside, else hardly a row of two texts) is taken apart into its pieces, in order.
    """
    page = Walk(builder, keep_lines)
    for token in tokens(silence(html), line):
        page.take(token)
    page.close()


class Walk:
    """Takes the tokens of a page and gives the builder its paragraphs and tables."""

    def __init__(self, builder: Builder, keep_lines: bool) -> None:
        self._builder = builder
        self._keep_lines = keep_lines
        self._open: list[_Table] = []
        self._outer: _Table | None = None
        self._words = Words(keep_lines)
        self._words_line = 0
        self._cells = 0

    def take(self, token: Tag | tuple[str, int]) -> None:
        """Take one token."""
        if isinstance(token, Tag):
            self._tag(token)
        else:
            self._text(*token)

    def close(self) -> None:
        """The end of the text: what is open ends here."""
        while self._open:
            self._end_table()
        self._end_paragraph()

    def _tag(self, tag: Tag) -> None:
        name = tag.name
        if name == "table":
            self._table(tag)
        elif name in ("tr", "td", "th"):
            self._row_or_cell(tag)
        elif self._open and (words := self._open[-1].words) is not None:
            words.tag(tag)
        elif not self._open:
            if name in BREAKS:
                self._end_paragraph()
            else:
                self._words.tag(tag)

    def _table(self, tag: Tag) -> None:
        if tag.closing:
            if self._open:
                self._end_table()
            return
        if self._open and self._open[-1].cell is None:
            self._end_table()  # a table cannot open between cells: the last one was never closed
        if not self._open:
            self._end_paragraph()
        if len(self._open) >= self._builder.source.limits.max_nesting:
            raise TooLarge(f"{self._builder.source.name}: tables nested deeper than {len(self._open)}")
        table = _Table(tag.line)
        if self._open and (cell := self._open[-1].cell) is not None:
            self._open[-1].nested = True
            cell.parts += (*([cell.words] if cell.words else ()), table)
            cell.words = Words(self._keep_lines)
        else:
            self._outer = table
        self._open.append(table)

    def _row_or_cell(self, tag: Tag) -> None:
        if not self._open:
            if tag.closing:
                return
            self._table(Tag("table", False, "", tag.line))  # rows whose <table> was never printed
        table = self._open[-1]
        table.end_cell()
        if tag.name == "tr":
            table.in_row = not tag.closing
            if table.in_row:
                table.rows.append([])
        elif not tag.closing:
            if not table.in_row:
                table.rows.append([])
                table.in_row = True
            rows, cols = _spans(tag.attrs)
            self._cells += 1
            if self._cells > self._builder.source.limits.max_cells:
                raise TooLarge(f"{self._builder.source.name}: more than {self._cells - 1} cells")
            table.cell = _Cell(tag.line, rows, cols, Words(self._keep_lines))
            table.rows[-1].append(table.cell)

    def _text(self, piece: str, line: int) -> None:
        if not self._open:
            if not self._words_line and piece.strip():
                self._words_line = line + piece[: len(piece) - len(piece.lstrip())].count("\n")
            self._words.add(piece)
            return
        table = self._open[-1]
        if (words := table.words) is not None:
            words.add(piece)
        elif piece.strip():
            (table.after if table.rows else table.before).append((piece, line))

    def _end_paragraph(self) -> None:
        if text := self._words.text():
            self._builder.text(text, self._words_line)
        self._words = Words(self._keep_lines)
        self._words_line = 0

    def _end_table(self) -> None:
        self._open.pop().end_cell()
        if not self._open and self._outer is not None:
            _emit(self._builder, self._outer)
            self._outer = None


def _spans(attrs: str) -> tuple[int, int]:
    """Rows and columns of a cell; 0 rows mean all that follow (HTML 4.9.11), nonsense means 1."""
    rows = cols = 1
    if "span" in attrs.lower():
        for name, number in _SPAN.findall(attrs):
            if name.lower() == "rowspan":
                rows = max(int(number), 0) if int(number) >= 0 else 1
            else:
                cols = max(int(number), 1)
    return rows, cols


def _emit(builder: Builder, table: _Table) -> None:
    for text, line in table.before:
        builder.text(text, line)
    if table.nested and _is_layout(table):
        for cell in (cell for row in table.rows for cell in row):
            _emit_pieces(builder, cell)
    else:
        _emit_grid(builder, table)
        for inner in (part for row in table.rows for cell in row for part in cell.parts):
            if isinstance(inner, _Table):
                _emit(builder, inner)
    for text, line in table.after:
        builder.text(text, line)


def _is_layout(table: _Table) -> bool:
    """Whether most rows of a table with tables inside hold one text at most: it arranges, it does not say."""
    plain = [row for row in table.rows if not any(cell.parts for cell in row)]
    wordy = sum(sum(1 for cell in row if cell.text) > 1 for row in plain)
    around = sum(
        any(cell.parts for cell in row) and sum(1 for cell in row if cell.text) > 0 for row in table.rows
    )
    return wordy * 2 <= len(plain) and (wordy == 0 or around == 0)


def _is_furniture(table: _Table) -> bool:
    """Whether a table of a page says nothing across: no row has two texts, or what it prints are links."""
    rows = [[c.leads_away for c in row if any(map(str.isalnum, c.text))] for row in table.rows]
    away, all_of_them = sum(sum(row) for row in rows), sum(len(row) for row in rows)
    return all(len(row) < 2 for row in rows) or away * 5 >= all_of_them * 4


def _emit_pieces(builder: Builder, cell: _Cell) -> None:
    pieces = (*cell.parts, *([cell.words] if cell.words else ())) if cell.parts else (cell.text,)
    for part in pieces:
        if isinstance(part, _Table):
            _emit(builder, part)
        else:
            for line in (part if isinstance(part, str) else part.text()).split("\n"):
                builder.text(line, cell.line)


def _emit_grid(builder: Builder, table: _Table) -> None:
    placed, clamped, squeezed = _place(table, builder)
    if not placed or (table.nested and not any(cell.text for cell in placed)):
        return
    builder.placed(placed, len(table.rows), "html", says=not _is_furniture(table))
    for code, count in (("span_clamped", clamped), ("span_overlap", squeezed)):
        if count:
            builder.doubts.append(Doubt(code, data={"line": str(table.line), "count": str(count)}))


def _place(table: _Table, builder: Builder) -> tuple[list[Placed], int, int]:
    """Each cell at the first free column of its row; spans cut at the table's end and at other cells.

    Row groups (thead, tbody) do not cut a span: models put the first row of a two-row head in a
    thead of its own.
    """
    taken: dict[int, int] = {}  # column -> first row in which it is free again
    placed: list[Placed] = []
    clamped = squeezed = area = 0
    last = len(table.rows)
    for row, cells in enumerate(table.rows):
        col = 0
        for cell in cells:
            while taken.get(col, 0) > row:
                col += 1
            cols = min(cell.cols, _WIDE)
            rows = min(cell.rows or last, last - row)
            clamped += cell.rows > rows or cell.cols > cols
            width = next((k for k in range(cols) if taken.get(col + k, 0) > row), cols)
            squeezed += width < cols
            builder.check_area(area := area + rows * width)
            if rows > 1:
                taken.update(dict.fromkeys(range(col, col + width), row + rows))
            placed.append(Placed(row, col, rows, width, cell.text, cell.line))
            col += width
    return _trim(placed), clamped, squeezed


def _trim(placed: list[Placed]) -> list[Placed]:
    """Cut off columns beyond the plausible that no cell begins in (``colspan=1000`` for "all")."""
    widest = max((cell.col + cell.cols for cell in placed), default=0)
    if widest <= _PLAUSIBLE:
        return placed
    width = max(max(cell.col for cell in placed) + 1, min(_sane_width(placed), widest))
    return [
        Placed(c.row, c.col, c.rows, min(c.cols, width - c.col), c.text, c.line)
        if c.col + c.cols > width
        else c
        for c in placed
    ]


def _sane_width(placed: list[Placed]) -> int:
    return max((c.col + c.cols for c in placed if c.col + c.cols <= _PLAUSIBLE), default=1)
