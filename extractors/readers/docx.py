"""Word documents (.docx): paragraphs and tables in reading order, with their places as references.

A paragraph's reference is ``p12``, a table cell's ``t3/r2c1`` (table, row, cell of that row, all from 1
as printed); what stands in a cell's own table is ``t3/r2c1/t1/r1c1``, in a text box ``x1/p1``.
"""

from __future__ import annotations

from typing import Any

from extractors.errors import TooLarge
from extractors.grid import Document, Doubt, Locator
from extractors.parts import Package, local
from extractors.readers.cells import Builder, Located
from extractors.sniff import DOCX
from extractors.source import SourceFile
from extractors.word.table import WordCell, cells_of, unwrapped
from extractors.word.text import printed


class Docx:
    """Reads Office Open XML documents; fields are not calculated, links not followed."""

    name = "docx"
    version = "1"
    media_types = frozenset({DOCX})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: the content said it is a document."""
        return 0.9 if source.data else 0.0

    def read(self, source: SourceFile) -> Document:
        """The body of the document. Raises Damaged, Encrypted, TooLarge and Empty.

        Headers, footers, notes and comments are not read; embedded objects are doubted (``unread_part``).
        """
        package = Package(source)
        targets = package.related("").values()
        part = next((t for t in targets if t.lower().endswith("document.xml")), "word/document.xml")
        builder = Builder(source, f"{self.name}/{self.version}")
        return walk_body(builder, package.xml(part))


def walk_body(builder: Builder, root: Any) -> Document:
    """Read the ``body`` below a root element. Raises TooLarge and Empty."""
    walk = _Walk(builder)
    for body in unwrapped(root, "body"):
        walk.blocks(body, "", 0)
    walk.doubts()
    return builder.document()


class _Walk:
    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.counts: dict[tuple[str, str], int] = {}
        self.hidden = self.objects = 0

    def _ref(self, within: str, kind: str) -> str:
        number = self.counts[within, kind] = self.counts.get((within, kind), 0) + 1
        return f"{within}{kind}{number}"

    def blocks(self, parent: Any, within: str, depth: int) -> None:
        """Paragraphs and tables of a body, cell or text box."""
        if depth > self.builder.source.limits.max_nesting:
            raise TooLarge(f"{self.builder.source.name}: tables nested deeper than {depth - 1}")
        for item in unwrapped(parent, "p", "tbl", "altChunk"):
            kind = local(item)
            if kind == "tbl":
                self._table(item, self._ref(within, "t"), depth)
            elif kind == "altChunk":
                self.objects += 1
            else:
                ref = self._ref(within, "p")
                text, boxes = self._printed(item)
                self.builder.block(text, Locator(ref=ref))
                self._boxes(boxes, within, depth)

    def _printed(self, paragraph: Any) -> tuple[str, list[Any]]:
        found = printed(paragraph)
        self.hidden += found.hidden
        self.objects += found.objects
        return found.text, found.boxes

    def _boxes(self, boxes: list[Any], within: str, depth: int) -> None:
        for box in boxes:
            self.blocks(box, f"{self._ref(within, 'x')}/", depth + 1)

    def _table(self, table: Any, ref: str, depth: int) -> None:
        cells, rows = cells_of(table)
        if not cells:
            return
        located: list[Located] = []
        later: list[tuple[str, list[Any], list[Any]]] = []
        for cell in cells:
            at = f"{ref}/r{cell.row + 1}c{cell.number}"
            text, boxes, tables = self._cell(cell)
            located.append(Located(cell.row, cell.col, cell.rows, cell.cols, text, Locator(ref=at)))
            if boxes or tables:
                later.append((f"{at}/", boxes, tables))
        shell = bool(later) and not any(cell.text.strip() for cell in located)
        if not shell:  # a table that only arranges other tables prints nothing of its own
            width = max(cell.col + cell.cols for cell in located)
            self.builder.located(located, (rows, width), "table")
        for within, boxes, tables in later:
            self._boxes(boxes, within, depth)
            for nested in tables:
                self._inner(nested, within, depth)

    def _inner(self, nested: Any, within: str, depth: int) -> None:
        if depth + 1 > self.builder.source.limits.max_nesting:
            raise TooLarge(f"{self.builder.source.name}: tables nested deeper than {depth}")
        self._table(nested, self._ref(within, "t"), depth + 1)

    def _cell(self, cell: WordCell) -> tuple[str, list[Any], list[Any]]:
        texts: list[str] = []
        boxes: list[Any] = []
        tables: list[Any] = []
        for item in (child for tc in (cell.element, *cell.under) for child in unwrapped(tc, "p", "tbl")):
            if local(item) == "tbl":
                tables.append(item)
                continue
            text, more = self._printed(item)
            if text:
                texts.append(text)
            boxes += more
        return "\n".join(texts), boxes, tables

    def doubts(self) -> None:
        """Note what was hidden and what was not read."""
        if self.hidden:
            self.builder.doubts.append(Doubt("hidden_text", data={"count": str(self.hidden)}))
        if self.objects:
            data = {"what": "embedded object", "count": str(self.objects)}
            self.builder.doubts.append(Doubt("unread_part", data=data))


READER = Docx()
