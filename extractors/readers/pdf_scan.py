"""Scanned pages of PDFs: those without a usable text layer are drawn and read by OCR."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from extractors.grid import Document, Grid, TextBlock
from extractors.source import SourceFile

if TYPE_CHECKING:
    from extractors.ocr.document import ScanBuilder


class PdfScan:
    """Reads a PDF with scanned pages; those that hold text are read as text, the rest by :meth:`complete`."""

    name = "pdf_scan"
    version = "1"
    media_types = frozenset({"application/pdf"})

    def bid(self, source: SourceFile) -> float:  # noqa: ARG002
        """Never for a whole file: pages come from the reader of text layers, see :meth:`complete`."""
        return 0.0

    def read(self, source: SourceFile, pages: Sequence[int] | None = None) -> Document:
        """The Document of the given pages (1-based; all when None), every one of them read by OCR.

        Raises Encrypted, Damaged and TooLarge; pages with nothing to read leave their doubts.
        """
        builder = self._scan(source, pages, 0)
        return Document(
            source.document_id,
            source.media_type,
            f"{self.name}/{self.version}",
            tuple(builder.items),
            tuple(builder.pages),
            tuple(builder.doubts),
        )

    def complete(self, source: SourceFile, document: Document) -> Document:
        """``document`` with its pages marked ``needs_ocr`` read; its doubt ``needs_ocr`` is answered."""
        wanted = [page.number for page in document.pages if page.needs_ocr]
        if not wanted:
            return document
        builder = self._scan(source, wanted, len(document.grids))
        kept = [item for item in document.items if _page(item) not in wanted]
        items = sorted([*kept, *builder.items], key=_page)  # stable: the order on a page stays
        read = {page.number: page for page in builder.pages}
        pages = tuple(
            replace(page, needs_ocr=False) if page.number in read else page for page in document.pages
        )
        doubts = tuple(doubt for doubt in document.doubts if doubt.code != "needs_ocr")
        return replace(
            document,
            reader=f"{document.reader}+{self.name}/{self.version}",
            items=tuple(items),
            pages=pages,
            doubts=(*doubts, *builder.doubts),
        )

    def _scan(self, source: SourceFile, pages: Sequence[int] | None, first_grid: int) -> ScanBuilder:
        # Here, not above: OpenCV and the OCR runtime are loaded for scans only.
        from extractors.imaging.render import pdf_pages
        from extractors.ocr.document import ScanBuilder, scan_origin
        from extractors.ocr.rapidocr import default_engine

        engine = default_engine()
        builder = ScanBuilder(source, scan_origin(f"{self.name}/{self.version}", engine), first_grid)
        for number, page in pdf_pages(source.data, source.name, pages):
            builder.picture(number, page, engine)
        return builder


def _page(item: Grid | TextBlock) -> int:
    return (item.page if isinstance(item, Grid) else item.at.page) or 0


READER = PdfScan()
