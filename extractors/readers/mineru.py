"""MinerU's outputs: the content list of versions 1 and 2, and the layout (``middle.json``) both are made from."""

from __future__ import annotations

from typing import Any

from extractors.errors import Damaged
from extractors.grid import Document, Doubt, Locator
from extractors.readers.cells import Builder
from extractors.readers.html_table import add_tables
from extractors.readers.mineru_layout import add_layout
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
_BODY = ("table_body", "html")
_AFTER = ("table_footnote", "image_footnote", "img_footnote", "chart_footnote", "code_footnote")
_DEPTH = 16
_MARKS = (
    b'"page_idx"',
    b'"paragraph_content"',
    b'"title_content"',
    b'"table_nest_level"',
)  # a type stands beside one


class MinerU:
    """Reads the content lists of MinerU 1 to 3, whose boxes are left out (their unit is not told), and its layout."""

    name = "mineru"
    version = "2"
    media_types = frozenset({JSON})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: pages of blocks, or records with a type and the number of their page."""
        head = source.data[:262_144]
        if b'"pdf_info"' in source.data[:65_536] or (b'"pdf_info"' in head and b'"preproc_blocks"' in head):
            return 0.8
        return 0.8 if b'"type"' in head and any(mark in head for mark in _MARKS) else 0.0

    def read(self, source: SourceFile) -> Document:
        """All records in order. Raises Damaged, TooLarge and Empty."""
        value = load(source)
        builder = Builder(source, f"{self.name}/{self.version}")
        if isinstance(value, dict) and isinstance(value.get("pdf_info"), list):
            pictures = add_layout(builder, value["pdf_info"])
        elif isinstance(value, list):
            pictures = _records(builder, value)
        else:
            raise Damaged(f"{source.name}: neither a content list nor a layout of pages")
        if pictures:
            data = {"what": "table given as a picture", "count": str(pictures)}
            builder.doubts.append(Doubt("unread_part", data=data))
        return builder.document()


def _records(builder: Builder, records: list[Any]) -> int:
    """Add all records, in the newer version page by page; gives the number of tables without a body."""
    pictures = 0
    for number, record in enumerate(records):
        if isinstance(record, list):
            pictures += sum(_record(builder, item, number) for item in record if isinstance(item, dict))
        elif isinstance(record, dict):
            pictures += _record(builder, record, None)
    return pictures


def _record(builder: Builder, record: dict[str, Any], page: int | None) -> bool:
    """Add one record; gives whether it is a table without a body."""
    index = number_of(record.get("page_idx"))
    index = page if index is None else int(index)
    at = Locator(page=None if index is None else int(index) + 1)
    content = record.get("content")
    if isinstance(content, dict):  # version 2: everything in an object of its own, texts in runs
        own = {name: _runs(content[name]) for name in content if name.endswith("_content")}
        content = {**content, "text": "\n".join(own.values())}
    elif isinstance(content, str):
        content = {**record, "text": content}
    else:
        content = record
    for name in _BEFORE:
        _lines(builder, _runs(content.get(name)), at)
    body = next((text for name in _BODY if (text := text_of(content.get(name)).strip())), "")
    if body:
        builder.stand = at
        add_tables(builder, body)
        builder.stand = None
    for name in _AFTER:
        _lines(builder, _runs(content.get(name)), at)
    return record.get("type") == "table" and not body


def _runs(value: Any, depth: int = 0) -> str:
    r"""The text of runs (joined), of list items and plain texts (a line each).

    >>> _runs([{"type": "text", "content": "一"}, {"content": "二"}]), _runs([{"item_content": [{"content": "三"}]}, "四"])
    ('一二', '三\n四')
    """
    if isinstance(value, dict):
        value, depth = value.get("content", value.get("item_content")), depth + 1
    if not isinstance(value, list) or depth > _DEPTH:
        return text_of(value)
    runs = all(isinstance(item, dict) and "item_content" not in item for item in value)
    return ("" if runs else "\n").join(_runs(item, depth + 1) for item in value)


def _lines(builder: Builder, text: str, at: Locator) -> None:
    for line in text.split("\n"):
        builder.block(line, at)


READER = MinerU()
