"""Tables without rulings: columns from the gaps that all rows share, rows from the fullest column.

A label centred beside several rows covers the rows whose middle it stands at; which rows those are is
chosen for all labels of a column at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extractors.imaging.geometry import Rect

_COVERED = 0.03  # a gap between columns may be crossed by this share of the lines
_LEAST_LINES, _LEAST_COLUMNS = 12, 3


@dataclass
class Block:
    """Lines that stand under each other in one cell: their numbers and the box around them."""

    lines: list[int]
    box: Rect
    cols: tuple[int, int] = (0, 0)  # first and last column
    rows: tuple[int, int] = (0, 0)  # first and last row


@dataclass(frozen=True)
class Aligned:
    """An unruled table: sizes, its cells' blocks, and the numbers of the lines that stand outside."""

    rows: int
    cols: int
    blocks: tuple[Block, ...]
    outside: tuple[int, ...] = field(default=())


def align(boxes: Sequence[Rect], em: float) -> Aligned | None:
    """The table that the lines' boxes make; None when they make no table of three columns.

    >>> boxes = [(x, y, x + 60.0, y + 20.0) for y in range(0, 200, 40) for x in (0.0, 100.0, 200.0)]
    >>> table = align(boxes, 20.0)
    >>> (table.rows, table.cols, len(table.blocks))
    (5, 3, 15)
    """
    body = _body(boxes)
    if len(body) < _LEAST_LINES:
        return None
    head = _head(boxes, body, em)
    edges = _columns([boxes[i] for i in body if boxes[i][1] >= head], em)
    if len(edges) < _LEAST_COLUMNS + 1:
        return None
    blocks = _blocks(boxes, body, edges, em)
    rows = _rows(blocks, len(edges) - 1)
    if len(rows) < 3:
        return None
    _place_all(blocks, rows, head, em)
    _widen(blocks, edges, em)
    outside = tuple(i for i in range(len(boxes)) if i not in set(body))
    return Aligned(len(rows), len(edges) - 1, tuple(sorted(blocks, key=lambda b: (b.rows, b.cols))), outside)


def _head(boxes: Sequence[Rect], body: list[int], em: float) -> float:
    """The height from which on the lines keep to the most columns: where the heads of the columns stand."""
    best, found = 0, 0.0
    for top in sorted({boxes[i][1] for i in body}):
        below = [boxes[i] for i in body if boxes[i][1] >= top - 0.5 * em]
        if len(below) < _LEAST_LINES:
            break
        count = len(_columns(below, em))
        if count > best:
            best, found = count, top - 0.5 * em
    return found


def _body(boxes: Sequence[Rect]) -> list[int]:
    """The lines of the table: from the first row of two lines on; single centred lines above are titles."""
    order = sorted(range(len(boxes)), key=lambda i: boxes[i][1])
    for place, i in enumerate(order):
        middle = (boxes[i][1] + boxes[i][3]) / 2
        beside = [j for j in order if j != i and boxes[j][1] < middle < boxes[j][3]]
        if beside:
            return sorted({*order[place:], *beside})
    return []


def _columns(boxes: list[Rect], em: float) -> list[float]:
    """Left and right ends of the columns: a boundary runs where hardly any line stands."""
    left, right = min(b[0] for b in boxes), max(b[2] for b in boxes)
    width = int(right - left) + 1
    covered = np.zeros(width)
    for x0, _, x1, _ in boxes:
        covered[int(x0 - left) : int(x1 - left)] += 1
    free = covered <= max(1.0, _COVERED * len(boxes))
    edges = [left]
    start = None
    for x, empty in enumerate([*free.tolist(), False]):
        if empty and start is None:
            start = x
        elif not empty and start is not None:
            if start > 0 and x < width and x - start >= 0.15 * em:
                gap = covered[start:x]
                best = start + np.flatnonzero(gap == gap.min())
                edges.append(left + float(best.mean()))
            start = None
    return [*edges, right]


def _blocks(boxes: Sequence[Rect], body: list[int], edges: list[float], em: float) -> list[Block]:
    pitch = _pitch(boxes, body, em)
    blocks: list[Block] = []
    for i in sorted(body, key=lambda i: (boxes[i][1], boxes[i][0])):
        cols = _cols(boxes[i], edges, em)
        above = next((b for b in reversed(blocks) if _continues(b, boxes, i, pitch)), None)
        if above is None:
            blocks.append(Block([i], boxes[i], cols))
            continue
        above.lines.append(i)
        x0, y0, x1, y1 = above.box
        box = boxes[i]
        above.box = (min(x0, box[0]), y0, max(x1, box[2]), max(y1, box[3]))
        above.cols = (min(above.cols[0], cols[0]), max(above.cols[1], cols[1]))
    return blocks


def _pitch(boxes: Sequence[Rect], body: list[int], em: float) -> float:
    """Lines closer than this, middle to middle, belong to one cell: the widest jump among the close distances."""
    steps = sorted(
        step
        for i in body
        for step in [min((_down(boxes[i], boxes[j]) for j in body if j != i), default=9.9 * em)]
        if 1.0 * em < step < 2.6 * em
    )
    cut, jump = 1.45 * em, 0.06 * em
    for low, high in pairwise(steps):
        if high - low > jump and low < 1.75 * em:
            cut, jump = (low + high) / 2, high - low
    return cut


def _down(upper: Rect, lower: Rect) -> float:
    """From the middle of a line to that of one below it in the same place; infinite where it is not below."""
    meets = min(upper[2], lower[2]) > max(upper[0], lower[0])
    step = (lower[1] + lower[3] - upper[1] - upper[3]) / 2
    return step if meets and step > 0 else float("inf")


