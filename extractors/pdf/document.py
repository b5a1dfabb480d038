"""From page traces to the Document: grids and text in reading order, doubts, pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from extractors.grid import Cell, Confidence, Document, Doubt, Grid, Locator, Page, TextBlock, item_id
from extractors.pdf import pdfium
from extractors.pdf.limits import PageLimits, PageTooComplexError
from extractors.pdf.page import PageTrace, Table, read_page
from extractors.source import SourceFile

# How far the structure is to be trusted, by what it was made of.
STRUCTURE = {"rules": 0.99, "fills": 0.97, "columns": 0.85, "text": 0.7}


@dataclass(slots=True)
class _Book:
    source: SourceFile
    origin: str
    items: list[Grid | TextBlock] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    scans: list[str] = field(default_factory=list)
    grids: int = 0


def _grid(book: _Book, table: Table, trace: PageTrace) -> Grid:
    number, display = trace.number, trace.frame.display
    name, grid_no = book.source.document_id, book.grids
    book.grids += 1
    confidence = Confidence(1.0, STRUCTURE[table.lattice.how])
    cells = tuple(
        Cell(
            item_id(name, "g", grid_no, place.row, place.col),
            text,
            place.row,
            place.col,
            place.row_span,
            place.col_span,
            Locator(number, display(*box)),
            confidence,
        )
        for place, box, text in zip(table.places, table.boxes.tolist(), table.texts, strict=True)
    )
    return Grid(cells, table.rows, table.cols, number, f"{book.origin}:{table.lattice.how}")


def page_items(book: _Book, trace: PageTrace) -> Iterator[Grid | TextBlock]:
    """Grids and lines of one page from the top; watermarks last."""
    things: list[tuple[bool, float, float, Table | int]] = []
    things += [(False, float(t.lattice.ys[0]), float(t.lattice.xs[0]), t) for t in trace.tables]
    things += [(line.slanted, line.box[1], line.box[0], k) for k, line in enumerate(trace.lines)]
    for _, _, _, thing in sorted(things, key=lambda entry: entry[:3]):
        if isinstance(thing, Table):
            yield _grid(book, thing, trace)
            continue
        line = trace.lines[thing]
        place = Locator(trace.number, trace.frame.display(*line.box))
        name = item_id(book.source.document_id, "p", trace.number, thing)
        yield TextBlock(name, line.text, place, Confidence(1.0))


def _page(book: _Book, handle: int, number: int, limits: PageLimits) -> None:
    width, height = pdfium.page_width(handle), pdfium.page_height(handle)
    try:
        trace = read_page(handle, number, limits)
    except PageTooComplexError as error:
        book.pages.append(Page(number, width, height))
        book.doubts.append(Doubt("page_too_complex", data={"page": str(number), "why": str(error)}))
        return
    book.pages.append(Page(number, width, height, needs_ocr=trace.layer.needs_ocr))
    if trace.layer.needs_ocr:
        book.scans.append(f"{number}:{trace.layer.why}")
    book.items.extend(page_items(book, trace))


def read_document(source: SourceFile, reader: str, limits: PageLimits | None = None) -> Document:
    """Read all pages of a PDF. ``reader`` is the published name/version.

    Pages that must be read by OCR are marked and counted in one doubt ``needs_ocr``; a page beyond
    the limits gets a doubt ``page_too_complex``, one that does not load ``page_damaged``.
    Raises Encrypted and Damaged.
    """
    limits = limits or PageLimits()
    book = _Book(source, reader)
    with pdfium.PdfFile(source.data, source.name) as pdf:
        count = pdf.pages_checked()
        for index in range(count):
            with pdf.page(index) as handle:
                if handle:
                    _page(book, handle, index + 1, limits)
                else:
                    book.pages.append(Page(index + 1, 0.0, 0.0))
                    book.doubts.append(Doubt("page_damaged", data={"page": str(index + 1)}))
    if book.scans:
        data = {"count": str(len(book.scans)), "of": str(count), "pages": " ".join(book.scans[:50])}
        book.doubts.append(Doubt("needs_ocr", data=data))
    return Document(
        source.document_id,
        source.media_type,
        reader,
        tuple(book.items),
        tuple(book.pages),
        tuple(book.doubts),
    )
