"""The rectangles that drawn edges enclose on a lattice of unit boxes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Edges = NDArray[np.float64]
Region = tuple[int, int, int, int, float]


def enclosed(across: Edges, down: Edges, sure: float) -> tuple[list[Region], bool]:
    """Rectangles (row, col, row span, col span, sureness) and whether any border had to be guessed.

    ``across[i, j]`` is how far the edge above unit box (i, j) is drawn (0…1), ``down[i, j]`` the edge
    left of it; the outer edges are included, so the lattice has ``len(across) - 1`` rows. Where the
    drawn edges enclose no rectangle, the strongest weak edges are added until they do.

    >>> across = np.ones((3, 2)); down = np.ones((2, 3)); across[1, 0] = 0
    >>> enclosed(across, down, 0.6)[0]
    [(0, 0, 2, 1, 1.0), (0, 1, 1, 1, 1.0), (1, 1, 1, 1, 1.0)]
    """
    across, down = across.copy(), down.copy()
    repaired = False
    limit = sure
    for _ in range(40):
        groups = _flood(across >= sure, down >= sure)
        crooked = [group for group in groups if not _is_rectangle(group)]
        if not crooked:
            break
        repaired = True
        limit -= 0.1
        for group in crooked:
            if limit > 0.15:
                _strengthen(group, across, down, limit, sure)
            else:
                _cut(group, across, down)
    regions = []
    for group in _flood(across >= sure, down >= sure):
        rows, cols = [r for r, _ in group], [c for _, c in group]
        r0, c0, r1, c1 = min(rows), min(cols), max(rows), max(cols)
        regions.append((r0, c0, r1 - r0 + 1, c1 - c0 + 1, _sureness(across, down, (r0, c0, r1, c1))))
    return sorted(regions), repaired


def _flood(across: NDArray[np.bool_], down: NDArray[np.bool_]) -> list[set[tuple[int, int]]]:
    rows, cols = across.shape[0] - 1, across.shape[1]
    seen: set[tuple[int, int]] = set()
    groups = []
    for start in ((r, c) for r in range(rows) for c in range(cols)):
        if start in seen:
            continue
        group, stack = {start}, [start]
        while stack:
            r, c = stack.pop()
            for place, closed in (
                ((r - 1, c), across[r, c]),
                ((r + 1, c), across[r + 1, c]),
                ((r, c - 1), down[r, c]),
                ((r, c + 1), down[r, c + 1]),
            ):
                inside = 0 <= place[0] < rows and 0 <= place[1] < cols
                if inside and not closed and place not in group:
                    group.add(place)
                    stack.append(place)
        seen |= group
        groups.append(group)
    return groups


def _is_rectangle(group: set[tuple[int, int]]) -> bool:
    rows, cols = {r for r, _ in group}, {c for _, c in group}
    whole = (max(rows) - min(rows) + 1) * (max(cols) - min(cols) + 1)
    return whole == len(group)


def _strengthen(group: set[tuple[int, int]], across: Edges, down: Edges, limit: float, sure: float) -> None:
    """Take the weak edges inside a crooked group, from ``limit`` up, as drawn."""
    for r, c in group:
        if (r - 1, c) in group and limit <= across[r, c] < sure:
            across[r, c] = sure
        if (r, c - 1) in group and limit <= down[r, c] < sure:
            down[r, c] = sure


def _cut(group: set[tuple[int, int]], across: Edges, down: Edges) -> None:
    """Cut the widest rectangle that starts at the group's first box off the rest."""
    r0, c0 = min(group)
    c1 = c0
    while (r0, c1 + 1) in group:
        c1 += 1
    r1 = r0
    while all((r1 + 1, c) in group for c in range(c0, c1 + 1)):
        r1 += 1
    across[r0, c0 : c1 + 1] = 1.0
    across[r1 + 1, c0 : c1 + 1] = 1.0
    down[r0 : r1 + 1, c0] = 1.0
    down[r0 : r1 + 1, c1 + 1] = 1.0


def _sureness(across: Edges, down: Edges, box: tuple[int, int, int, int]) -> float:
    r0, c0, r1, c1 = box
    edges = [
        across[r0, c0 : c1 + 1].min(),
        across[r1 + 1, c0 : c1 + 1].min(),
        down[r0 : r1 + 1, c0].min(),
        down[r0 : r1 + 1, c1 + 1].min(),
    ]
    return round(float(min(edges)), 3)
