"""Step 5: edges that meet form lattices; each lattice knows which of its small places are walled off.

A lattice is the grid of all line positions of one table. Between two neighbouring places stands a
wall where an edge runs along most of their common side. Open tables (no outer frame, cut by the
page's end) are closed at the outermost end of any of their edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.pdf.chars import Floats
from extractors.pdf.edges import SNAP, Edges

TOUCH = 3.6  # points by which an edge may miss the one it meets
_OPEN = 5.0  # points by which an edge must stick out before the table is closed there
_COVER = 0.5

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lattice:
    """Line positions ``ys`` (rows + 1) and ``xs`` (cols + 1); walls ``level`` (rows + 1, cols) and
    ``upright`` (rows, cols + 1). ``how`` names what it was made of: rules, fills, columns, text.
    """

    xs: Floats
    ys: Floats
    level: Mask
    upright: Mask
    how: str = "rules"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 in the reading frame."""
        return float(self.xs[0]), float(self.ys[0]), float(self.xs[-1]), float(self.ys[-1])


@dataclass(frozen=True, slots=True)
class Place:
    """A cell before it has text: row, col, spans (in line positions of its lattice)."""

    row: int
    col: int
    row_span: int
    col_span: int


def meets(level: Edges, upright: Edges) -> Mask:
    """Which level edge (rows) touches which upright edge (columns)."""
    x, y = upright.at[None, :], level.at[:, None]
    return (
        (level.low[:, None] - TOUCH <= x)
        & (x <= level.high[:, None] + TOUCH)
        & (upright.low[None, :] - TOUCH <= y)
        & (y <= upright.high[None, :] + TOUCH)
    )


def groups(touch: Mask) -> list[tuple[list[int], list[int]]]:
    """Connected level and upright edges, as index lists; edges that meet nothing are left out.

    >>> groups(np.array([[True, False], [True, False], [False, False]]))
    [([0, 1], [0])]
    """
    of_level: list[list[int]] = [[] for _ in range(touch.shape[0])]
    of_upright: list[list[int]] = [[] for _ in range(touch.shape[1])]
    for k, u in np.argwhere(touch).tolist():
        of_level[k].append(u)
        of_upright[u].append(k)
    seen_level, seen_upright = [False] * len(of_level), [False] * len(of_upright)
    found: list[tuple[list[int], list[int]]] = []
    for start, partners in enumerate(of_level):
        if seen_level[start] or not partners:
            continue
        seen_level[start] = True
        levels, uprights, queue = [start], [], [start]
        while queue:
            for u in of_level[queue.pop()]:
                if seen_upright[u]:
                    continue
                seen_upright[u] = True
                uprights.append(u)
                fresh = [k for k in of_upright[u] if not seen_level[k]]
                for k in fresh:
                    seen_level[k] = True
                levels += fresh
                queue += fresh
        found.append((sorted(levels), sorted(uprights)))
    return found


def _positions(at: Floats, low: float, high: float) -> Floats:
    """The line positions of one direction, closed at ``low`` and ``high`` where edges stick out."""
    places = np.unique(at)
    keep = np.append(True, np.diff(places) > SNAP) if len(places) else places.astype(bool)
    places = places[keep]
    if not len(places) or places[0] - low > _OPEN:
        places = np.append(low, places)
    if high - places[-1] > _OPEN:
        places = np.append(places, high)
    return places


def walls_of(edges: Edges, lines: Floats, across: Floats) -> Mask:
    """Walls (lines, places across): an edge stands where it covers most of a place."""
    walls = np.zeros((len(lines), len(across) - 1), dtype=bool)
    line = np.abs(edges.at[:, None] - lines[None, :]).argmin(1)
    low, high = across[:-1], across[1:]
    for k, start, end in zip(line.tolist(), edges.low.tolist(), edges.high.tolist(), strict=True):
        first = int(np.searchsorted(high, start, "right"))
        last = int(np.searchsorted(low, end, "left")) - 1
        if first > last:
            continue
        if high[first] - max(start, low[first]) < _COVER * (high[first] - low[first]):
            first += 1
        if first <= last and min(end, high[last]) - max(start, low[last]) < _COVER * (high[last] - low[last]):
            last -= 1
        walls[k, first : last + 1] = True
    return walls


