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
from extractors.imaging.heads import columns_of
from extractors.imaging.rows import rows_of

_LEAST_LINES, _LEAST_COLUMNS = 12, 3
_CUTS = 5  # distances between lines that are tried
# Costs, in characters by which a block may stand off its row's middle instead.
_FULL = 1.7  # a line ends this near its column's end where the next character had no room
_GOES_ON, _STOPS, _PARTED, _TWICE = 0.1, 0.6, 0.3, 3.0


@dataclass
class Block:
    """Lines that stand under each other in one cell: their numbers and the box around them."""

    lines: list[int]
    box: Rect
    cols: tuple[int, int] = (0, 0)  # first and last column
    rows: tuple[int, int] = (0, 0)  # first and last row

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True)
class Aligned:
    """An unruled table: sizes, its cells' blocks, the numbers of the lines that stand outside, its column ends."""

    rows: int
    cols: int
    blocks: tuple[Block, ...]
    outside: tuple[int, ...] = field(default=())
    edges: tuple[float, ...] = field(default=())


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
    edges, head = columns_of([boxes[i] for i in body], [boxes[i] for i in body], em)
    if len(edges) < _LEAST_COLUMNS + 1:
        return None
    best: tuple[float, list[Block], int] | None = None
    for cut in _cuts(boxes, body, em):
        blocks = _blocks(boxes, body, edges, em, cut)
        rows = _rows(blocks, len(edges) - 1, head - 0.5 * em)
        torn = _torn(blocks, boxes, edges, em)
        start = sum(1 for row in rows if (row[1] + row[3]) / 2 < head - 0.5 * em) + 1
        _place_all(blocks, rows, start, em)
        _widen(blocks, edges, em, start)
        cost = torn + _crooked(blocks, rows, em)
        if best is None or cost < best[0] - 1e-9:
            best = (cost, blocks, len(rows))
    if best is None or best[2] < 3:
        return None
    outside = tuple(i for i in range(len(boxes)) if i not in set(body))
    return Aligned(
        best[2], len(edges) - 1, tuple(sorted(best[1], key=lambda b: (b.rows, b.cols))), outside, tuple(edges)
    )


def _cuts(boxes: Sequence[Rect], body: list[int], em: float) -> list[float]:
    """Distances between lines, middle to middle, below which two may belong to one cell."""
    steps = sorted(
        step
        for i in body
        for step in [min((_down(boxes[i], boxes[j]) for j in body if j != i), default=9.9 * em)]
        if 0.9 * em < step < 2.6 * em
    )
    jumps = sorted(pairwise(steps), key=lambda pair: pair[0] - pair[1])[:_CUTS]
    return [0.9 * em, 1.45 * em, *((low + high) / 2 for low, high in jumps if high - low > 0.03 * em)]


def _torn(blocks: list[Block], boxes: Sequence[Rect], edges: list[float], em: float) -> float:
    """What it costs to take lines together, and to part them: a line goes on below only where it is full."""
    ends = {
        col: max((boxes[b.lines[-1]][2] for b in blocks if b.cols[1] == col), default=edges[col + 1])
        for col in range(len(edges) - 1)
    }
    cost = 0.0
    for block in blocks:
        for line in block.lines[:-1]:
            cost += _GOES_ON if boxes[line][2] >= ends[block.cols[1]] - _FULL * em else _STOPS
    for upper in blocks:
        last = boxes[upper.lines[-1]]
        if last[2] < ends[upper.cols[1]] - _FULL * em or last[2] - last[0] < 4 * em:
            continue
        cost += sum(
            _PARTED
            for lower in blocks
            if lower.cols == upper.cols
            and 0 < _down(last, boxes[lower.lines[0]]) < 1.7 * em
            and abs(last[0] - boxes[lower.lines[0]][0]) < 0.5 * em
        )
    return cost


def _crooked(blocks: list[Block], rows: list[Rect], em: float) -> float:
    """How far the blocks stand from the middles of their rows, in characters; two in one place cost most."""
    middles = np.array([(row[1] + row[3]) / 2 for row in rows])
    bounds = np.concatenate([[rows[0][1]], (middles[1:] + middles[:-1]) / 2, [rows[-1][3]]])
    taken: set[tuple[int, int]] = set()
    cost = 0.0
    for block in blocks:
        low, high = block.rows
        middle = middles[low] if low == high else (bounds[low] + bounds[high + 1]) / 2
        cost += min(2.0, abs(float(middle) - block.middle) / em)
        places = {(r, c) for r in range(low, high + 1) for c in range(block.cols[0], block.cols[1] + 1)}
        cost += _TWICE * bool(places & taken)
        taken |= places
    return cost


def _body(boxes: Sequence[Rect]) -> list[int]:
    """The lines of the table: from the first row of two lines on; single centred lines above are titles."""
    order = sorted(range(len(boxes)), key=lambda i: boxes[i][1])
    for place, i in enumerate(order):
        middle = (boxes[i][1] + boxes[i][3]) / 2
        beside = [j for j in order if j != i and boxes[j][1] < middle < boxes[j][3]]
        if beside:
            return sorted({*order[place:], *beside})
    return []


def _blocks(
    boxes: Sequence[Rect], body: list[int], edges: list[float], em: float, pitch: float
) -> list[Block]:
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


def _down(upper: Rect, lower: Rect) -> float:
    """From the middle of a line to that of one below it in the same place; infinite where it is not below."""
    meets = min(upper[2], lower[2]) > max(upper[0], lower[0])
    step = (lower[1] + lower[3] - upper[1] - upper[3]) / 2
    return step if meets and step > 0 else float("inf")


