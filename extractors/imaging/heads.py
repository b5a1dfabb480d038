"""The columns of a table without rulings: between the heads of the columns run the gutters.

The head row is the one whose gutters the lines below cross least. Labels that stand left of all heads
are a column of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extractors.imaging.geometry import Rect

_COVERED = 0.03  # a gutter may be crossed by this share of the lines
_WHOLE = 0.3  # what a line with room at the place counts against one without
_LEAST_HEADS, _LEAST_BELOW = 3, 8


def columns_of(pieces: Sequence[Rect], whole: Sequence[Rect], em: float) -> tuple[list[float], float]:
    """Left and right ends of the columns, and the height of their heads; no ends where there is no head row.

    ``pieces`` are the lines parted at their wide rooms, ``whole`` the lines as found.

    >>> lines = [(x, y, x + 60.0, y + 20.0) for y in range(0, 400, 40) for x in (0.0, 100.0, 200.0)]
    >>> columns_of(lines, lines, 20.0)
    ([0.0, 79.5, 179.5, 260.0], 10.0)
    """
    best: tuple[tuple[int, float], list[float], float] | None = None
    for height, row in _rows(pieces, em):
        edges, rank = _gutters(row, _below(pieces, height), _below(whole, height))
        if edges and (best is None or rank > best[0]):
            best = (rank, edges, height)
    if best is None:
        return [], 0.0
    return _beside(best[1], best[2], pieces), best[2]


def _rows(pieces: Sequence[Rect], em: float) -> list[tuple[float, list[tuple[float, float]]]]:
    """Heights at which three or more texts stand side by side, with their stretches."""
    middles = np.array([(p[1] + p[3]) / 2 for p in pieces])
    rows = []
    last = -em
    for height in np.sort(middles).tolist():
        near = np.flatnonzero(np.abs(middles - height) < 0.5 * em).tolist()
        stretches: list[tuple[float, float]] = []
        for low, high in sorted((pieces[i][0], pieces[i][2]) for i in near):
            if stretches and low < stretches[-1][1]:
                stretches[-1] = (stretches[-1][0], max(high, stretches[-1][1]))
            else:
                stretches.append((low, high))
        if len(stretches) >= _LEAST_HEADS and height - last > 0.2 * em:
            rows.append((height, stretches))
            last = height
    return rows


def _below(pieces: Sequence[Rect], height: float) -> list[Rect]:
    return [piece for piece in pieces if piece[3] > height]


def _crossings(pieces: Sequence[Rect], left: float, width: int) -> NDArray[np.float64]:
    steps = np.zeros(width + 2)
    for x0, _, x1, _ in pieces:
        steps[int(np.clip(x0 - left, 0, width))] += 1
        steps[int(np.clip(x1 - left, 0, width))] -= 1
    return np.cumsum(steps)[:width]


def _gutters(
    heads: list[tuple[float, float]], pieces: list[Rect], whole: list[Rect]
) -> tuple[list[float], tuple[int, float]]:
    """The ends of the columns between heads, and how good they are: clear gutters less crossed ones."""
    if len(pieces) < _LEAST_BELOW + len(heads):
        return [], (0, 0.0)
    left, right = min(p[0] for p in pieces), max(p[2] for p in pieces)
    width = int(right - left) + 1
    parted, found = _crossings(pieces, left, width), _crossings(whole, left, width)
    edges, clear, cost = [left], 0, 0.0
    for (_, end), (start, _) in pairwise(heads):
        # A head may stand beyond all that stands below it.
        low = min(int(end - left), width - 1)
        high = max(low + 1, int(start - left))
        place = low + _emptiest(parted[low:high] + _WHOLE * found[low:high])
        crossed = float(parted[min(int(place), width - 1)])
        if crossed <= max(1.0, _COVERED * len(pieces)):
            clear += 1
            cost += crossed
            edges.append(left + place)
        else:
            clear -= 1
    return [*edges, right], (clear, -cost)


def _emptiest(cost: NDArray[np.float64]) -> float:
    """The middle of the longest stretch of least cost."""
    least = cost <= cost.min() + 1e-9
    ends = np.flatnonzero(np.diff(np.concatenate([[0], least.astype(np.int8), [0]]))).reshape(-1, 2)
    low, high = ends[int(np.argmax(ends[:, 1] - ends[:, 0]))]
    return float(low + high - 1) / 2


def _beside(edges: list[float], height: float, pieces: Sequence[Rect]) -> list[float]:
    """The edges with one more where labels stand left of everything else below the heads."""
    lower = [p for p in pieces if p[3] > height and p[0] < edges[1]]
    left, width = edges[0], int(edges[1] - edges[0])
    if len(lower) < _LEAST_HEADS or width < 2:
        return edges
    crossed = _crossings(lower, left, width)
    first = min((p[2] for p in lower), default=left)
    start = max(1, int(first - left))
    free = np.flatnonzero(crossed[start:] == 0) + start
    free = free[free < width - 1]
    right_of = [p for p in lower if free.size and p[0] >= left + free[0]]
    if not free.size or len(right_of) < 2:
        return edges
    run = free[: int(np.flatnonzero(np.diff(np.append(free, free[-1] + 9)) > 1)[0]) + 1]
    return [left, left + float(run[0] + run[-1]) / 2, *edges[1:]]
