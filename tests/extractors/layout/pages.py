"""Documents of page grids built from the truth of typeset samples: one grid per page, spans as printed."""

from __future__ import annotations

from typing import Any

from extractors.grid import Box, Cell, Document, Grid, Locator, TextBlock

RawCell = tuple[int, int, int, int, str]


def grid(cells: list[RawCell], page: int, tag: str, *, compact: bool) -> Grid:
    """One page's grid; ``compact`` leaves out columns in which no cell starts, as a reader does."""
    columns = sorted({c for _, c, _, _, _ in cells})
    out = []
    for r, c, rows, cols, text in cells:
        box = Box(50 + 80 * c, 10 + 20 * r, 50 + 80 * (c + cols), 10 + 20 * (r + rows))
        col = columns.index(c) if compact else c
        span = sum(c <= x < c + cols for x in columns) if compact else cols
        out.append(Cell(f"{tag}.{r}.{c}", text, r, col, rows, span, Locator(page=page, box=box)))
    rows_total = max(c.row + c.row_span for c in out)
    return Grid(tuple(out), rows_total, max(c.col + c.col_span for c in out), page)


def paged(sample: dict[str, Any], *, compact: bool) -> Document:
    """The sample as a reader gives it: titles before each form, page numbers at the foot."""
    items: list[Grid | TextBlock] = []
    begun: set[int] = set()
    for number, page in enumerate(sample["pages"], start=1):
        for at, table in enumerate(page):
            form = table["form"]
            if form not in begun:
                begun.add(form)
                items += heading(sample["logical"][form], form, number)
            items.append(grid(table["cells"], number, f"p{number}.{at}", compact=compact))
        items.append(TextBlock(f"n{number}", f"- {number} -", Locator(page=number)))
    return Document("d", "application/pdf", "test", tuple(items))


def whole(logical: dict[str, Any]) -> Document:
    """The form as one unbroken grid."""
    table = grid(logical["cells"], 1, "w", compact=False)
    return Document("d", "application/pdf", "test", (*heading(logical, 0, 1), table))


def heading(logical: dict[str, Any], form: int, page: int) -> list[Grid | TextBlock]:
    texts = [text for text in (logical["title"], logical["subtitle"]) if text]
    return [TextBlock(f"t{form}.{i}", text, Locator(page=page)) for i, text in enumerate(texts)]
