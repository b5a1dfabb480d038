"""Tables without any rule: stretches of lines whose gaps line up."""

from __future__ import annotations

import numpy as np

from extractors.pdf.chars import Floats, Ints
from extractors.pdf.segments import Segments, gutters, row_gaps

_APART = 2.6  # of the usual height: rows further apart belong to different tables
_LEAST = 3  # rows of several texts
_SERVED = 0.6  # share of the rows of several texts that the gutters must part
_SAME_ROW = 0.3  # of the lower text's height: texts that overlap by more are of one row


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
    found = []
    for first, last in _runs(several, top, bottom, _APART * height):
        if several[first : last + 1].sum() >= _LEAST:
            mine = (row >= first) & (row <= last)
            part = Segments(segments.boxes[mine], segments.line[mine], segments.glyphs[mine])
            found.append((part, row[mine] - first))
    return found


def _runs(several: np.ndarray, top: Floats, bottom: Floats, apart: float) -> list[tuple[int, int]]:
    """First and last row of each run: at most one row of a single text lies between two of several."""
    marks = np.flatnonzero(several).tolist()
    runs: list[tuple[int, int]] = []
    for mark in marks:
        near = bool(runs) and mark - runs[-1][1] <= 2
        if near and all(top[k + 1] - bottom[k] <= apart for k in range(runs[-1][1], mark)):
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
