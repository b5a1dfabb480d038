"""Docling's JSON (``DoclingDocument``): texts and tables in body order, with pages and boxes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractors.errors import Damaged
from extractors.grid import Box, Document, Doubt, Locator, Page
from extractors.readers.cells import Builder, Located
from extractors.readers.docling_body import items_of
from extractors.records import load, number_of, text_of
from extractors.sniff import JSON
from extractors.source import SourceFile

_MOST_SPAN = 10_000


class Docling:
    """Reads the lossless export of Docling 2."""

    name = "docling"
    version = "2"
    media_types = frozenset({JSON})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: the schema names itself."""
        return 0.9 if b'"DoclingDocument"' in source.data[:65_536] else 0.0

    def read(self, source: SourceFile) -> Document:
        """The body in order. Raises Damaged, TooLarge and Empty."""
        root = load(source)
        if not isinstance(root, dict):
            raise Damaged(f"{source.name}: a DoclingDocument is an object")
        builder = Builder(source, f"{self.name}/{self.version}")
        heights = _pages(builder, root)
        pictures = 0
        for item in items_of(root):
            data = item.get("data")
            at = _place(item.get("prov"), heights)
            if isinstance(data, dict) and ("table_cells" in data or "grid" in data):
                cells = list(_cells(data))
                pictures += not cells
                _table(builder, cells, at, heights)
            else:
                builder.block(text_of(item.get("text")), at)
        if pictures:
            told = {"what": "table given as a picture", "count": str(pictures)}
            builder.doubts.append(Doubt("unread_part", data=told))
        return builder.document()


def _pages(builder: Builder, root: dict[str, Any]) -> dict[int, float]:
    heights: dict[int, float] = {}
    pages = root.get("pages")
    for page in pages.values() if isinstance(pages, dict) else ():
        size = page.get("size") if isinstance(page, dict) else None
        if isinstance(size, dict):
            number = int(number_of(page.get("page_no")) or 0)
            width, height = number_of(size.get("width")) or 0.0, number_of(size.get("height")) or 0.0
            heights[number] = height
            builder.pages.append(Page(number, width, height))
    return heights


def _place(prov: Any, heights: dict[int, float]) -> Locator:
    first = prov[0] if isinstance(prov, list) and prov and isinstance(prov[0], dict) else {}
    page = number_of(first.get("page_no"))
    if page is None:
        return Locator()
    return Locator(int(page), _box(first.get("bbox"), heights.get(int(page), 0.0)))


def _box(value: Any, height: float) -> Box | None:
    """A box from the page's top left; Docling counts from either corner and says which."""
    if not isinstance(value, dict):
        return None
    four = [number_of(value.get(side)) for side in "ltrb"]
    left, top, right, bottom = (0.0 if item is None else item for item in four)
    if None in four:
        return None
    if value.get("coord_origin") == "BOTTOMLEFT":
        if not height:
            return None
        top, bottom = height - top, height - bottom
    return Box(left, min(top, bottom), right, max(top, bottom))


def _cells(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The cells of a table: the list of them, or the grid's places where that list is empty."""
    cells, grid = data.get("table_cells"), data.get("grid")
    if not cells and isinstance(grid, list):
        cells = [cell for row in grid if isinstance(row, list) for cell in row]
    for cell in cells if isinstance(cells, list) else ():
        if isinstance(cell, dict):
            yield cell


def _table(builder: Builder, cells: list[dict[str, Any]], at: Locator, heights: dict[int, float]) -> None:
    made: list[Located] = []
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        row, col = _count(cell, "start_row_offset_idx"), _count(cell, "start_col_offset_idx")
        rows = max(1, _count(cell, "end_row_offset_idx") - row)
        cols = max(1, _count(cell, "end_col_offset_idx") - col)
        builder.check_area(rows * cols)
        places = {(r, c) for r in range(row, row + rows) for c in range(col, col + cols)}
        if places & taken:
            continue  # grids repeat a merged cell at each of its places
        taken |= places
        box = _box(cell.get("bbox"), heights.get(at.page or 0, 0.0)) or at.box
        made.append(Located(row, col, rows, cols, text_of(cell.get("text")), Locator(at.page, box)))
    if made:
        made.sort(key=lambda cell: (cell.row, cell.col))
        shape = max(cell.row + cell.rows for cell in made), max(cell.col + cell.cols for cell in made)
        builder.located(made, shape, "table", at.page)


def _count(cell: dict[str, Any], name: str) -> int:
    return max(0, min(int(number_of(cell.get(name)) or 0), _MOST_SPAN))


READER = Docling()
