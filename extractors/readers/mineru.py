"""MinerU's ``content_list.json``: texts and tables (as HTML) page by page."""

from __future__ import annotations

from typing import Any

from extractors.errors import Damaged
from extractors.grid import Document, Doubt, Locator
from extractors.readers.cells import Builder
from extractors.readers.html_table import add_tables
from extractors.records import load, number_of, text_of
from extractors.sniff import JSON
from extractors.source import SourceFile

# Texts that a record may hold, in the order in which they stand on the page around its table.
_BEFORE = (
    "image_caption",
    "img_caption",
    "chart_caption",
    "table_caption",
    "code_caption",
    "text",
    "list_items",
    "code_body",
)
_AFTER = ("table_footnote", "image_footnote", "img_footnote", "chart_footnote", "code_footnote")


class MinerU:
    """Reads the content list of MinerU 1 and 2; boxes are left out, for their unit is not told."""

    name = "mineru"
    version = "1"
    media_types = frozenset({JSON})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: records with the number of their page."""
        head = source.data[:262_144]
        return 0.8 if b'"page_idx"' in head and b'"type"' in head else 0.0

    def read(self, source: SourceFile) -> Document:
        """All records in order. Raises Damaged, TooLarge and Empty."""
        records = load(source)
        if not isinstance(records, list):
            raise Damaged(f"{source.name}: a content list is a list")
        builder = Builder(source, f"{self.name}/{self.version}")
        pictures = 0
        for record in records:
            if isinstance(record, dict):
                pictures += _record(builder, record)
        if pictures:
            data = {"what": "table given as a picture", "count": str(pictures)}
            builder.doubts.append(Doubt("unread_part", data=data))
        return builder.document()


def _record(builder: Builder, record: dict[str, Any]) -> bool:
    """Add one record; gives whether it is a table without a body."""
    index = number_of(record.get("page_idx"))
    at = Locator(page=None if index is None else int(index) + 1)
    for name in _BEFORE:
        _lines(builder, text_of(record.get(name)), at)
    body = text_of(record.get("table_body"))
    if body:
        builder.stand = at
        add_tables(builder, body)
        builder.stand = None
    for name in _AFTER:
        _lines(builder, text_of(record.get(name)), at)
    return record.get("type") == "table" and not body.strip()


def _lines(builder: Builder, text: str, at: Locator) -> None:
    for line in text.split("\n"):
        builder.block(line, at)


READER = MinerU()
