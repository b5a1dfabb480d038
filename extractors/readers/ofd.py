"""OFD documents: text and lines of every page through the grid steps of the PDF path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.errors import TooLarge
from extractors.grid import Box, Document, Doubt, Locator, Page
from extractors.parts import Package
from extractors.readers.cells import Builder, Located
from extractors.source import SourceFile

if TYPE_CHECKING:
    from extractors.ofd.pages import DrawnPage
    from extractors.pdf.page import Table

_MEDIA_TYPE = "application/ofd"
_OUTLINED = 20  # bent shapes from which on a page without text is taken for outlines of glyphs


class Ofd:
    """Reads application/ofd; seals, annotations and pictures are not read, annotations with text are told."""

    name = "ofd"
    version = "2"
    media_types = frozenset({_MEDIA_TYPE})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: the content said it is OFD."""
        return 0.9 if source.data else 0.0

    def read(self, source: SourceFile) -> Document:
        """The grids and lines of all pages. Raises Damaged, Encrypted, TooLarge and Empty.

        Pages that are pictures or outlines of glyphs alone are marked ``needs_ocr``.
        """
        from extractors.ofd.pages import drawn_pages
        from extractors.pdf.limits import PageLimits

        builder = Builder(source, f"{self.name}/{self.version}")
        try:
            for number, page in enumerate(drawn_pages(Package(source), PageLimits().chars), 1):
                _page(builder, number, page)
        except TooLarge as error:
            raise TooLarge(str(error) if source.name in str(error) else f"{source.name}: {error}") from error
        _doubts(builder)
        return builder.document()


def _page(builder: Builder, number: int, page: DrawnPage) -> None:
    import numpy as np

    from extractors.pdf.blocks import Line, lines_outside
    from extractors.pdf.frame import Frame
    from extractors.pdf.limits import PageLimits, PageTooComplexError
    from extractors.pdf.page import find_lattices, tables_of
    from extractors.pdf.text import fold_radicals, without_twins

    scan = not page.content.codes and (page.content.images > 0 or page.content.curves >= _OUTLINED)
    builder.pages.append(Page(number, page.width, page.height, needs_ocr=scan))
    for what, count in (("composite object", page.content.skipped), ("annotation", page.notes)):
        if count:
            data = {"what": f"{what} on page {number}", "count": str(count)}
            builder.doubts.append(Doubt("unread_part", data=data))
    if not page.content.codes:
        return
    frame = Frame(page.width, page.height, 0, 0, 0.0, 0.0, page.width, page.height)
    every, aside = page.content.chars(), np.array(page.content.slanted)
    chars = fold_radicals(without_twins(every.take(~aside)))
    try:
        found, _, _ = find_lattices(chars, page.content.shapes(), frame, PageLimits())
    except PageTooComplexError as error:
        builder.doubts.append(Doubt("page_too_complex", data={"page": str(number), "why": str(error)}))
        return
    tables, outside = tables_of(chars, found, lambda _: False)
    things: list[tuple[float, float, Table | Line]] = []
    things += [(float(t.lattice.ys[0]), float(t.lattice.xs[0]), t) for t in tables]
    lines = lines_outside(outside, every.take(aside))
    things += [(page.height if t.slanted else t.box[1], t.box[0], t) for t in lines]
    for _, _, thing in sorted(things, key=lambda entry: entry[:2]):
        if isinstance(thing, Line):
            builder.block(thing.text, Locator(number, Box(*thing.box)), 1.0)
        else:
            _grid(builder, number, thing)


def _grid(builder: Builder, number: int, table: Table) -> None:
    cells = (
        Located(p.row, p.col, p.row_span, p.col_span, text, Locator(number, Box(*box)), 1.0)
        for p, box, text in zip(table.places, table.boxes.tolist(), table.texts, strict=True)
    )
    builder.located(cells, (table.rows, table.cols), table.lattice.how, number)


def _doubts(builder: Builder) -> None:
    scans = [f"{page.number}:picture" for page in builder.pages if page.needs_ocr]
    if scans:
        data = {"count": str(len(scans)), "of": str(len(builder.pages)), "pages": " ".join(scans[:50])}
        builder.doubts.append(Doubt("needs_ocr", data=data))


READER = Ofd()
