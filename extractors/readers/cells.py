"""Building grids: rows of texts or placed cells into a Grid, with ids, within the limits.

A :class:`Builder` belongs to one document: it numbers the grids and blocks and counts the cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.errors import Empty, TooLarge
from extractors.grid import (
    Cell,
    Confidence,
    Document,
    Doubt,
    Grid,
    Locator,
    TextBlock,
    cell_id,
    cell_id_base,
    item_id,
)
from extractors.source import SourceFile

_UNMEASURED = Confidence()


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell whose place and spans are known: 0-based row and col, text, 1-based line."""

    row: int
    col: int
    rows: int
    cols: int
    text: str
    line: int


class Builder:
    """Collects the items of one document in reading order.

    >>> builder = Builder(SourceFile.from_bytes(b"x", "x.txt"), "demo/1")
    >>> builder.rows([(1, ["a", " b "])], "tabs"); builder.document().grids[0].cells[1].text
    'b'
    """

    def __init__(self, source: SourceFile, reader: str) -> None:
        self.source = source
        self.reader = reader
        self.doubts: list[Doubt] = []
        self._items: list[Grid | TextBlock] = []
        self._grids = 0
        self._cells = 0

    def text(self, text: str, line: int) -> None:
        """Add one line or paragraph outside any table; blank text is passed over."""
        text = text.strip()
        if text:
            self.check_area(1)
            self._cells += 1
            block = item_id(self.source.document_id, "b", len(self._items))
            self._items.append(TextBlock(block, text, Locator(line=line), _UNMEASURED))

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
            at = Locator(None, None, None, None, line)
            start = base + (row << 16)
            for col, text in enumerate(texts):
                number = (start + col) & 0xFFFFFFFFFFFFFFFF
                append(Cell(f"{number:016x}", text.strip(), row, col, 1, 1, at, _UNMEASURED, (), ()))
        self._items.append(Grid(tuple(cells), len(rows), width, None, f"{self.reader}:{notation}"))

    def placed(self, placed: Sequence[Placed], rows: int, notation: str) -> None:
        """Add a grid of cells with spans, given in reading order; ``rows`` may exceed the last cell's."""
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
                Locator(line=cell.line),
                _UNMEASURED,
            )
            for cell in placed
        )
        self._items.append(Grid(cells, rows, width, None, f"{self.reader}:{notation}"))

    def encoding(self, encoding: str, replaced: int, lost: int) -> None:
        """Note what decoding cost: ``damaged_bytes`` and ``lost_characters`` with their counts."""
        if replaced:
            data = {"count": str(replaced), "encoding": encoding}
            self.doubts.append(Doubt("damaged_bytes", data=data))
        if lost:
            self.doubts.append(Doubt("lost_characters", data={"count": str(lost)}))

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
        if not self._items:
            raise Empty(f"{self.source.name}: nothing but white space")
        source = self.source
        return Document(
            source.document_id,
            source.media_type,
            self.reader,
            tuple(self._items),
            doubts=tuple(self.doubts),
            encoding=encoding,
        )

    def _base(self) -> int:
        base = cell_id_base(self.source.document_id, self._grids)
        self._grids += 1
        return base
