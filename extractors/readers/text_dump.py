"""Plain text with tables in it: tab-separated dumps, OCR output, many forms in one file."""

from __future__ import annotations

from extractors.grid import Document
from extractors.readers.weave import weave
from extractors.source import SourceFile


class TextDump:
    """Reads plain text; other kinds of text only when no reader of their own wants them."""

    name = "text_dump"
    version = "2"
    media_types = frozenset({"text/plain", "text/markdown", "text/csv", "text/tab-separated-values"})

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: plain text is its own kind."""
        return 0.5 if source.media_type == "text/plain" else 0.1

    def read(self, source: SourceFile) -> Document:
        """Runs of tabbed (piped, boxed, aligned) lines and HTML tables are grids, other lines text blocks."""
        return weave(source, f"{self.name}/{self.version}")


READER = TextDump()
