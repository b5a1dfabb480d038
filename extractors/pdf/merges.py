"""Which neighbouring places are one cell where no upright rule says so.

A text that runs over a column edge joins the two places. An empty place beside a text belongs to it
when the text is centred over both, or when the row most like this one runs over the same edge.
"""

from __future__ import annotations

import numpy as np

from extractors.pdf.chars import Floats, Ints
from extractors.pdf.lattice import Mask

_OVER = 0.9  # points by which a text must pass an edge to run over it
_CENTRED = 2.0  # points by which a text may miss the middle
_LEFT = 7.0  # points: a text nearer to its left edge is set left
_OFF = 4.0  # points by which it must miss the middle of its own place


def stacks(level: Mask) -> Ints:
    """Numbers (rows, cols) that places share when no level wall lies between them in their column."""
    rows, cols = level.shape[0] - 1, level.shape[1]
    number = np.zeros((rows, cols), dtype=np.int64)
    number[1:] = np.cumsum(level[1:-1], axis=0)
    return number


def spread(open_: Mask, stack: Ints) -> Mask:
    """Carry an opening between two columns to all rows in which both columns go on without a wall."""
    rows = len(stack)
    for r in range(1, rows):
        same = (stack[r, :-1] == stack[r - 1, :-1]) & (stack[r, 1:] == stack[r - 1, 1:])
        open_[r] |= open_[r - 1] & same
    for r in range(rows - 2, -1, -1):
        same = (stack[r, :-1] == stack[r + 1, :-1]) & (stack[r, 1:] == stack[r + 1, 1:])
        open_[r] |= open_[r + 1] & same
    return open_


def _filled(boxes: Floats, rows: Ints, xs: Floats, stack: Ints) -> Mask:
    """Which places (rows, cols) hold text, or share a stack with one that does."""
    count, cols = stack.shape
    filled = np.zeros((count, cols), dtype=bool)
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    col = np.clip(np.searchsorted(xs, middle, "right") - 1, 0, cols - 1)
    filled[rows, col] = True
    for c in range(cols):
        with_text = np.unique(stack[filled[:, c], c])
        filled[:, c] = np.isin(stack[:, c], with_text)
    return filled


def _crossed(boxes: Floats, rows: Ints, xs: Floats, count: int) -> Mask:
    """Which inner edges (rows, cols - 1) a text runs over."""
    over = np.zeros((count, len(xs) - 2), dtype=bool)
    if len(boxes) and len(xs) > 2:
        cross = (boxes[:, None, 0] < xs[None, 1:-1] - _OVER) & (boxes[:, None, 2] > xs[None, 1:-1] + _OVER)
        np.logical_or.at(over, rows, cross)
    return over


def _centre(boxes: Floats, rows: Ints, xs: Floats, filled: Mask, open_: Mask) -> None:
    """Join the empty neighbours over which, with its own place, a text is centred."""
    cols = len(xs) - 1
    for (x0, _, x1, _), r in zip(boxes.tolist(), rows.tolist(), strict=True):
        middle = (x0 + x1) / 2
        first = last = min(max(int(np.searchsorted(xs, middle, "right")) - 1, 0), cols - 1)
        while first > 0 and open_[r, first - 1]:
            first -= 1
        while last + 1 < cols and open_[r, last]:
            last += 1
        if abs(middle - (xs[first] + xs[last + 1]) / 2) < _OFF:
            continue
        span = _centred_span(middle, (first, last), xs, filled[r])
        if span:
            open_[r, span[0] : span[1]] = True


def _centred_span(middle: float, own: tuple[int, int], xs: Floats, filled: Mask) -> tuple[int, int] | None:
    """The narrowest stretch of columns around ``own``, empty but for it, in whose middle a text stands."""
    left, right = own
    while left > 0 and not filled[left - 1]:
        left -= 1
    while right + 1 < len(filled) and not filled[right + 1]:
        right += 1
    spans = [
        (a, b)
        for a in range(left, own[0] + 1)
        for b in range(own[1], right + 1)
        if abs(middle - (xs[a] + xs[b + 1]) / 2) < _CENTRED
    ]
    return min(spans, key=lambda s: xs[s[1] + 1] - xs[s[0]], default=None)


