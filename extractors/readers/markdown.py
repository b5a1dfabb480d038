"""Markdown: pipe tables, HTML tables and the text between, headings without their marks."""

from __future__ import annotations

from extractors.grid import Document
from extractors.readers.weave import weave
from extractors.source import SourceFile


class Markdown:
    """Reads text/markdown (a ``.md`` file; Markdown inside a ``.txt`` is read by ``text_dump`` alike)."""

    name = "markdown"
    version = "2"
    media_types = frozenset({"text/markdown"})

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: the name decides, content cannot tell."""
        return 0.8 if source.suffix in (".md", ".markdown") else 0.6

    def read(self, source: SourceFile) -> Document:
        """Pipe tables and HTML tables are grids, every other non-empty line a text block."""
        return weave(source, f"{self.name}/{self.version}")


READER = Markdown()
