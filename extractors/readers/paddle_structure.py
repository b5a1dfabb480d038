"""PaddleOCR's structure output (PP-Structure 2 and 3, PP-TableMagic, PaddleOCR-VL): blocks, tables as HTML."""

from __future__ import annotations

from typing import Any

from extractors.errors import Damaged
from extractors.grid import Document, Doubt, Locator, Page
from extractors.readers.cells import Builder
from extractors.readers.html_table import add_tables
from extractors.readers.paddle_lines import add_lines, is_page, lines_of, scores_of
from extractors.readers.paddle_regions import add_regions
from extractors.records import box_of, load, mappings, number_of, points_scale, text_of
from extractors.sniff import JSON
from extractors.source import SourceFile

_LIST, _TABLES = "parsing_res_list", "table_res_list"
_PICTURES = frozenset({"image", "figure", "chart", "seal", "header_image", "footer_image"})
# What a block of older versions says beside its content, which stands under the name of its kind.
_BESIDE = frozenset({"layout", "label", "sub_label", "block_label", "id", "index", "region_label"})


class PaddleStructure:
    """Reads the JSON of one page or of many; a served answer's wrapping is looked through."""

    name = "paddle_structure"
    version = "2"
    media_types = frozenset({JSON})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: a list of parsed blocks, of tables or lines, or regions with a result."""
        if b'"parsing_res_list"' in source.data or b'"table_res_list"' in source.data:
            return 0.9
        if b'"rec_texts"' in source.data:
            return 0.7
        head = source.data[:262_144]
        return 0.7 if b'"res"' in head and b'"bbox"' in head and b'"type"' in head else 0.0

    def read(self, source: SourceFile) -> Document:
        """All blocks in reading order. Raises Damaged, TooLarge and Empty."""
        builder = Builder(source, f"{self.name}/{self.version}")
        found = list(mappings(load(source)))
        pages = [item for item in found if isinstance(item.get(_LIST), list)]
        tables = [item for item in found if isinstance(item.get(_TABLES), list)]
        regions = [item for item in found if "bbox" in item and "res" in item]
        words = [item for item in found if is_page(item)]
        if pages or tables:
            for number, page in enumerate(pages or tables, 1):
                _page(builder, number, page)
        elif regions:
            add_regions(builder, regions)
        elif words:
            for number, page in enumerate(words, 1):
                add_lines(builder, number, page)
        else:
            raise Damaged(f"{source.name}: neither parsed blocks nor regions nor lines")
        return builder.document()


def _page(builder: Builder, number: int, page: dict[str, Any]) -> None:
    index = number_of(page.get("page_index"))
    number = number if index is None else int(index) + 1
    width, height = number_of(page.get("width")) or 0.0, number_of(page.get("height")) or 0.0
    scale = points_scale(width, height) if width else 0.0
    if width and height:
        builder.pages.append(Page(number, width * scale, height * scale))
    whole = page.get("overall_ocr_res")
    builder.scores = scores_of(whole if isinstance(whole, dict) else {})
    tables = [t for t in page.get(_TABLES) or () if isinstance(t, dict)]
    if isinstance(page.get(_LIST), list):
        _blocks(builder, page, tables, (number, scale))
    else:
        _tables(builder, whole, tables, number)
    builder.scores = {}


def _blocks(builder: Builder, page: dict[str, Any], tables: list[Any], at: tuple[int, float]) -> None:
    """The parsed blocks; a table without HTML of its own takes that of the table of the same rank."""
    number, scale = at
    blocks = [block for block in page[_LIST] if isinstance(block, dict)]
    ranks = [number_of(block.get("block_order")) for block in blocks]
    if all(rank is not None for rank in ranks):
        blocks = sorted(blocks, key=lambda block: number_of(block.get("block_order")) or 0.0)
    spare = [text_of(table.get("pred_html")) for table in tables]
    bare = [block for block in blocks if _label(block) == "table" and not _content(block)]
    fits = len(spare) == sum(_label(block) == "table" for block in blocks)
    for block in blocks:
        content, label = _content(block), _label(block)
        if label == "table":
            own = spare.pop(0) if fits else ""
            content = content or own
        box = next(
            (block[k] for k in ("block_bbox", "layout_bbox", "bbox", "coordinate") if k in block), None
        )
        _block(builder, label, content, Locator(number, box_of(box, scale) if scale else None))
    if bare and not fits:
        data = {"what": "table given as a picture", "count": str(len(bare))}
        builder.doubts.append(Doubt("unread_part", data=data))


def _label(block: dict[str, Any]) -> str:
    told = text_of(block.get("block_label")) or text_of(block.get("label"))
    return told or next((name for name in ("table", "text", "title") if name in block), "")


def _content(block: dict[str, Any]) -> str:
    """The content of a block: newer versions name it so, older ones by the block's kind."""
    for name in ("block_content", "content", _label(block)):
        if text := text_of(block.get(name)):
            return text
    if "block_content" in block or "content" in block:
        return ""
    return next((v for k, v in block.items() if k not in _BESIDE and isinstance(v, str)), "")


def _block(builder: Builder, label: str, content: str, at: Locator) -> None:
    if "<table" in content.lower() or "<tr" in content.lower():
        builder.stand = at
        add_tables(builder, content)
        builder.stand = None
    elif label not in _PICTURES:
        for line in content.split("\n"):
            builder.block(line, at, builder.scores.get(line.strip()))


def _tables(builder: Builder, whole: Any, tables: list[Any], number: int) -> None:
    """Tables alone, as the table systems write them, among the recognised lines that stand in none of them."""
    things: list[tuple[float, str, str]] = []
    areas: list[tuple[float, float, float, float]] = []
    for table in tables:
        cells = [box for item in table.get("cell_box_list") or () if (box := box_of(item, 1.0))]
        if cells:
            x1, y1 = max(c.x1 for c in cells), max(c.y1 for c in cells)
            areas.append((min(c.x0 for c in cells), min(c.y0 for c in cells), x1, y1))
        things.append((areas[-1][1] if cells else 0.0, "table", text_of(table.get("pred_html"))))
    for text, around, _ in lines_of(whole if isinstance(whole, dict) else {}):
        x, y = (around[0] + around[2]) / 2, (around[1] + around[3]) / 2
        if not any(a[0] <= x <= a[2] and a[1] <= y <= a[3] for a in areas):
            things.append((y, "text", text))
    for _, label, content in sorted(things, key=lambda thing: thing[0]):
        _block(builder, label, content, Locator(number))


READER = PaddleStructure()
