"""Images of pages: PNG, JPEG, TIFF (many pages), BMP, WebP, GIF."""

from __future__ import annotations

from extractors.errors import Empty
from extractors.grid import Document, Doubt
from extractors.imaging.decode import ImagePage, pages
from extractors.ocr.page import ReadPage, read_page
from extractors.ocr.rapidocr import RapidOcr, default_engine
from extractors.readers.scanned import ScanBuilder
from extractors.source import SourceFile


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
        engine = default_engine()
        reader = f"{self.name}/{self.version}"
        builder = ScanBuilder(source, f"{reader}+{engine.name}/{engine.version}")
        for number, page in enumerate(pages(source.data, source.name), 1):
            if isinstance(page, ImagePage):
                self._page(builder, engine, number, page)
            else:
                builder.doubts.append(Doubt(f"page_{page}", data={"page": str(number)}))
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

    def _page(self, builder: ScanBuilder, engine: RapidOcr, number: int, page: ImagePage) -> None:
        read: ReadPage = read_page(page.pixels, engine)
        height, width = page.pixels.shape[:2]
        builder.page(number, (width, height), page.dpi * page.reduced, read)


def _reasons(builder: ScanBuilder) -> str:
    codes = sorted({doubt.code for doubt in builder.doubts})
    return ", ".join(codes) or "no page"


READER = ImageReader()
