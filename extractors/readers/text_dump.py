"""Plain text with tables in it: tab-separated dumps, many forms in one file."""

from __future__ import annotations

from extractors.errors import TooLarge
from extractors.grid import Document, Doubt
from extractors.readers.cells import Builder
from extractors.readers.encoding import decode
from extractors.source import SourceFile


class TextDump:
    """Reads text/plain."""

    name = "text_dump"
    version = "1"
    media_types = frozenset({"text/plain", "text/markdown", "text/csv", "text/tab-separated-values"})

    def bid(self, source: SourceFile) -> float:
        """Plain text is its own; other text kinds only when nobody else wants them."""
        return 0.5 if source.media_type == "text/plain" else 0.1

    def read(self, source: SourceFile) -> Document:
        """Runs of lines with tabs are grids, other non-empty lines text blocks."""
        decoded = decode(source.data)
        builder = Builder(source, f"{self.name}/{self.version}")
        if decoded.replaced:
            builder.doubts.append(
                Doubt("damaged_bytes", data={"count": str(decoded.replaced), "encoding": decoded.encoding})
            )
        lines = decoded.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        run: list[tuple[int, list[str]]] = []
        for number, line in enumerate(lines, 1):
            if len(line) > source.limits.max_line:
                raise TooLarge(
                    f"{source.name}: line {number} is longer than {source.limits.max_line} characters"
                )
            if "\t" in line:
                run.append((number, line.split("\t")))
                continue
            builder.rows(run, "tabs")
            run = []
            builder.text(line, number)
        builder.rows(run, "tabs")
        return builder.document(decoded.encoding)


READER = TextDump()