def _cols(box: Rect, edges: list[float], em: float) -> tuple[int, int]:
    touched = [
        col
        for col in range(len(edges) - 1)
        if min(box[2], edges[col + 1]) - max(box[0], edges[col]) > 0.4 * em
    ]
    return (touched[0], touched[-1]) if touched else (0, 0)


def _continues(block: Block, boxes: Sequence[Rect], i: int, pitch: float) -> bool:
    """Whether a line is the next of a block: close beneath its last line."""
    return _down(boxes[block.lines[-1]], boxes[i]) < pitch


def _rows(blocks: list[Block], cols: int) -> list[Rect]:
    """One box a row: blocks of the fullest and the last column, and blocks that stand beside none of them."""
    count = [sum(1 for b in blocks if b.cols[0] <= col <= b.cols[1]) for col in range(cols)]
    fullest = int(np.argmax(count))
    anchors = [b for b in blocks if b.cols[0] <= fullest <= b.cols[1]]
    rows: list[Rect] = []
    for block in [
        *anchors,
        *[b for b in blocks if b.cols[1] == cols - 1],
        *sorted(blocks, key=lambda b: -b.cols[0]),
    ]:
        if not any(_beside(block.box, row) for row in rows):
            rows.append(block.box)
    return sorted(rows, key=lambda row: row[1] + row[3])


def _beside(one: Rect, two: Rect) -> bool:
    return min(one[3], two[3]) - max(one[1], two[1]) > 0


def _middle(block: Block) -> float:
    return (block.box[1] + block.box[3]) / 2


def _place_all(blocks: list[Block], rows: list[Rect], head: float, em: float) -> None:
    """Rows of every block: the row it stands on; labels left of the fullest column cover runs of rows."""
    middles = np.array([(row[1] + row[3]) / 2 for row in rows])
    bounds = np.concatenate([[rows[0][1]], (middles[1:] + middles[:-1]) / 2, [rows[-1][3]]])
    for block in blocks:
        near = int(np.abs(middles - _middle(block)).argmin())
        block.rows = (near, near)
    start = int((middles < head).sum()) + 1
    for first in sorted({block.cols[0] for block in blocks}):
        column = [b for b in blocks if b.cols[0] == first and b.rows[0] >= start]
        column.sort(key=_middle)
        lonely = len(column) < 0.8 * (len(rows) - start)
        if column and lonely and first < max(b.cols[0] for b in blocks) and len(column) <= len(rows) - start:
            headless = not any(b.rows[0] == start - 1 and b.cols[0] <= first <= b.cols[1] for b in blocks)
            _share_out(column, bounds, start - 1 if headless and start > 0 else start)
    for block in blocks:
        if block.rows[0] < start - 1:
            block.rows = _centred(block, blocks, middles, start - 2, em)


def _widen(blocks: list[Block], edges: list[float], em: float) -> None:
    """A text centred over several free columns covers them; one that starts at its column's left stays."""
    for block in blocks:
        first, last = block.cols
        if block.box[0] - edges[first] < 1.2 * em:
            continue
        beside = [
            b.cols
            for b in blocks
            if b is not block and b.rows[0] <= block.rows[1] and block.rows[0] <= b.rows[1]
        ]
        low = max((b[1] + 1 for b in beside if b[1] < first), default=0)
        high = min((b[0] - 1 for b in beside if b[0] > last), default=len(edges) - 2)
        middle = (block.box[0] + block.box[2]) / 2
        runs = [(a, b) for a in range(low, first + 1) for b in range(last, high + 1)]
        block.cols = min(
            runs,
            key=lambda run: (
                abs((edges[run[0]] + edges[run[1] + 1]) / 2 - middle) + em * (run != (first, last))
            ),
            default=block.cols,
        )


def _share_out(column: list[Block], bounds: NDArray[np.float64], start: int) -> None:
    """Cut the rows from ``start`` on into one run a label so that every label stands nearest its run's middle."""
    count = len(bounds) - 1
    best = {start: (0.0, [start])}
    for number, block in enumerate(column):
        left = len(column) - number - 1
        after: dict[int, tuple[float, list[int]]] = {}
        for low, (cost, cuts) in best.items():
            for high in range(low + 1, count - left + 1):
                off = cost + abs((bounds[low] + bounds[high]) / 2 - _middle(block))
                if high not in after or off < after[high][0]:
                    after[high] = (off, [*cuts, high])
        best = after
    if count in best:
        cuts = best[count][1]
        for number, block in enumerate(column):
            block.rows = (cuts[number], cuts[number + 1] - 1)


def _centred(
    block: Block, blocks: list[Block], middles: NDArray[np.float64], last_row: int, em: float
) -> tuple[int, int]:
    """A label above the heads covers the rows around it that hold nothing else in its column."""
    near = block.rows[0]
    if block.cols[0] > 0 or (abs(middles[near] - _middle(block)) < 0.2 * em and len(block.lines) < 2):
        return block.rows
    taken = {b.rows[0] for b in blocks if b is not block and b.cols[0] <= block.cols[0]}
    low = high = near
    while low - 1 >= 0 and high + 1 <= last_row and not {low - 1, high + 1} & taken:
        if abs((middles[low - 1] + middles[high + 1]) / 2 - _middle(block)) > 0.5 * em:
            break
        low, high = low - 1, high + 1
    return low, high
