"""From ruling lines to cells: levels of lines, the edges that are really drawn, and what they enclose."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.blobs import blobs, chosen, measures
from extractors.imaging.geometry import Gray, Rect, as_grey, flipped
from extractors.imaging.regions import Region, enclosed
from extractors.imaging.rules import Rules

_LEAST_CELLS, _MOST_CELLS = 4, 3_000
_SURE = 0.6  # an edge covered this far is drawn
_TABLE_WIDE, _TABLE_HIGH = 8.0, 2.5  # least size of a table, in character heights


@dataclass(frozen=True)
class LatticeCell:
    """A cell of a ruled table: its place and spans, its box in pixels, and how sure its borders are."""

    row: int
    col: int
    row_span: int
    col_span: int
    box: Rect
    sure: float


@dataclass(frozen=True)
class Lattice:
    """One ruled table of a page: its levels in pixels and its cells in reading order."""

    rows: tuple[float, ...]
    cols: tuple[float, ...]
    cells: tuple[LatticeCell, ...]
    repaired: bool

    @property
    def box(self) -> Rect:
        """The outer box in pixels."""
        return self.cols[0], self.rows[0], self.cols[-1], self.rows[-1]


def find_lattices(rules: Rules) -> list[Lattice]:
    """The ruled tables of a straight page, from top to bottom; open sides are closed."""
    found: list[Lattice] = []
    for box, own in _tables(rules):
        if any(_inside(box, taken.box) for taken in found):
            continue
        alone = _lattice(own, box)
        # The edge of the paper is a frame too: it holds the table but is none itself.
        if alone is None or len(alone.cells) < _LEAST_CELLS:
            continue
        lattice = alone if _same(own, rules, box) else _lattice(rules, box)
        if lattice is not None and _believable(lattice, rules.em):
            found.append(lattice)
    return sorted(found, key=lambda lattice: (lattice.box[1], lattice.box[0]))


def _same(own: Rules, rules: Rules, box: Rect) -> bool:
    """Whether no other ruling stands in a table's box: then it need not be looked at twice."""
    x0, y0, x1, y1 = (int(side) for side in box)
    pairs = ((own.across, rules.across), (own.down, rules.down))
    return all(np.array_equal(one[y0:y1, x0:x1], two[y0:y1, x0:x1]) for one, two in pairs)


def _believable(lattice: Lattice, em: float) -> bool:
    """Whether the cells could hold text: noise gives many tiny ones."""
    heights = np.array([cell.box[3] - cell.box[1] for cell in lattice.cells])
    return len(heights) <= _MOST_CELLS and float(np.median(heights)) > 0.9 * em


def _tables(rules: Rules) -> list[tuple[Rect, Rules]]:
    """Boxes of connected rulings large enough to be a table, largest first, with their own rulings alone."""
    reach = int(rules.em * 0.7) | 1
    union = cv2.dilate(cv2.bitwise_or(rules.across, rules.down), np.ones((reach, reach), np.uint8))
    _, labels, stats, _ = blobs(union)
    runs = measures(rules.across).tolist()
    long = [(x, y, x + w, y + h) for x, y, w, h, _ in runs if w >= _TABLE_WIDE * rules.em]
    tables: list[tuple[Rect, Rules]] = []
    for label in sorted(range(1, len(stats)), key=lambda i: -int(stats[i][2]) * int(stats[i][3])):
        x, y, w, h, _ = stats[label].tolist()
        box = (float(x), float(y), float(x + w), float(y + h))
        # The strokes of a large title touch one another too, but hold no long line.
        if h < _TABLE_HIGH * rules.em or sum(_inside(line, box) for line in long) < 2:
            continue
        mine = chosen(labels, np.arange(len(stats)) == label)
        across, down = (as_grey(cv2.bitwise_and(mine, mask)) for mask in (rules.across, rules.down))
        tables.append((box, Rules(across, down, rules.em)))
    return tables


def _inside(box: Rect, other: Rect) -> bool:
    slack = 2.0
    return (
        box[0] >= other[0] - slack
        and box[1] >= other[1] - slack
        and box[2] <= other[2] + slack
        and box[3] <= other[3] + slack
    )


def _lattice(rules: Rules, box: Rect) -> Lattice | None:
    x0, y0, x1, y1 = (int(side) for side in box)
    across, down = rules.across[y0:y1, x0:x1], rules.down[y0:y1, x0:x1]
    upright = flipped(down)
    ys = _levels(across, rules.em)
    xs = _levels(upright, rules.em)
    if len(ys) < 2 or len(xs) < 1:
        return None
    xs = _close_sides(xs, across, rules.em)
    ys = _close_sides(ys, upright, rules.em)
    if len(xs) < 3:  # one column of boxes is a frame around text, not a table
        return None
    across_drawn = _coverage(across, ys, xs, rules.em)
    down_drawn = _coverage(upright, xs, ys, rules.em).T
    across_drawn[[0, -1], :] = 1.0
    down_drawn[:, [0, -1]] = 1.0
    ys, across_drawn, down_drawn = _drop_idle(ys, across_drawn, down_drawn)
    xs, down_t, across_t = _drop_idle(xs, down_drawn.T, across_drawn.T)
    down_drawn, across_drawn = down_t.T, across_t.T
    regions, repaired = enclosed(across_drawn, down_drawn, _SURE)
    regions, ys, xs = _used(regions, ys, xs)
    rows = tuple(y + y0 for y in ys)
    cols = tuple(x + x0 for x in xs)
    cells = [
        LatticeCell(r, c, rs, cs, (cols[c], rows[r], cols[c + cs], rows[r + rs]), sure)
        for r, c, rs, cs, sure in regions
    ]
    return Lattice(rows, cols, tuple(cells), repaired)