def build(level: Edges, upright: Edges, how: str) -> Lattice:
    """One lattice of connected edges, its outer border closed."""
    xs = _positions(upright.at, float(level.low.min()), float(level.high.max()))
    ys = _positions(level.at, float(upright.low.min()), float(upright.high.max()))
    level_walls, upright_walls = walls_of(level, ys, xs), walls_of(upright, xs, ys).T.copy()
    level_walls[[0, -1]] = True
    upright_walls[:, [0, -1]] = True
    return Lattice(xs, ys, level_walls, upright_walls, how)


def lattices(level: Edges, upright: Edges, how: str, least: int = 1) -> tuple[list[Lattice], Mask]:
    """All lattices of at least ``least`` rows, top first, and the mask of the level edges in none of them."""
    free = np.ones(len(level), dtype=bool)
    found: list[Lattice] = []
    if not len(level) or not len(upright):
        return found, free
    for levels, uprights in groups(meets(level, upright)):
        chosen = np.zeros(len(level), dtype=bool)
        chosen[levels] = True
        stands = np.zeros(len(upright), dtype=bool)
        stands[uprights] = True
        lattice = build(level.take(chosen), upright.take(stands), how)
        if lattice.level.shape[1] and lattice.upright.shape[0] >= least:
            found.append(lattice)
            free &= ~chosen
    found.sort(key=lambda one: (one.ys[0], one.xs[0]))
    return found, free


def outside_of(level: Edges, found: list[Lattice]) -> Mask:
    """Which level edges have their middle in none of the lattices."""
    outside = np.ones(len(level), dtype=bool)
    x = (level.low + level.high) / 2
    for lattice in found:
        x0, y0, x1, y1 = lattice.box
        outside &= (x < x0) | (x > x1) | (level.at < y0 - SNAP) | (level.at > y1 + SNAP)
    return outside


def _width(upright: list[bool], taken: list[int], col: int) -> int:
    """How many places a cell that starts at ``col`` spans to the right."""
    end = col + 1
    while end < len(taken) and not upright[end] and taken[end] < 0:
        end += 1
    return end - col


def _depth(lattice: tuple[list[list[bool]], list[list[bool]]], row: int, col: int, width: int) -> int:
    level, upright = lattice
    end = row + 1
    inner = slice(col + 1, col + width)
    while end < len(upright) and not any(level[end][col : col + width]) and not any(upright[end][inner]):
        end += 1
    return end - row


def cells_of(lattice: Lattice) -> tuple[list[Place], NDArray[np.int64]]:
    """Step 6: the cells of a lattice with their spans, and the number of the cell of each place.

    Places without a wall between them are one cell; where walls leave no rectangle, the upper
    left part is cut off as a cell of its own.

    >>> none = np.ones((2, 2), dtype=bool)
    >>> side = np.array([[True, False, True]])
    >>> cells_of(Lattice(np.arange(3.0), np.arange(2.0), none, side))[0]
    [Place(row=0, col=0, row_span=1, col_span=2)]
    """
    level, upright = lattice.level.tolist(), lattice.upright.tolist()
    rows, cols = len(upright), len(level[0])
    taken = [[-1] * cols for _ in range(rows)]
    places: list[Place] = []
    for row in range(rows):
        line = taken[row]
        for col in range(cols):
            if line[col] >= 0:
                continue
            width = _width(upright[row], line, col)
            depth = _depth((level, upright), row, col, width)
            number = len(places)
            places.append(Place(row, col, depth, width))
            for r in range(row, row + depth):
                taken[r][col : col + width] = [number] * width
    return places, np.array(taken, dtype=np.int64).reshape(rows, cols)


def compact(places: list[Place], lattice: Lattice) -> tuple[list[Place], int, int]:
    """Renumber rows and columns so that in each at least one cell starts; also the new row and column counts."""
    rows = sorted({p.row for p in places})
    cols = sorted({p.col for p in places})
    if len(rows) == len(lattice.ys) - 1 and len(cols) == len(lattice.xs) - 1:
        return places, len(rows), len(cols)
    row_no = np.searchsorted(rows, np.arange(len(lattice.ys) + 1)).tolist()
    col_no = np.searchsorted(cols, np.arange(len(lattice.xs) + 1)).tolist()
    renumbered = [
        Place(
            row_no[p.row],
            col_no[p.col],
            max(1, row_no[p.row + p.row_span] - row_no[p.row]),
            max(1, col_no[p.col + p.col_span] - col_no[p.col]),
        )
        for p in places
    ]
    return renumbered, len(rows), len(cols)
