"""HTML pages: tables as grids, paragraphs as text blocks; nothing is fetched, nothing is run."""

from __future__ import annotations

from extractors.grid import Document
from extractors.readers.cells import Builder
from extractors.readers.html_page import read_page
from extractors.source import SourceFile


class Html:
    """Reads text/html with the tag scanner of ``markup``."""

    name = "html"
    version = "3"
    media_types = frozenset({"text/html"})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: a page holds at least one tag."""
        return 0.8 if b"<" in source.data or b"\x00" in source.data else 0.1

    def read(self, source: SourceFile) -> Document:
        """All tables and paragraphs of the page in order. Raises TooLarge and Empty."""
        builder = Builder(source, f"{self.name}/{self.version}")
        return builder.document(read_page(builder, source.data))


READER = Html()
