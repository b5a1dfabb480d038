"""Lines that the detector ran together over a gutter between two columns are parted at it.

Where a line has room, is seen in its ink; where the gutters are, in the room that all lines share.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from extractors.imaging.geometry import Gray, Rect
from extractors.imaging.heads import columns_of

_DARK = 150
# The least room between two columns' texts, in characters: more than between most characters of this page.
_ROOM, _MOST_ROOM = 0.45, 0.8
_NEAR, _NARROW, _TITLE = 0.25, 0.7, 1.6
_SAME = 0.7  # a box that lies so far in a larger one was found twice


def part(clean: Gray, rulings: Gray, boxes: Sequence[Rect], em: float) -> list[Rect]:
    """The boxes of lines, parted where they run over a gutter in which they have no ink.

    >>> page = np.full((400, 500), 255, np.uint8); texts = ((10, 100), (120, 200), (220, 400))
    >>> lines = [(float(low), float(y), float(high), y + 20.0) for y in range(0, 400, 40) for low, high in texts]
    >>> for x0, y0, x1, y1 in lines: page[int(y0) : int(y1), int(x0) : int(x1)] = 0
    >>> together = [*lines[:15], (10.0, 200.0, 100.0, 220.0), (120.0, 200.0, 400.0, 220.0), *lines[18:]]
    >>> part(page, np.zeros_like(page), together, 20.0) == lines
    True
    """
    kept = _once(boxes)
    inked = [_inked(clean, rulings, box, em) for box in kept]
    gaps = np.concatenate([np.diff(columns) for columns in inked if columns.size] or [np.zeros(0)])
    gaps = gaps[gaps > 1.5] / em
    room = em * float(np.clip(1.25 * np.percentile(gaps, 90) if gaps.size else 0.0, _ROOM, _MOST_ROOM))
    runs = [_runs(box, columns, room, em) for box, columns in zip(kept, inked, strict=True)]
    pieces = [piece for own in runs for piece in own]
    edges, head = columns_of(pieces, kept, em)
    parted: list[Rect] = []
    for box, own in zip(kept, runs, strict=True):
        inner = edges[1:-1]
        if (box[1] + box[3]) / 2 < head - 0.5 * em:
            inner = [edge for edge in inner if not _runs_on(box, edge, kept, runs, em)]
        parted.extend(_at(own, inner, em))
    return sorted(parted, key=lambda box: (box[1], box[0]))


def _at(own: list[Rect], edges: list[float], em: float) -> list[Rect]:
    """The stretches of one line put together again but where a gutter lies in the room between them."""
    parted = [own[0]]
    for piece in own[1:]:
        group = parted[-1]
        if any(group[2] - _NEAR * em <= edge <= piece[0] + _NEAR * em for edge in edges):
            parted.append(piece)
        else:
            parted[-1] = (group[0], min(group[1], piece[1]), piece[2], max(group[3], piece[3]))
    return parted


def _runs_on(box: Rect, edge: float, boxes: list[Rect], runs: list[list[Rect]], em: float) -> bool:
    """Whether a line above the heads is a title or one of a paragraph that runs over the gutter."""
    if box[3] - box[1] > _TITLE * em or not any(_level(box, other) for other in boxes if other is not box):
        return True
    return any(
        abs(other[1] - box[1]) < 1.8 * em
        and other is not box
        and any(piece[0] < edge - _NEAR * em and piece[2] > edge + _NEAR * em for piece in own)
        for other, own in zip(boxes, runs, strict=True)
    )


def _level(one: Rect, two: Rect) -> bool:
    return one[1] < (two[1] + two[3]) / 2 < one[3]


def _once(boxes: Sequence[Rect]) -> list[Rect]:
    """The boxes without those that lie in a larger one."""
    kept: list[Rect] = []
    for box in sorted(boxes, key=lambda b: -(b[2] - b[0]) * (b[3] - b[1])):
        area = (box[2] - box[0]) * (box[3] - box[1])
        if all(_common(box, other) < _SAME * area for other in kept):
            kept.append(box)
    return sorted(kept, key=lambda box: (box[1], box[0]))


def _common(one: Rect, two: Rect) -> float:
    wide = min(one[2], two[2]) - max(one[0], two[0])
    high = min(one[3], two[3]) - max(one[1], two[1])
    return max(0.0, wide) * max(0.0, high)


def _inked(clean: Gray, rulings: Gray, box: Rect, em: float) -> NDArray[np.int64]:
    """The columns of a box that hold ink; none of a box of several lines."""
    x0, y0, x1, y1 = (max(0, int(v)) for v in box)
    if box[3] - box[1] > 2.5 * em:
        return np.zeros(0, np.int64)
    dark = (clean[y0:y1, x0:x1] < _DARK) & (rulings[y0:y1, x0:x1] == 0)
    return np.flatnonzero(dark.any(axis=0)) + x0


def _runs(box: Rect, columns: NDArray[np.int64], room: float, em: float) -> list[Rect]:
    """The stretches of a line between its wide rooms; a thin 1 or a stop belongs to what stands nearest."""
    if not columns.size:
        return [box]
    parts = np.split(columns, np.flatnonzero(np.diff(columns) > room) + 1)
    ends = [(float(part[0]), float(part[-1]) + 1) for part in parts]
    whole = [ends[0]]
    for low, high in ends[1:]:
        thin = min(high - low, whole[-1][1] - whole[-1][0]) < _NARROW * em
        if thin and low - whole[-1][1] < _MOST_ROOM * em:
            whole[-1] = (whole[-1][0], high)
        else:
            whole.append((low, high))
    whole[0], whole[-1] = (box[0], whole[0][1]), (whole[-1][0], box[2])
    return [(low, box[1], high, box[3]) for low, high in whole if high > low]
