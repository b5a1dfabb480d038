"""The rows of a table without rulings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.imaging.geometry import Rect

_ROOM = 1.6  # of the usual distance between two rows: room for another between them


def rows_of(anchors: Sequence[Rect], labels: Sequence[Rect]) -> list[Rect]:
    """One box a row, from the top: the anchors, and labels that stand beside none where a row has room.

    A label half-way between two rows belongs to both of them and makes no row.

    >>> rows = rows_of([(0, y, 9, y + 20) for y in (0, 40, 80, 160)], [(0, 20, 9, 40), (0, 120, 9, 140)])
    >>> [row[1] for row in rows]
    [0, 40, 80, 120, 160]
    """
    rows: list[Rect] = []
    for box in anchors:
        if not any(_beside(box, row) for row in rows):
            rows.append(box)
    rows.sort(key=_height)
    usual = float(np.median(np.diff([_height(row) / 2 for row in rows]))) if len(rows) > 1 else 0.0
    for box in labels:
        if any(_beside(box, row) for row in rows):
            continue
        above = [row for row in rows if _height(row) < _height(box)]
        below = [row for row in rows if _height(row) > _height(box)]
        if not above or not below or _height(below[0]) - _height(above[-1]) >= 2 * _ROOM * usual:
            rows = [*above, box, *below]
    return rows


def _height(box: Rect) -> float:
    return box[1] + box[3]


def _beside(one: Rect, two: Rect) -> bool:
    return min(one[3], two[3]) - max(one[1], two[1]) > 0