def _cols(box: Rect, edges: list[float], em: float) -> tuple[int, int]:
    wide = box[2] - box[0]
    shared = [min(box[2], edges[c + 1]) - max(box[0], edges[c]) for c in range(len(edges) - 1)]
    # A text that fills its cell reaches a little over a gutter that was found between shorter ones.
    touched = [
        c
        for c, part in enumerate(shared)
        if part > 0.4 * em and (part > 0.15 * wide or part > 0.5 * (edges[c + 1] - edges[c]))
    ]
    return (touched[0], touched[-1]) if touched else (0, 0)


def _continues(block: Block, boxes: Sequence[Rect], i: int, pitch: float) -> bool:
    """Whether a line is the next of a block: close beneath its last line."""
    return _down(boxes[block.lines[-1]], boxes[i]) < pitch


def _rows(blocks: list[Block], cols: int, head: float) -> list[Rect]:
    """One box a row: blocks of the column fullest from the heads on and of the last, and blocks beside none of them."""
    below = [block for block in blocks if block.middle >= head]
    count = [sum(1 for b in below if b.cols[0] <= col <= b.cols[1]) for col in range(cols)]
    fullest = int(np.argmax(count))
    anchors = [b for b in blocks if b.cols[0] <= fullest <= b.cols[1]]
    last = [b for b in blocks if b.cols[1] == cols - 1]
    labels = sorted(blocks, key=lambda b: -b.cols[0])
    return rows_of([b.box for b in [*anchors, *last]], [b.box for b in labels])


def _place_all(blocks: list[Block], rows: list[Rect], start: int, em: float) -> None:
    """Rows of every block: the row it stands on; labels left of the fullest column cover runs of rows."""
    middles = np.array([(row[1] + row[3]) / 2 for row in rows])
    bounds = np.concatenate([[rows[0][1]], (middles[1:] + middles[:-1]) / 2, [rows[-1][3]]])
    for block in blocks:
        near = int(np.abs(middles - block.middle).argmin())
        block.rows = (near, near)
    for first in sorted({block.cols[0] for block in blocks}):
        column = [b for b in blocks if b.cols[0] == first and b.rows[0] >= start]
        column.sort(key=lambda block: block.middle)
        lonely = len(column) < 0.8 * (len(rows) - start)
        if column and lonely and first < max(b.cols[0] for b in blocks) and len(column) <= len(rows) - start:
            headless = not any(b.rows[0] == start - 1 and b.cols[0] <= first <= b.cols[1] for b in blocks)
            _share_out(column, bounds, start - 1 if headless and start > 0 else start)
    _from_left(blocks, start)
    for block in blocks:
        if block.rows[0] < start - 1:
            block.rows = _centred(block, blocks, middles, start - 2, em)


def _from_left(blocks: list[Block], start: int) -> None:
    """Above the heads every row begins at the table's left end; a text beside another gives way to it."""
    above = [block for block in blocks if block.rows[1] < start - 1]
    for block in above:
        beside = [b for b in above if b is not block and b.rows[0] == block.rows[0]]
        if block.cols[0] == 1 and not any(b.cols[0] == 0 or b.cols[1] <= 1 for b in beside):
            block.cols = (0, block.cols[1])
    for block in above:
        taken = [
            b for b in above if b is not block and b.rows[0] == block.rows[0] and b.box[2] <= block.box[0]
        ]
        low = max((b.cols[1] + 1 for b in taken), default=0)
        if block.cols[0] < low <= block.cols[1]:
            block.cols = (low, block.cols[1])


def _widen(blocks: list[Block], edges: list[float], em: float, start: int) -> None:
    """A text centred over several free columns covers them; one that starts at its column's left stays."""
    for block in blocks:
        first, last = block.cols
        above = block.rows[1] < start - 1
        if not above and block.box[0] - edges[first] < 1.2 * em:
            continue
        beside = [
            b.cols
            for b in blocks
            if b is not block and b.rows[0] <= block.rows[1] and block.rows[0] <= b.rows[1]
        ]
        low = max((b[1] + 1 for b in beside if b[1] < first), default=0)
        high = min((b[0] - 1 for b in beside if b[0] > last), default=len(edges) - 2)
        middle = (block.box[0] + block.box[2]) / 2
        # Above the heads a text that starts at its column's left may still be the middle of several.
        near = block.box[0] - edges[first] < 1.2 * em
        stay = (0.9 if near else 0.4) * em if above else em
        runs = [(a, b) for a in range(low, first + 1) for b in range(last, high + 1)]
        block.cols = min(
            runs,
            key=lambda run: (
                abs((edges[run[0]] + edges[run[1] + 1]) / 2 - middle) + stay * (run != (first, last))
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
                off = cost + abs((bounds[low] + bounds[high]) / 2 - block.middle)
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
    if block.cols[0] > 0 or (abs(middles[near] - block.middle) < 0.2 * em and len(block.lines) < 2):
        return block.rows
    taken = {b.rows[0] for b in blocks if b is not block and b.cols[0] <= block.cols[0]}
    low = high = near
    while low - 1 >= 0 and high + 1 <= last_row and not {low - 1, high + 1} & taken:
        if abs((middles[low - 1] + middles[high + 1]) / 2 - block.middle) > 0.5 * em:
            break
        low, high = low - 1, high + 1
    return low, high
