"""HTML pages: tables as grids, paragraphs as text blocks; nothing is fetched, nothing is run."""

from __future__ import annotations

import re

from extractors.grid import Document
from extractors.readers.cells import Builder
from extractors.readers.encoding import decode
from extractors.readers.html_table import add_tables
from extractors.source import SourceFile

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE)


class Html:
    """Reads text/html with the tag scanner of ``markup``."""

    name = "html"
    version = "1"
    media_types = frozenset({"text/html"})

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: a page holds at least one tag."""
        return 0.8 if b"<" in source.data or b"\x00" in source.data else 0.1

    def read(self, source: SourceFile) -> Document:
        """All tables and paragraphs of the page in order. Raises TooLarge and Empty."""
        # The first 1024 bytes are where the HTML standard looks (13.2.3.2); real pages are laxer.
        declared = _CHARSET.search(source.data[:4096])
        decoded = decode(source.data, declared[1].decode("ascii") if declared else None)
        builder = Builder(source, f"{self.name}/{self.version}")
        builder.encoding(decoded.encoding, decoded.replaced, decoded.lost)
        add_tables(builder, decoded.text, keep_lines=False)
        return builder.document(decoded.encoding)


READER = Html()
