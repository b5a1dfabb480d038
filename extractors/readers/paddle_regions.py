"""PP-Structure 2: regions with HTML or with recognised lines; its pages have no size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractors.grid import Locator
from extractors.readers.cells import Builder
from extractors.readers.html_table import add_tables
from extractors.records import box_of, number_of, share_of, text_of

_DEPTH = 4
_MOST = 1000  # regions on a page; every one is laid beside every other


def add_regions(builder: Builder, regions: list[dict[str, Any]]) -> None:
    """Add the regions page by page, from top to bottom where none stand side by side. Raises TooLarge."""
    pages: dict[int, list[dict[str, Any]]] = {}
    for region in regions:
        index = number_of(region.get("img_idx"))
        pages.setdefault(1 if index is None else int(index) + 1, []).append(region)
    for number, found in pages.items():
        for region in _in_order(found):
            _region(builder, region, Locator(page=number))


def _in_order(regions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The detector gives regions in no order; where columns stand side by side it cannot be told from tops."""
    boxes = [box_of(region.get("bbox"), 1.0) for region in regions]
    known = [box for box in boxes if box is not None]
    if len(known) < len(regions) or len(known) > _MOST:
        return regions
    beside = any(
        a.x1 <= b.x0 and min(a.y1, b.y1) - max(a.y0, b.y0) > min(a.y1 - a.y0, b.y1 - b.y0) / 2
        for a in known
        for b in known
    )
    return regions if beside else sorted(regions, key=_top)


def _top(region: dict[str, Any]) -> float:
    box = box_of(region.get("bbox"), 1.0)
    return box.y0 if box else 0.0


def _region(builder: Builder, region: dict[str, Any], at: Locator) -> None:
    result = region["res"]
    if isinstance(result, dict):
        builder.certainty, builder.stand = share_of(region.get("score")), at
        add_tables(builder, text_of(result.get("html")))
        builder.certainty = builder.stand = None
    for text, score in _read(result, 0):
        builder.block(text, at, score)


def _read(value: Any, depth: int) -> Iterator[tuple[str, float | None]]:
    """Texts and scores: objects in newer versions, pairs in a list in older ones."""
    if depth > _DEPTH or not isinstance(value, list):
        return
    for item in value:
        if isinstance(item, dict):
            yield text_of(item.get("text")), share_of(item.get("confidence"))
        elif isinstance(item, list) and len(item) == 2 and isinstance(item[0], str):
            yield item[0], share_of(item[1])
        else:
            yield from _read(item, depth + 1)
