"""PaddleOCR's structure output (PP-Structure 2 and 3, PaddleOCR-VL): blocks with boxes, tables as HTML."""

from __future__ import annotations

from typing import Any

from extractors.errors import Damaged
from extractors.grid import Document, Locator, Page
from extractors.readers.cells import Builder
from extractors.readers.html_table import add_tables
from extractors.records import box_of, load, mappings, number_of, points_scale, share_of, text_of
from extractors.sniff import JSON
from extractors.source import SourceFile

_LIST = "parsing_res_list"
_PICTURES = frozenset({"image", "figure", "chart", "seal", "header_image", "footer_image"})


class PaddleStructure:
    """Reads the JSON of one page or of many; a served answer's wrapping is looked through."""

    name = "paddle_structure"
    version = "1"
    media_types = frozenset({JSON})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: a list of parsed blocks, or regions with a result."""
        if b'"parsing_res_list"' in source.data:
            return 0.9
        head = source.data[:262_144]
        return 0.7 if b'"res"' in head and b'"bbox"' in head and b'"type"' in head else 0.0

    def read(self, source: SourceFile) -> Document:
        """All blocks in reading order. Raises Damaged, TooLarge and Empty."""
        builder = Builder(source, f"{self.name}/{self.version}")
        found = list(mappings(load(source)))
        pages = [item for item in found if isinstance(item.get(_LIST), list)]
        regions = [item for item in found if "bbox" in item and "res" in item]
        if not pages and not regions:
            raise Damaged(f"{source.name}: neither parsed blocks nor regions")
        for number, page in enumerate(pages, 1):
            _page(builder, number, page)
        if not pages:
            _regions(builder, regions)
        return builder.document()


def _page(builder: Builder, number: int, page: dict[str, Any]) -> None:
    index = number_of(page.get("page_index"))
    number = number if index is None else int(index) + 1
    width, height = number_of(page.get("width")) or 0.0, number_of(page.get("height")) or 0.0
    blocks = [block for block in page[_LIST] if isinstance(block, dict)]
    scale = points_scale(width, height) if width else 0.0
    if width and height:
        builder.pages.append(Page(number, width * scale, height * scale))
    whole = page.get("overall_ocr_res")
    builder.scores = _scores(whole if isinstance(whole, dict) else {})
    ordered = sorted(blocks, key=lambda block: number_of(block.get("block_order")) or 0.0)
    for block in ordered if all(number_of(b.get("block_order")) is not None for b in blocks) else blocks:
        box = box_of(block.get("block_bbox"), scale) if scale else None
        content = text_of(block.get("block_content"))
        _block(builder, str(block.get("block_label", "")), content, Locator(number, box))
    builder.scores = {}


def _block(builder: Builder, label: str, content: str, at: Locator) -> None:
    if "<table" in content.lower() or "<tr" in content.lower():
        builder.stand = at
        add_tables(builder, content)
        builder.stand = None
    elif label not in _PICTURES:
        for line in content.split("\n"):
            builder.block(line, at, builder.scores.get(line.strip()))


def _scores(result: dict[str, Any]) -> dict[str, float]:
    """Recognised text -> the lowest score it was recognised with."""
    made: dict[str, float] = {}
    texts, scores = result.get("rec_texts"), result.get("rec_scores")
    if isinstance(texts, list) and isinstance(scores, list):
        for text, score in zip(texts, scores, strict=False):
            share = share_of(score)
            if isinstance(text, str) and share is not None:
                made[text.strip()] = min(share, made.get(text.strip(), 1.0))
    return made


def _regions(builder: Builder, regions: list[dict[str, Any]]) -> None:
    """PP-Structure 2: regions with HTML or with recognised lines; its pages have no size."""
    for region in regions:
        index = number_of(region.get("img_idx"))
        at = Locator(page=1 if index is None else int(index) + 1)
        result = region["res"]
        if isinstance(result, dict):
            builder.certainty = share_of(region.get("score"))
            _block(builder, str(region.get("type", "")), text_of(result.get("html")), at)
            builder.certainty = None
        elif isinstance(result, list):
            for line in result:
                if isinstance(line, dict):
                    builder.block(text_of(line.get("text")), at, share_of(line.get("confidence")))


READER = PaddleStructure()
