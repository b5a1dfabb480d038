"""One column axis for the grids of consecutive pages, from where their cells really stand.

A page on which no cell starts in some column has fewer columns than the page before; numbers alone
cannot tell which one is missing, the left and right edges of the cells can.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from extractors.grid import Cell, Grid

_NEAR = 7.0  # points: edges nearer than this are one line
_FINEST = 3  # an axis with more than this many columns per printed column says nothing


def axes(grids: Sequence[Grid]) -> dict[int, Mapping[str, tuple[int, int]]]:
    """Half-open columns of every cell on the common axis of its run of pages.

    Args:
        grids: all grids of a document in reading order.

    Returns:
        By position in ``grids``: cell id → (column, end). Grids that stand on one page only, or
        whose cells have no boxes, are left out: their own column numbers hold.

    Example:
        >>> axes([])
        {}
    """
    placed: dict[int, Mapping[str, tuple[int, int]]] = {}
    for run in _runs(grids):
        lines = _lines([cell for at in run for cell in grids[at].cells])
        if len(lines) - 1 > _FINEST * max(grids[at].cols for at in run):
            continue
        for at in run:
            placed[at] = {cell.id: _place(cell, lines) for cell in grids[at].cells}
    return placed


def _runs(grids: Sequence[Grid]) -> list[list[int]]:
    """Positions of grids that may be one table over pages: each on a later page than the one before."""
    runs: list[list[int]] = []
    before: Grid | None = None
    for at, grid in enumerate(grids):
        boxed = bool(grid.cells) and all(cell.at.box is not None for cell in grid.cells)
        follows = before is not None and grid.page is not None and before.page is not None
        if boxed and follows and before is not None and (grid.page or 0) > (before.page or 0):
            runs[-1].append(at)
        elif boxed:
            runs.append([at])
        before = grid if boxed else None
    return [run for run in runs if len(run) > 1]


def _lines(cells: Sequence[Cell]) -> list[float]:
    """The left and right edges of all cells, those that are one line taken together."""
    edges = sorted(x for cell in cells if cell.at.box for x in (cell.at.box.x0, cell.at.box.x1))
    lines: list[float] = []
    for x in edges:
        if not lines or x - lines[-1] > _NEAR:
            lines.append(x)
    return lines


def _place(cell: Cell, lines: Sequence[float]) -> tuple[int, int]:
    assert cell.at.box is not None
    start = max(bisect_right(lines, cell.at.box.x0) - 1, 0)
    end = max(bisect_right(lines, cell.at.box.x1) - 1, start + 1)
    return start, end
