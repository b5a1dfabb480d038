"""Images of pages: PNG, JPEG, TIFF (many pages), BMP, WebP, GIF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.errors import Damaged, Empty
from extractors.grid import Document
from extractors.source import SourceFile

if TYPE_CHECKING:
    from extractors.ocr.document import ScanBuilder


class ImageReader:
    """Reads each page of an image file by OCR; boxes are points of the page as displayed (EXIF turned)."""

    name = "image"
    version = "1"
    media_types = frozenset({"image/png", "image/jpeg", "image/tiff", "image/bmp", "image/webp", "image/gif"})

    def bid(self, source: SourceFile) -> float:
        """Images are this reader's alone."""
        return 0.9 if source.media_type in self.media_types else 0.0

    def read(self, source: SourceFile) -> Document:
        """The Document, one grid per table and page.

        Raises Damaged, TooLarge, and Empty when no page holds anything to read.
        """
        # Here, not above: OpenCV and the OCR runtime are loaded for scans only.
        from extractors.imaging.decode import pages
        from extractors.ocr.document import ScanBuilder, scan_origin
        from extractors.ocr.rapidocr import default_engine

        engine = default_engine()
        reader = f"{self.name}/{self.version}"
        builder = ScanBuilder(source, scan_origin(reader, engine))
        for number, page in enumerate(pages(source.data, source.name), 1):
            builder.picture(number, page, engine)
        if not builder.items and all(doubt.code == "page_broken" for doubt in builder.doubts):
            raise Damaged(f"{source.name}: no page of the image can be read")
        if not builder.items:
            raise Empty(f"{source.name}: nothing to read on any page ({_reasons(builder)})")
        return Document(
            source.document_id,
            source.media_type,
            reader,
            tuple(builder.items),
            tuple(builder.pages),
            tuple(builder.doubts),
        )


def _reasons(builder: ScanBuilder) -> str:
    codes = sorted({doubt.code for doubt in builder.doubts})
    return ", ".join(codes) or "no text found"


READER = ImageReader()
