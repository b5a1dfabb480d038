"""Tables without upright rules: rows from level rules or text lines, columns from rule ends and gutters.

A zone is a stack of level rules of one width, or a stretch of lines with gaps that line up. Prose
has neither: its lines have no gaps, and the columns of a two-column page are full of long lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from extractors.pdf.chars import Chars, Floats, Ints
from extractors.pdf.edges import SNAP, Edges, snap
from extractors.pdf.lattice import Lattice, Mask, walls_of
from extractors.pdf.merges import open_edges
from extractors.pdf.segments import Segments, gutters, outside, row_gaps, segments_of
from extractors.pdf.stretches import aligned, page_sides, row_edges, stretches
from extractors.pdf.unruled import unruled

Box = tuple[float, float, float, float]
_WIDE = 60.0  # points: a narrower stack of rules is no table
_SLACK = 8.0  # points by which rules of one stack may differ at their outer ends
_FULL = 0.78  # of a column's width: lines of prose fill their column
_LEADING = 0.6  # of the usual height: lines of one row stand no further apart
_OPEN_LINES = 8  # more lines than this beyond a rule are no row of its table
_LEAST_GLYPHS = 24  # fewer glyphs make no table without rules: a title, a unit, a page number
_FEW = 4  # bands: a table of more rules has one for each row, unless most bands are deep
_LONG = 18  # glyphs: a segment of prose is at least this long


def _zones(level: Edges, tall: float, segments: Segments) -> list[Mask]:
    """Stacks of level edges: each edge within the reach of the widest one before it, no title between."""
    zones: list[tuple[float, float, float, list[int]]] = []
    for i, (y, low, high) in enumerate(
        zip(level.at.tolist(), level.low.tolist(), level.high.tolist(), strict=True)
    ):
        for k, (x0, x1, last, members) in enumerate(zones):
            inside = low >= x0 - _SLACK and high <= x1 + _SLACK
            around = low <= x0 + _SLACK and high >= x1 - _SLACK
            ends = high - low > x1 - x0 - _SLACK and _spans(level, members[-1]) > x1 - x0 - _SLACK
            parted = ends and _between_tables(segments, (x0, last, x1, y))
            if y - last <= tall and (inside or around) and not parted:
                zones[k] = (min(x0, low), max(x1, high), y, [*members, i])
                break
        else:
            zones.insert(0, (low, high, y, [i]))
    masks = []
    for x0, x1, _, members in zones:
        if len(members) >= 2 and x1 - x0 >= _WIDE:
            mask = np.zeros(len(level), dtype=bool)
            mask[members] = True
            masks.append(mask)
    return masks


def _spans(level: Edges, k: int) -> float:
    return float(level.high[k] - level.low[k])


def _between_tables(segments: Segments, box: Box) -> bool:
    """Whether a band between two rules lies between two tables: lines of one text each.

    They are set off by space above, or they line up neither at the left nor in the middle, as the
    lines of one cell would (a signature and the next title do not).
    """
    part = _within(segments, box)
    if len(part) < 2 or len(np.unique(part.line)) < len(part):
        return False
    height = float(np.median(part.boxes[:, 3] - part.boxes[:, 1]))
    above, below = float(part.boxes[:, 1].min()) - box[1], box[3] - float(part.boxes[:, 3].max())
    if above > height and above > 1.8 * below:
        return True
    left, middle = part.boxes[:, 0], (part.boxes[:, 0] + part.boxes[:, 2]) / 2
    apart = bool((part.boxes[1:, 1] > part.boxes[:-1, 3] - 0.3 * height).all())
    return apart and bool(np.ptp(left) > 3 * height and np.ptp(middle) > 3 * height)


def _rule_ends(pieces: Floats, box: Box) -> list[float]:
    """Column places inside a zone at which at least two pieces of its rules end."""
    x0, y0, x1, y1 = box
    level = (pieces[:, 3] - pieces[:, 1] <= pieces[:, 2] - pieces[:, 0]) & (pieces[:, 1] >= y0 - SNAP)
    mine = pieces[
        level & (pieces[:, 3] <= y1 + SNAP) & (pieces[:, 0] >= x0 - SNAP) & (pieces[:, 2] <= x1 + SNAP)
    ]
    if not len(mine):
        return []
    places, which = snap(np.concatenate((mine[:, 0], mine[:, 2])))
    counts = np.bincount(which)
    inner = (counts >= 2) & (places > x0 + SNAP) & (places < x1 - SNAP)
    return [float(p) for p in places[inner]]


def _rows(ys: Floats, part: Segments) -> Floats:
    """Row edges: the rules; where rules part groups of rows, bands are cut between their lines too."""
    band = np.clip(np.searchsorted(ys, part.middle, "right") - 1, 0, len(ys) - 2)
    pairs = np.unique(np.column_stack((band, part.line)), axis=0)
    deep = np.bincount(pairs[:, 0], minlength=len(ys) - 1) >= 3
    if len(ys) - 1 > _FEW and deep.mean() < 0.5:
        return ys
    out: list[float] = []
    for k in range(len(ys) - 1):
        out.append(float(ys[k]))
        mine = band == k
        lines, counts = np.unique(part.line[mine], return_counts=True)
        if len(lines) >= 3 and (counts >= 2).mean() >= 0.6 and _stacked(part, mine, lines):
            out += _between(part, mine, lines)
    return np.array([*out, float(ys[-1])])


def _stacked(part: Segments, mine: Mask, lines: Ints) -> bool:
    """Whether the lines stand one below the other; wrapped texts of one row lie between each other."""
    tops = np.array([part.boxes[mine & (part.line == k), 1].min() for k in lines.tolist()])
    bottoms = np.array([part.boxes[mine & (part.line == k), 3].max() for k in lines.tolist()])
    return bool((bottoms[:-1] - tops[1:] < 0.35 * (bottoms - tops)[1:]).mean() > 0.7)


def _between(part: Segments, mine: Mask, lines: Ints) -> list[float]:
    """Edges half-way between neighbouring lines; a line without its first text goes on with the one before."""
    left = float(part.boxes[mine, 0].min())
    edges = []
    for above, line in zip(lines[:-1].tolist(), lines[1:].tolist(), strict=True):
        a, b = part.boxes[mine & (part.line == above)], part.boxes[mine & (part.line == line)]
        height = float(np.median(b[:, 3] - b[:, 1]))
        starts = float(b[:, 0].min())
        tight = float(b[:, 1].min() - a[:, 3].max()) < 0.3 * height
        if tight and starts > left + 3 * height and len(b) < len(a):
            continue
        edges.append(float((a[:, 3].max() + b[:, 1].min()) / 2))
    return edges


def is_prose(part: Segments, xs: Floats) -> bool:
    """Whether the texts between column edges are running text set in columns."""
    col = np.clip(np.searchsorted(xs, (part.boxes[:, 0] + part.boxes[:, 2]) / 2, "right") - 1, 0, len(xs) - 2)
    width = (xs[1:] - xs[:-1])[col]
    full = (part.boxes[:, 2] - part.boxes[:, 0] > _FULL * width) & (part.glyphs >= _LONG)
    return bool(full.mean() > 0.45)


def _lattice(
    part: Segments, ys: Floats, x: tuple[float, float], level: Edges, pieces: Floats
) -> Lattice | None:
    """The lattice of one zone, or None when its texts do not stand in columns."""
    rows = np.clip(np.searchsorted(ys, part.middle, "right") - 1, 0, len(ys) - 2)
    ends = _rule_ends(pieces, (x[0], float(ys[0]), x[1], float(ys[-1])))
    gaps = row_gaps(part.boxes, rows)
    inner = sorted([*ends, *gutters(gaps, ends, 2 if len(ys) > 3 else 1)])
    if not inner:
        return None
    xs = np.array([x[0], *inner, x[1]])
    xs = xs[np.append(True, np.diff(xs) > SNAP)]
    several = np.bincount(rows, minlength=len(ys) - 1)
    if len(xs) < 3 or (several >= 2).sum() < 2 or is_prose(part, xs):
        return None
    walls = walls_of(level, ys, xs) if len(level) else np.zeros((len(ys), len(xs) - 1), dtype=bool)
    cut = (
        ~np.isin(np.arange(len(ys)), np.abs(level.at[:, None] - ys[None, :]).argmin(1))
        if len(level)
        else None
    )
    walls[cut if cut is not None else slice(None)] = True
    walls[[0, -1]] = True
    upright = np.ones((len(ys) - 1, len(xs)), dtype=bool)
    upright[:, 1:-1] = ~open_edges(part.boxes, rows, xs, walls)
    return Lattice(xs, ys, walls, upright, "columns" if len(level) else "text")


def _free_chars(chars: Chars, found: list[Lattice]) -> Chars:
    x, y = (chars.boxes[:, 0] + chars.boxes[:, 2]) / 2, (chars.boxes[:, 1] + chars.boxes[:, 3]) / 2
    free = np.ones(len(chars), dtype=bool)
    for lattice in found:
        x0, y0, x1, y1 = lattice.box
        free &= ~((x > x0) & (x < x1) & (y > y0) & (y < y1))
    return chars if free.all() else chars.take(free)


def _within(segments: Segments, box: Box) -> Segments:
    x0, y0, x1, y1 = box
    b = segments.boxes
    keep = (segments.middle > y0) & (segments.middle < y1) & (b[:, 0] > x0 - _SLACK) & (b[:, 2] < x1 + _SLACK)
    return Segments(b[keep], segments.line[keep], segments.glyphs[keep])


def column_lattices(
    chars: Chars, level: Edges, pieces: Floats, found: list[Lattice], size: tuple[float, float]
) -> list[Lattice]:
    """Lattices of a page's tables that have no upright rules.

    ``level`` are the level edges that no lattice uses, ``pieces`` the rules before joining,
    ``found`` the lattices so far: their text is left alone.
    """
    free = _free_chars(chars, found)
    if len(level) < 2 and len(free) < _LEAST_GLYPHS:
        return []
    segments = segments_of(free)
    out = level_lattices(segments, level, pieces, size, partial(_cut_again, free)) if len(level) >= 2 else []
    for lattice in out:
        segments = outside(segments, lattice.box)
    no_rules = level.take(np.zeros(len(level), dtype=bool))
    bare = not found and not out
    for side in page_sides(segments, size[0]):
        own = _of_text(side, no_rules)
        whole = unruled(side, partial(_cut_again, free, _box(side))) if own and bare else None
        out += [whole] if whole is not None else own
    return out


def _of_text(side: Segments, no_rules: Edges) -> list[Lattice]:
    """Lattices of the stretches of texts that stand in columns."""
    out = []
    for part, rows in stretches(side):
        x = float(part.boxes[:, 0].min()) - 2.0, float(part.boxes[:, 2].max()) + 2.0
        if aligned(part, rows):
            one = _lattice(part, row_edges(part, rows), x, no_rules, np.zeros((0, 4)))
            if one is not None:
                out.append(one)
    return out


def level_lattices(
    segments: Segments,
    level: Edges,
    pieces: Floats,
    size: tuple[float, float],
    again: Callable[[Box, Sequence[float]], Segments] | None = None,
    *,
    cut: bool = True,
) -> list[Lattice]:
    """Lattices of the tables that ``level`` rules alone hold, of texts from a text layer or a picture alike.

    ``again`` cuts the texts in a box anew where the ends of rules betray its columns; bands that hold
    groups of rows are ``cut`` between their lines.
    """
    out: list[Lattice] = []
    for mask in _zones(level, 0.4 * size[1], segments):
        edges = level.take(mask)
        x = float(edges.low.min()), float(edges.high.max())
        ys = _with_open_ends(segments, edges.at, x)
        box = (x[0], float(ys[0]), x[1], float(ys[-1]))
        part = _within(segments, box)
        if len(part) < 4:
            continue
        if again is not None and (ends := _rule_ends(pieces, box)):
            part = again(box, ends)
        lattice = _lattice(part, _rows(ys, part) if cut else ys, x, edges, pieces)
        if lattice is not None:
            out.append(lattice)
    return out


def _cut_again(chars: Chars, box: Box, ends: Sequence[float]) -> Segments:
    return _within(segments_of(_within_glyphs(chars, box), ends), box)


def _box(segments: Segments) -> Box:
    x0, y0, x1, y1 = segments.boxes.T
    return float(x0.min()), float(y0.min()), float(x1.max()), float(y1.max())


def _within_glyphs(chars: Chars, box: Box) -> Chars:
    x0, y0, x1, y1 = box
    y = (chars.boxes[:, 1] + chars.boxes[:, 3]) / 2
    return chars.take(
        (y > y0) & (y < y1) & (chars.boxes[:, 0] > x0 - _SLACK) & (chars.boxes[:, 2] < x1 + _SLACK)
    )


def _with_open_ends(segments: Segments, ys: Floats, x: tuple[float, float]) -> Floats:
    """Row edges with one more row above the first and below the last rule where texts side by side adjoin."""
    part = _within(segments, (x[0], -np.inf, x[1], np.inf))
    if not len(part):
        return ys
    top, bottom, middle = part.boxes[:, 1], part.boxes[:, 3], part.middle
    height = float(np.median(bottom - top))
    above = _adjoining(part, ys[0] - bottom, bottom - top, middle < ys[0], height)
    below = _adjoining(part, top - ys[-1], bottom - top, middle > ys[-1], height)
    out = ys
    if above.any():
        out = np.append(float(top[above].min()) - 1.0, out)
    if below.any():
        out = np.append(out, float(bottom[below].max()) + 1.0)
    return out


def _adjoining(part: Segments, distance: Floats, tall: Floats, beyond: Mask, height: float) -> Mask:
    """The texts beyond a rule that follow it closely, line by line, when the nearest lines hold several side by side."""
    chosen = np.zeros(len(part), dtype=bool)
    reach = 0.0
    for k in np.argsort(np.where(beyond, distance, np.inf)).tolist()[: int(beyond.sum())]:
        if distance[k] > reach + (height if not chosen.any() else _LEADING * height):
            break
        chosen[k] = True
        reach = max(reach, float(distance[k] + tall[k]))
    lines, counts = np.unique(part.line[chosen], return_counts=True)
    several = len(lines) and len(lines) <= _OPEN_LINES and counts.max() >= 2
    return chosen if several else np.zeros(len(part), dtype=bool)
