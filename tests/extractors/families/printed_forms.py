"""Documents of forms written down row by row: ``|`` between cells, ``<`` merged left, ``^`` merged up, ``⏎`` a break."""

from __future__ import annotations

from typing import Any

from extractors.grid import Cell, Document, Grid, Locator, TextBlock

LEFT, UP = "<", "^"


def drawn(spec: dict[str, Any]) -> Document:
    """The document of one spec; ``merges: repeat`` prints a merged text in every cell it covers."""
    rows = [[cell.strip().replace("⏎", "\n") for cell in line.split("|")] for line in spec["rows"]]
    grid = _repeated(rows) if spec.get("merges") == "repeat" else _merged(rows)
    titles = [TextBlock(f"t{i}", text, Locator(line=i + 1)) for i, text in enumerate(spec["title"])]
    return Document("d", "text/plain", "test", (*titles, grid))


def _span(rows: list[list[str]], row: int, col: int) -> tuple[int, int]:
    width = 1
    while col + width < len(rows[row]) and rows[row][col + width] == LEFT:
        width += 1
    height = 1
    while row + height < len(rows) and rows[row + height][col] == UP:
        height += 1
    return height, width


def _merged(rows: list[list[str]]) -> Grid:
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text not in (LEFT, UP):
                height, width = _span(rows, r, c)
                cells.append(Cell(f"{r}.{c}", text, r, c, height, width, Locator(line=r + 9)))
    return Grid(tuple(cells), len(rows), len(rows[0]))


def _repeated(rows: list[list[str]]) -> Grid:
    full = [list(row) for row in rows]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text not in (LEFT, UP):
                height, width = _span(rows, r, c)
                for i in range(r, r + height):
                    full[i][c : c + width] = [text] * width
    cells = tuple(
        Cell(f"{r}.{c}", text, r, c, 1, 1, Locator(line=r + 9))
        for r, row in enumerate(full)
        for c, text in enumerate(row)
    )
    return Grid(cells, len(rows), len(rows[0]))
