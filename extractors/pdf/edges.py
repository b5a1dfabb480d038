"""Step 4: rules become edges: level or upright lines, snapped to common places and joined end to end.

Double and thick rules snap into one line, dashes and the short pieces that some exporters draw a
rule with join into one stretch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from extractors.pdf.chars import Floats, Ints
from extractors.pdf.paths import THIN

SNAP = 3.2  # points: lines closer than this are one line (a double rule); no row of text is that low
JOIN = 3.6  # points between two stretches of one rule
_DASH_JOIN = 6.5  # points between two dashes
_DASH = 12.0  # points: a shorter stretch may be a dash
_SHORT = 5.0  # points: what stays shorter after joining bounds nothing
_ROUND = 2.5  # longer than this many times its breadth, a speck is a short stroke of its own direction
_STRIDE = 1e5  # keeps the places of different lines apart in one running maximum


@dataclass(frozen=True, slots=True)
class Edges:
    """Lines of one direction: ``at`` (n,) across, ``low`` and ``high`` (n,) along, sorted by ``at``.

    ``ends`` holds all ends of the printed pieces before joining: exporters that draw a rule cell by
    cell betray columns by them.
    """

    at: Floats
    low: Floats
    high: Floats
    ends: Floats

    def __len__(self) -> int:
        return len(self.at)

    def take(self, keep: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Edges:
        """The edges that a mask selects."""
        return Edges(self.at[keep], self.low[keep], self.high[keep], self.ends)


def snap(values: Floats, tolerance: float = SNAP) -> tuple[Floats, Ints]:
    """Common places of sorted-or-not ``values``: (places, place number of each value).

    A place takes in what lies within ``tolerance`` of its first value, so chains cannot creep.

    >>> places, which = snap(np.array([10.0, 50.0, 11.0]))
    >>> places.tolist(), which.tolist()
    ([10.5, 50.0], [0, 1, 0])
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = [0] if len(ordered) else []
    jumps = np.flatnonzero(np.diff(ordered) > 1e-9) + 1
    first = ordered[0] if len(ordered) else 0.0
    for i, value in zip(jumps.tolist(), ordered[jumps].tolist(), strict=True):
        if value - first > tolerance:
            starts.append(i)
            first = value
    number = np.zeros(len(ordered), dtype=np.int64)
    if len(starts) > 1:
        number[starts[1:]] = 1
        number = np.cumsum(number)
    which = np.empty_like(number)
    which[order] = number
    if not starts:
        return ordered, which
    sums = np.add.reduceat(ordered, starts)
    return sums / np.diff([*starts, len(ordered)]), which


def join(at: Floats, low: Floats, high: Floats) -> Edges:
    """Snap lines to common places and join the stretches of each."""
    if not len(at):
        return Edges(at, low, high, at)
    places, which = snap(at)
    order = np.lexsort((low, which))
    place, start, end = which[order], low[order], high[order]
    ends = np.concatenate((low, high))
    reach = np.maximum.accumulate(end + place * _STRIDE)
    short = (end - start < _DASH).astype(np.float64)
    slack = np.where(np.append(0.0, short[:-1]) * short > 0, _DASH_JOIN, JOIN)
    new = np.ones(len(start), dtype=bool)
    new[1:] = start[1:] + place[1:] * _STRIDE > reach[:-1] + slack[1:]
    firsts = np.flatnonzero(new)
    line = place[firsts]
    high_joined = np.maximum.reduceat(end, firsts)
    low_joined = start[firsts]
    keep = high_joined - low_joined >= _SHORT
    return Edges(places[line][keep], low_joined[keep], high_joined[keep], ends)


def _nearest(line: Floats, place: Floats) -> Floats:
    """The distance of each dot to its nearest neighbour on the same line."""
    _, which = snap(line, 1.0)
    order = np.lexsort((place, which))
    gap = np.where(np.diff(which[order]) == 0, np.diff(place[order]), np.inf)
    nearest = np.full(len(line), np.inf)
    nearest[order[:-1]] = gap
    nearest[order[1:]] = np.minimum(nearest[order[1:]], gap)
    return nearest


def _neighbours(specks: Floats) -> tuple[Floats, Floats]:
    """Distance of each speck to its nearest neighbour on its level, and above or below it."""
    x, y = (specks[:, 0] + specks[:, 2]) / 2, (specks[:, 1] + specks[:, 3]) / 2
    return _nearest(y, x), _nearest(x, y)


def edges_of(rules: Floats, sides: Floats) -> tuple[Edges, Edges]:
    """Level and upright edges of thin boxes ``rules`` and of the ``sides`` of fills, both (n, 4).

    A speck (both extents small) is a dot of a dotted rule: its nearest neighbours say of which.
    """
    boxes = np.concatenate((rules, sides)) if len(sides) else rules
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    speck = (width <= THIN) & (height <= THIN)
    speck &= np.maximum(width, height) < _ROUND * np.minimum(width, height)
    level = (height <= THIN) & (width > height) & ~speck
    upright = (width <= THIN) & (height > width) & ~speck
    if speck.any():
        along, across = _neighbours(boxes[speck])
        level[speck], upright[speck] = along <= across, across <= along
    y, x = (boxes[:, 1] + boxes[:, 3]) / 2, (boxes[:, 0] + boxes[:, 2]) / 2
    return (
        join(y[level], boxes[level, 0], boxes[level, 2]),
        join(x[upright], boxes[upright, 1], boxes[upright, 3]),
    )


def sides_of(fills: Floats) -> Floats:
    """The four sides of each fill as boxes without thickness.

    >>> sides_of(np.array([[0.0, 0.0, 9.0, 5.0]])).tolist()
    [[0.0, 0.0, 9.0, 0.0], [0.0, 5.0, 9.0, 5.0], [0.0, 0.0, 0.0, 5.0], [9.0, 0.0, 9.0, 5.0]]
    """
    x0, y0, x1, y1 = fills.T
    return np.concatenate(
        [
            np.column_stack(side)
            for side in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
        ]
    )
