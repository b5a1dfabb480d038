"""Tables without any rule: stretches of lines whose gaps line up."""

from __future__ import annotations

import numpy as np

from extractors.pdf.chars import Floats, Ints
from extractors.pdf.lattice import Mask
from extractors.pdf.segments import Segments, gutters, row_gaps

_APART = 2.6  # of the usual height: rows further apart belong to different tables
_LEAST = 3  # rows of several texts
_INDENT = 2.5  # of the usual height: a text this far from the left margin is not of the first column
_SERVED = 0.6  # share of the rows of several texts that the gutters must part
_PROSE, _PROSE_LINES = 30, 6  # glyphs of a long line, and how many of them make a column of prose
_SAME_ROW = 0.3  # of the lower text's height: texts that overlap by more are of one row


def page_sides(segments: Segments, width: float) -> list[Segments]:
    """The segments of each half of a page set in two columns of prose; else all of them together."""
    boxes = segments.boxes
    long = segments.glyphs >= _PROSE
    if long.sum() < 2 * _PROSE_LINES:
        return [segments]
    for x in np.linspace(0.4 * width, 0.6 * width, 9).tolist():
        left, right = boxes[:, 2] <= x, boxes[:, 0] >= x
        enough = min((left & long).sum(), (right & long).sum()) >= _PROSE_LINES
        if enough and (~left & ~right).sum() <= 0.1 * len(segments):
            return [
                Segments(boxes[side], segments.line[side], segments.glyphs[side]) for side in (left, right)
            ]
    return [segments]


def rows_of(segments: Segments) -> Ints:
    """The row of each segment: texts of one line, and lines that stand half beside each other.

    A wrapped text set in the middle of its row stands between the lines of its neighbours.
    """
    boxes = segments.boxes
    order = np.argsort(boxes[:, 1], kind="stable")
    top, bottom = boxes[order, 1], boxes[order, 3]
    reach = np.maximum.accumulate(bottom)
    height = np.minimum(bottom - top, np.median(bottom - top))
    new = np.append(True, top[1:] > reach[:-1] - _SAME_ROW * height[1:])
    row = np.empty(len(order), dtype=np.int64)
    row[order] = np.cumsum(new) - 1
    return row


def stretches(segments: Segments) -> list[tuple[Segments, Ints]]:
    """Runs of neighbouring rows that begin and end with a row of several texts, with the rows numbered from 0."""
    if len(segments) < 2 * _LEAST:
        return []
    row = rows_of(segments)
    count = int(row.max()) + 1
    several = np.bincount(row, minlength=count) >= 2
    top = np.full(count, np.inf)
    bottom = np.full(count, -np.inf)
    np.minimum.at(top, row, segments.boxes[:, 1])
    np.maximum.at(bottom, row, segments.boxes[:, 3])
    height = float(np.median(segments.boxes[:, 3] - segments.boxes[:, 1]))
    left = np.full(count, np.inf)
    np.minimum.at(left, row, segments.boxes[:, 0])
    margin = float(left[several].min()) + _INDENT * height if several.any() else np.inf
    found = []
    for first, last in _runs(several, left > margin, top[1:] - bottom[:-1] <= _APART * height):
        if several[first : last + 1].sum() >= _LEAST:
            mine = (row >= first) & (row <= last)
            part = Segments(segments.boxes[mine], segments.line[mine], segments.glyphs[mine])
            gap = np.append(np.inf, (top[1:] - bottom[:-1])[first:last])
            found.append(
                (
                    part,
                    _unwrapped(several[first : last + 1], left[first : last + 1] > margin, gap)[
                        row[mine] - first
                    ],
                )
            )
    return found


def _unwrapped(several: Mask, indented: Mask, gap: Floats) -> Ints:
    """New row numbers: a single indented text close below a row is the rest of a wrapped one."""
    usual = float(np.median(gap[several][1:])) if several.sum() > 1 else 0.0
    rest = ~several & indented & (gap <= usual + 0.5)
    rest[0] = False
    return np.asarray(np.cumsum(~rest) - 1, dtype=np.int64)


def _runs(several: Mask, indented: Mask, near: Mask) -> list[tuple[int, int]]:
    """First and last row of each run: indented single texts and at most one other lie between rows of several."""
    runs: list[tuple[int, int]] = []
    for mark in np.flatnonzero(several).tolist():
        between = slice(runs[-1][1] + 1, mark) if runs else slice(0, 0)
        if runs and (~indented[between]).sum() <= 1 and near[runs[-1][1] : mark].all():
            runs[-1] = (runs[-1][0], mark)
        else:
            runs.append((mark, mark))
    return runs


def row_edges(part: Segments, rows: Ints) -> Floats:
    """Edges half-way between neighbouring rows, and the outer ones."""
    count = int(rows.max()) + 1
    top = np.full(count, np.inf)
    bottom = np.full(count, -np.inf)
    np.minimum.at(top, rows, part.boxes[:, 1])
    np.maximum.at(bottom, rows, part.boxes[:, 3])
    inner = (bottom[:-1] + top[1:]) / 2
    return np.concatenate(([top[0] - 1.0], inner, [bottom[-1] + 1.0]))


def aligned(part: Segments, rows: Ints) -> bool:
    """Whether few gutters part the texts of most rows, each gutter in a good share of them."""
    gaps = row_gaps(part.boxes, rows)
    several = int((np.bincount(rows) >= 2).sum())
    places = gutters(gaps, [], max(_LEAST, int(0.4 * several)))
    if not places:
        return False
    served = ((gaps[:, 0, None] < places) & (gaps[:, 1, None] > places)).any(1)
    return bool(served.mean() >= _SERVED)