def _used(
    regions: list[Region], ys: list[float], xs: list[float]
) -> tuple[list[Region], list[float], list[float]]:
    """Leave out levels at which no cell begins: a row of strokes that looked like a line parts nothing."""
    rows, cols = sorted({region[0] for region in regions}), sorted({region[1] for region in regions})
    new_row = np.searchsorted(rows, np.arange(len(ys)))
    new_col = np.searchsorted(cols, np.arange(len(xs)))
    kept = [
        (
            int(new_row[r]),
            int(new_col[c]),
            int(new_row[r + rs] - new_row[r]),
            int(new_col[c + cs] - new_col[c]),
            sure,
        )
        for r, c, rs, cs, sure in regions
    ]
    return kept, [*(ys[r] for r in rows), ys[-1]], [*(xs[c] for c in cols), xs[-1]]


def _levels(mask: Gray, em: float) -> list[float]:
    """Where lines run, clustered: pieces closer than a third of a character are one (double) line."""
    count, labels, stats, centres = blobs(mask)
    runs: list[tuple[float, float]] = []
    for label in range(1, count):
        x, y, w, h, _ = stats[label].tolist()
        if w < em:
            continue
        if h <= max(6.0, em * 0.35):
            runs.append((float(centres[label][1]), float(w)))
        else:  # several lines grown together by a stroke: take them row by row
            runs.extend(_split_rows(labels[y : y + h, x : x + w] == label, y, em))
    return _cluster(runs, em)


def _split_rows(part: NDArray[np.bool_], top: int, em: float) -> list[tuple[float, float]]:
    profile = part.sum(axis=1)
    strong = profile >= em * 1.5
    runs, start = [], None
    for i, on in enumerate([*strong.tolist(), False]):
        if on and start is None:
            start = i
        elif not on and start is not None:
            weights = profile[start:i]
            runs.append((top + float(np.average(np.arange(start, i), weights=weights)), float(weights.max())))
            start = None
    return runs


def _cluster(runs: list[tuple[float, float]], em: float) -> list[float]:
    levels: list[list[tuple[float, float]]] = []
    for place, length in sorted(runs):
        if levels and place - _mean(levels[-1]) < em * 0.4:
            levels[-1].append((place, length))
        else:
            levels.append([(place, length)])
    return [_mean(level) for level in levels]


def _mean(level: list[tuple[float, float]]) -> float:
    return sum(place * length for place, length in level) / sum(length for _, length in level)


def _close_sides(levels: list[float], crossing: Gray, em: float) -> list[float]:
    """Add the ends of the crossing lines as levels where a table has no frame on that side."""
    hits = np.flatnonzero((crossing > 0).any(axis=0))
    if not hits.size:
        return levels
    low, high = float(hits[0]), float(hits[-1])
    if levels[0] - low > em:
        levels = [low, *levels]
    if high - levels[-1] > em:
        levels = [*levels, high]
    return levels


def _coverage(mask: Gray, levels: list[float], crossings: list[float], em: float) -> NDArray[np.float64]:
    """For each level and each stretch between two crossings, the share of the stretch that is drawn."""
    reach = max(3, int(em * 0.22))
    inset = max(2, int(em * 0.15))
    drawn = np.zeros((len(levels), max(1, len(crossings) - 1)))
    for i, level in enumerate(levels):
        low, high = max(0, int(level) - reach), int(level) + reach + 2
        line = np.asarray((mask[low:high] > 0).any(axis=0), dtype=bool)
        for j in range(len(crossings) - 1):
            start, end = int(crossings[j]) + inset, int(crossings[j + 1]) - inset
            if end <= start:
                start, end = int(crossings[j]), int(crossings[j + 1]) + 1
            drawn[i, j] = float(line[start:end].mean()) if end > start else 0.0
    return drawn


def _drop_idle(
    levels: list[float], own: NDArray[np.float64], other: NDArray[np.float64]
) -> tuple[list[float], NDArray[np.float64], NDArray[np.float64]]:
    """Drop levels along which no stretch is drawn; the crossing edges on both sides become one."""
    i = 1
    while i < len(levels) - 1:
        if (own[i] >= _SURE).any():
            i += 1
            continue
        above, below = levels[i] - levels[i - 1], levels[i + 1] - levels[i]
        merged = (other[i - 1] * above + other[i] * below) / (above + below)
        other = np.vstack([other[: i - 1], merged[None], other[i + 1 :]])
        own = np.delete(own, i, axis=0)
        levels = [*levels[:i], *levels[i + 1 :]]
    return levels, own, other
