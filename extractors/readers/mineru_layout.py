"""MinerU's layout (``middle.json``, ``layout.json`` of the service): pages of blocks of lines of spans, in points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractors.grid import Locator, Page
from extractors.readers.cells import Builder
from extractors.readers.html_table import add_tables
from extractors.records import box_of, number_of, share_of, text_of

_DEPTH = 8
_LISTS = frozenset({"list", "index"})  # their lines are lines, those of other blocks one text
# The parts of a table or picture in the order in which they stand on the page.
_ORDER = {"caption": 0, "body": 1, "footnote": 2}
Record = dict[str, Any]


def add_layout(builder: Builder, pages: list[Any]) -> int:
    """Add the blocks of all pages, set-aside ones (running heads) by their height; gives the tables without a body."""
    pictures = 0
    for number, page in enumerate(page for page in pages if isinstance(page, dict)):
        index = number_of(page.get("page_idx"))
        shown = number + 1 if index is None else int(index) + 1
        size = page.get("page_size")
        if isinstance(size, list) and len(size) == 2:
            width, height = (number_of(side) or 0.0 for side in size)
            builder.pages.append(Page(shown, width, height))
        blocks = _blocks(page.get("para_blocks")) or _blocks(page.get("preproc_blocks"))
        for block in _with_set_aside(blocks, _blocks(page.get("discarded_blocks"))):
            pictures += _block(builder, block, shown, 0)
    return pictures


def _blocks(value: Any) -> list[Record]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _with_set_aside(blocks: list[Record], aside: list[Record]) -> list[Record]:
    top = min((_top(block) for block in blocks), default=0.0)
    heads = [block for block in aside if _top(block) < top]
    return [*heads, *blocks, *(block for block in aside if block not in heads)]


def _top(block: Record) -> float:
    box = box_of(block.get("bbox"), 1.0)
    return box.y0 if box else 0.0


def _block(builder: Builder, block: Record, page: int, depth: int) -> int:
    """Add a block and those in it; gives the number of tables without a body."""
    inner = _blocks(block.get("blocks"))
    if inner and depth < _DEPTH:
        kinds = [str(item.get("type", "")).rpartition("_")[2] for item in inner]
        ordered = sorted(zip(inner, kinds, strict=True), key=lambda pair: _ORDER.get(pair[1], 1))
        return sum(_block(builder, item, page, depth + 1) for item, _ in ordered)
    at = Locator(page, box_of(block.get("bbox"), 1.0))
    lines = [list(_spans(line)) for line in _blocks(block.get("lines"))]
    spans = [span for line in lines for span in line]
    bodies = [body for span in spans if (body := text_of(span.get("html")).strip())]
    for body in bodies:
        builder.stand = at
        add_tables(builder, body)
        builder.stand = None
    _texts(builder, block, lines, at)
    wanted = block.get("type") == "table_body" and not block.get("lines_deleted")
    return int(wanted and not bodies and not any(span.get("lines_deleted") for span in spans))


def _texts(builder: Builder, block: Record, lines: list[list[Record]], at: Locator) -> None:
    texts = ["".join(text_of(span.get("content")) for span in line).strip() for line in lines]
    scores = [s for line in lines for span in line if (s := share_of(span.get("score"))) is not None]
    if block.get("type") not in _LISTS:
        texts = [_one(text for text in texts if text)]
    for text in texts:
        builder.block(text, at, min(scores, default=None))


def _spans(line: Record) -> Iterator[Record]:
    yield from _blocks(line.get("spans"))


def _one(lines: Iterator[str]) -> str:
    """Printed lines as one text, a blank only between words of letters."""
    text = ""
    for line in lines:
        text += f" {line}" if text and text[-1].isascii() and line[0].isascii() else line
    return text
