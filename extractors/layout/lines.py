"""A document as one run of lines: table rows and text blocks in reading order, cells with absolute rows.

Reading a form is easier on lines than on grids: a table cut by a blank line, by a page or by two
forms standing one under the other is still one run of lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extractors.grid import Cell, TextBlock
from extractors.layout.shapes import key_of
from normalizers.frozen import maker


@dataclass(frozen=True, slots=True)
class Spot:
    """A non-empty cell at its place: absolute line, half-open columns, half-open lines it covers.

    ``cell`` keeps the printed coordinates; ``line``/``col`` are those of the joined table. A text
    block inside a table becomes a spot at column 0 whose cell carries the block's id.
    """

    cell: Cell
    line: int
    col: int
    end: int
    last: int
    text: str
    key: str

    @property
    def id(self) -> str:
        """The id of the cell or block behind the spot."""
        return self.cell.id


@dataclass(frozen=True, slots=True)
class Line:
    """One table row or one text block. ``table`` numbers the joined tables, -1 for a block."""

    no: int
    spots: tuple[Spot, ...]
    block: TextBlock | None = None
    table: int = -1
    page: int | None = None
    covered: tuple[Spot, ...] = ()
    spanned: bool = False
    dropped: str = ""


_SPOT = maker(Spot)


def spot_of(cell: Cell, line: int, col: int | None = None, end: int | None = None) -> Spot:
    """A cell as a spot on ``line``; columns default to the cell's own."""
    start = cell.col if col is None else col
    stop = start + cell.col_span if end is None else end
    return _SPOT(
        cell, line, start, max(stop, start + 1), line + cell.row_span, cell.text.strip(), key_of(cell.text)
    )


def block_spot(block: TextBlock, line: int) -> Spot:
    """A text block as a spot at column 0, for lines of a table that lost their separators."""
    cell = Cell(block.id, block.text, -1, 0, 1, 1, block.at, block.confidence)
    return spot_of(cell, line)


def cover(lines: Iterable[Line]) -> list[Line]:
    """Give every line the spots of earlier lines whose row span reaches it."""
    reaching: list[Spot] = []
    covered: list[Line] = []
    for line in lines:
        reaching = [spot for spot in reaching if spot.last > line.no]
        if reaching and line.block is None:
            line = Line(
                line.no, line.spots, None, line.table, line.page, tuple(reaching), line.spanned, line.dropped
            )
        covered.append(line)
        reaching += [spot for spot in line.spots if spot.last > line.no + 1]
    return covered
