"""What a reader gives back: cells with spans and an address, grids of them, text around them.

Every object is frozen. A :class:`Cell` is born in a reader with its :class:`Locator` and never
loses it; later repairs add marks, never coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points from the page's top left **as displayed**: x grows right, y grows down."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Locator:
    """Where something stands in the source: page and box, or sheet and ref, or line (all 1-based)."""

    page: int | None = None
    box: Box | None = None
    sheet: str | None = None
    ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure a reading is, 0…1; None means not measured, which is not 1."""

    read: float | None = None
    structure: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as printed: raw text, 0-based place in its grid, spans, address.

    ``inferred`` holds marks of repairs (``filled``, ``shifted``, ``split``, ``joined``);
    ``more_at`` the further places of a cell that was cut in two by a page break.
    """

    id: str
    text: str
    row: int
    col: int
    row_span: int
    col_span: int
    at: Locator
    confidence: Confidence = Confidence()
    inferred: tuple[str, ...] = ()
    more_at: tuple[Locator, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """One table as printed on one page (or one block of lines): its cells in reading order, empty ones included."""

    cells: tuple[Cell, ...]
    rows: int
    cols: int
    page: int | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph or line outside any table (title, year, 单位：万元, notes), with its place.

    ``origin`` names reader and engine where they are not those of the document.
    """

    id: str
    text: str
    at: Locator
    confidence: Confidence = Confidence()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reader's or layout's doubt about its own work; the pipeline turns it into a published issue.

    ``code`` is registered in ``pipeline/issues.yaml``; ``data`` fills the sentence registered there.
    """

    code: str
    cell_ids: tuple[str, ...] = ()
    row_no: int | None = None
    data: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One displayed page: 1-based number, size in points, and whether it must be read by OCR first."""

    number: int
    width: float
    height: float
    needs_ocr: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One read source file: its grids and text blocks **in reading order**, and the reader's doubts.

    ``encoding`` names the codec a text source was decoded with, empty for other sources.
    """

    document_id: str
    media_type: str
    reader: str
    items: tuple[Grid | TextBlock, ...]
    pages: tuple[Page, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    encoding: str = ""

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The grids alone, in reading order."""
        return tuple(item for item in self.items if isinstance(item, Grid))

    @property
    def blocks(self) -> tuple[TextBlock, ...]:
        """The text blocks alone, in reading order."""
        return tuple(item for item in self.items if isinstance(item, TextBlock))


def item_id(document_id: str, *place: object) -> str:
    """The id of a cell or block: a 16-digit hex digest of the source's digest and its place there.

    ``place`` is whatever makes it unique in the document, e.g. ``("g", grid_no, row, col)``.

    >>> item_id("ab" * 32, "g", 0, 1, 2) == item_id("ab" * 32, "g", 0, 1, 2)
    True
    """
    return blake2b(f"{document_id}|{'|'.join(map(str, place))}".encode(), digest_size=8).hexdigest()


def cell_id_base(document_id: str, grid_no: int) -> int:
    """The number that the cell ids of one grid start from: one digest a grid instead of one a cell.

    The id of the cell at (row, col) is ``base + (row << 16) + col`` modulo 2**64 as 16 hex digits.
    Places differ within a grid, and grids start at random numbers, so two cells collide no
    likelier than two random 64-bit digests. Columns must stay below 65536.

    >>> cell_id(cell_id_base("ab" * 32, 0), 1, 2) == cell_id(cell_id_base("ab" * 32, 0) + 2, 1, 0)
    True
    """
    return int(item_id(document_id, "g", grid_no), 16)


def cell_id(base: int, row: int, col: int) -> str:
    """The 16-digit id of a cell from the number of its grid (:func:`cell_id_base`) and its place.

    >>> cell_id(0, 1, 2)
    '0000000000010002'
    """
    return f"{(base + (row << 16) + col) & 0xFFFFFFFFFFFFFFFF:016x}"
