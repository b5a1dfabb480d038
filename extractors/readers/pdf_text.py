"""Born-digital PDF: ruling lines, fills and characters straight from pdfium."""

from __future__ import annotations

from extractors.grid import Document
from extractors.source import SourceFile


class PdfText:
    """Reads application/pdf. Pages that hold no usable text are marked ``needs_ocr``, not read."""

    name = "pdf_text"
    version = "1"
    media_types = frozenset({"application/pdf"})

    def bid(self, source: SourceFile) -> float:
        """Every PDF; a reader of scans must bid higher for the pages it can read."""
        return 0.8 if b"%PDF-" in source.data[:1024] else 0.3

    def read(self, source: SourceFile) -> Document:
        """The grids and text of all pages. Raises Encrypted and Damaged."""
        from extractors.pdf.document import read_document

        return read_document(source, f"{self.name}/{self.version}")


READER = PdfText()