def _run_starts(open_: Mask) -> Ints:
    """The first column (rows, cols) of the run of opened places that each place belongs to."""
    rows, inner = open_.shape
    starts = np.zeros((rows, inner + 1), dtype=np.int64)
    for c in range(inner):
        starts[:, c + 1] = np.where(open_[:, c], starts[:, c], c + 1)
    return starts


def _by_run(filled: Mask, starts: Ints) -> Mask:
    """Places that hold text or are one cell with a place that does."""
    rows, cols = filled.shape
    run = starts + np.arange(rows)[:, None] * cols
    counts = np.bincount(run.ravel(), weights=filled.ravel(), minlength=rows * cols)
    return np.asarray(counts[run] > 0, dtype=bool)


def _manner(boxes: Floats, rows: Ints, xs: Floats, starts: Ints) -> tuple[Ints, Mask]:
    """How the text of each run is set (rows, cols by run start): 0 none, 1 left, 2 centred; and the run starts in use."""
    count, cols = starts.shape
    manner = np.zeros((count, cols), dtype=np.int64)
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    col = np.clip(np.searchsorted(xs, middle, "right") - 1, 0, cols - 1)
    for (x0, _, x1, _), r, c in zip(boxes.tolist(), rows.tolist(), col.tolist(), strict=True):
        first = int(starts[r, c])
        last = c
        while last + 1 < cols and starts[r, last + 1] == first:
            last += 1
        centred = abs((x0 + x1) / 2 - (xs[first] + xs[last + 1]) / 2) < _CENTRED and x0 - xs[first] > _LEFT
        manner[r, first] = max(manner[r, first], 2 if centred else 1)
    return manner, manner > 0


def _likeness(used: Mask) -> Floats:
    """How alike two rows are in the columns where their texts start; the nearer of equals is liker."""
    rows = len(used)
    shared = used.astype(np.int64) @ used.T.astype(np.int64)
    sizes = used.sum(1)
    distance = np.abs(np.arange(rows)[:, None] - np.arange(rows)[None, :])
    return np.asarray(
        shared / np.maximum(1, sizes[:, None] + sizes[None, :] - shared) + 0.4 / (2.0 + distance)
    )


def _by_likeness(boxes: Floats, rows: Ints, xs: Floats, filled: Mask, open_: Mask) -> Mask:
    """Decide the edges before empty places by the most similar row that knows better.

    A row knows an edge when a text runs over it or a text stands right of it, and it speaks for
    another row when its text left of the edge starts in the same column and is set the same way.
    Nobody speaking, the empty place belongs to the text.
    """
    starts = _run_starts(open_)
    manner, used = _manner(boxes, rows, xs, starts)
    rank = _likeness(used)
    knows = open_ | filled[:, 1:]
    out = open_.copy()
    for r, c in zip(*(k.tolist() for k in np.nonzero(~knows)), strict=True):
        if filled[r, c + 1]:
            continue
        first = int(_run_starts(out[r : r + 1])[0, c])
        if not filled[r, first : c + 1].any():
            out[r, c] = r > 0 and bool(out[r - 1, c]) and not (c > 0 and out[r - 1, c - 1])
            continue
        row_at = np.arange(len(out))
        speaks = knows[:, c] & (starts[:, c] == first) & (manner[row_at, starts[:, c]] == manner[r, first])
        speaks[r] = False
        out[r, c] = bool(open_[np.where(speaks, rank[r], -1.0).argmax(), c]) if speaks.any() else True
    return out


def open_edges(boxes: Floats, rows: Ints, xs: Floats, level: Mask) -> Mask:
    """Inner column edges (rows, cols - 1) at which two places are one cell.

    ``boxes`` are the texts, ``rows`` the row of each, ``xs`` the column edges with both ends,
    ``level`` the level walls (rows + 1, cols).
    """
    stack = stacks(level)
    open_ = spread(_crossed(boxes, rows, xs, len(stack)), stack)
    filled = _filled(boxes, rows, xs, stack)
    _centre(boxes, rows, xs, filled, open_)
    open_ = spread(open_, stack)
    return spread(_by_likeness(boxes, rows, xs, _by_run(filled, _run_starts(open_)), open_), stack)
