"""Building grids: rows of texts or placed cells into a Grid, with ids, within the limits.

A :class:`Builder` belongs to one document: it numbers the grids and blocks and counts the cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.errors import Empty, TooLarge
from extractors.grid import (
    Cell,
    Confidence,
    Document,
    Doubt,
    Grid,
    Locator,
    Page,
    TextBlock,
    cell_id,
    cell_id_base,
    item_id,
)
from extractors.source import SourceFile
from normalizers.frozen import maker

_UNMEASURED = Confidence()
_CELL, _LOCATOR = maker(Cell), maker(Locator)


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell whose place and spans are known: 0-based row and col, text, 1-based line."""

    row: int
    col: int
    rows: int
    cols: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Located:
    """A cell with its spans and its own address; ``read`` is the reader's measured certainty, if any."""

    row: int
    col: int
    rows: int
    cols: int
    text: str
    at: Locator
    read: float | None = None


class Builder:
    """Collects the items of one document in reading order.

    While ``stand`` is set, lines give no address: what is added stands there (a table given as HTML
    inside a record that has a page and a box), and was read with certainty ``certainty`` (of some texts
    with that in ``scores``).

    >>> builder = Builder(SourceFile.from_bytes(b"x", "x.txt"), "demo/1")
    >>> builder.rows([(1, ["a", " b "])], "tabs"); builder.document().grids[0].cells[1].text
    'b'
    """

    def __init__(self, source: SourceFile, reader: str) -> None:
        self.source = source
        self.reader = reader
        self.doubts: list[Doubt] = []
        self.stand: Locator | None = None
        self.certainty: float | None = None
        self.scores: dict[str, float] = {}
        self.pages: list[Page] = []
        self._items: list[Grid | TextBlock] = []
        self._says: dict[int, bool] = {}
        self._grids = 0
        self._cells = 0

    def text(self, text: str, line: int) -> None:
        """Add one line or paragraph outside any table; blank text is passed over."""
        self.block(text, self.stand or Locator(line=line), self.certainty)

    def block(self, text: str, at: Locator, read: float | None = None) -> None:
        """Add one paragraph outside any table, with its address; blank text is passed over."""
        text = text.strip()
        if text:
            self.check_area(1)
            self._cells += 1
            block = item_id(self.source.document_id, "b", len(self._items))
            self._items.append(TextBlock(block, text, at, _UNMEASURED if read is None else Confidence(read)))

    def located(
        self, cells: Iterable[Located], shape: tuple[int, int], notation: str, page: int | None = None
    ) -> tuple[Cell, ...]:
        """Add a grid of cells with addresses of their own, in reading order; gives them as built.

        ``shape`` is rows and columns of the whole grid; the cells may come one by one.
        """
        rows, cols = shape
        self.reserve(0, cols)
        base = self._base()
        made: list[Cell] = []
        for cell in cells:
            self.check_area(cell.rows * cell.cols)
            self._cells += cell.rows * cell.cols
            name = f"{(base + (cell.row << 16) + cell.col) & 0xFFFFFFFFFFFFFFFF:016x}"
            sure = _UNMEASURED if cell.read is None else Confidence(cell.read)
            text = cell.text.strip()
            made.append(_CELL(name, text, cell.row, cell.col, cell.rows, cell.cols, cell.at, sure, (), ()))
        grid = Grid(tuple(made), rows, cols, page, f"{self.reader}:{notation}")
        self._items.append(grid)
        return grid.cells

    def rows(self, rows: Sequence[tuple[int, Sequence[str]]], notation: str) -> None:
        """Add a grid of 1×1 cells from ``(line, texts)`` rows; ragged rows stay ragged."""
        if not rows:
            return
        width = max(len(texts) for _, texts in rows)
        self.reserve(sum(len(texts) for _, texts in rows), width)
        base = self._base()
        cells: list[Cell] = []
        append = cells.append
        for row, (line, texts) in enumerate(rows):
            at = _LOCATOR(None, None, None, None, line)
            start = base + (row << 16)
            for col, text in enumerate(texts):
                number = (start + col) & 0xFFFFFFFFFFFFFFFF
                append(_CELL(f"{number:016x}", text.strip(), row, col, 1, 1, at, _UNMEASURED, (), ()))
        self._items.append(Grid(tuple(cells), len(rows), width, None, f"{self.reader}:{notation}"))

    def placed(self, placed: Sequence[Placed], rows: int, notation: str, *, says: bool = True) -> None:
        """Add a grid of cells with spans, given in reading order; ``rows`` may exceed the last cell's.

        ``says`` is False for a table that may be mere furniture of a page (:meth:`without_furniture`).
        """
        width = max(cell.col + cell.cols for cell in placed)
        self.reserve(sum(cell.rows * cell.cols for cell in placed), width)
        base = self._base()
        cells = tuple(
            Cell(
                cell_id(base, cell.row, cell.col),
                cell.text,
                cell.row,
                cell.col,
                cell.rows,
                cell.cols,
                self.stand or Locator(line=cell.line),
                self._sure(cell.text),
            )
            for cell in placed
        )
        page = self.stand.page if self.stand else None
        self._says[len(self._items)] = says
        self._items.append(Grid(cells, rows, width, page, f"{self.reader}:{notation}"))

    def without_furniture(self) -> None:
        """Beside a table that says something, those that do not become the lines of text they are."""
        if not any(self._says.values()):
            return
        kept: list[Grid | TextBlock] = []
        for number, item in enumerate(self._items):
            if isinstance(item, Grid) and not self._says.get(number, True):
                lines = ((line, cell) for cell in item.cells if cell.text for line in cell.text.split("\n"))
                for part, (line, cell) in enumerate(lines):
                    block = item_id(self.source.document_id, "f", number, part)
                    kept.append(TextBlock(block, line, cell.at, cell.confidence))
            else:
                kept.append(item)
        self._items = kept

    def encoding(self, encoding: str, replaced: int, lost: int) -> None:
        """Note what decoding cost: ``damaged_bytes`` and ``lost_characters`` with their counts."""
        if replaced:
            data = {"count": str(replaced), "encoding": encoding}
            self.doubts.append(Doubt("damaged_bytes", data=data))
        if lost:
            self.doubts.append(Doubt("lost_characters", data={"count": str(lost)}))

    def cut_off(self) -> None:
        """Note that the end of the file is missing, which its format cannot lack."""
        data = {"what": "what followed the place where the file is cut off", "count": "1"}
        self.doubts.append(Doubt("unread_part", data=data))

    def reserve(self, cells: int, cols: int) -> None:
        """Count cells about to be built. Raises TooLarge."""
        self.check_area(cells)
        self._cells += cells
        limits = self.source.limits
        if cols > limits.max_cols:
            raise TooLarge(f"{self.source.name}: a table of {cols} columns, the limit is {limits.max_cols}")

    def check_area(self, cells: int) -> None:
        """Refuse so many more cells (or lines of text) before they are built. Raises TooLarge."""
        if self._cells + cells > self.source.limits.max_cells:
            raise TooLarge(f"{self.source.name}: more than {self.source.limits.max_cells} cells and lines")

    def document(self, encoding: str = "") -> Document:
        """The Document. Raises Empty when nothing at all was found in it."""
        if not self._items and not any(page.needs_ocr for page in self.pages):
            raise Empty(f"{self.source.name}: nothing but white space")
        source = self.source
        return Document(
            source.document_id,
            source.media_type,
            self.reader,
            tuple(self._items),
            tuple(self.pages),
            doubts=tuple(self.doubts),
            encoding=encoding,
        )

    def _sure(self, text: str) -> Confidence:
        sure = self.scores.get(text, self.certainty) if self.scores else self.certainty
        return _UNMEASURED if sure is None else Confidence(sure)

    def _base(self) -> int:
        base = cell_id_base(self.source.document_id, self._grids)
        self._grids += 1
        return base
