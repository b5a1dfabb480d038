"""The lines of text outside every table: titles, years, units, notes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.blobs import measures
from extractors.imaging.geometry import Gray, Rect, as_grey, darker, without

_DARK = 150
_MOST = 120  # a page with more lines than this outside its tables is dust or a picture


def outside_boxes(clean: Gray, rulings: Gray, tables: list[Rect], em: float) -> list[Rect]:
    """Boxes of runs of ink outside ``tables``, from top to bottom; dust and long lines left out.

    >>> page = np.full((200, 300), 255, np.uint8); page[20:40, 50:200] = 0
    >>> [tuple(map(int, box)) for box in outside_boxes(page, np.zeros_like(page), [], 20.0)]
    [(45, 15, 205, 45)]
    """
    dark = without(darker(clean, _DARK), rulings)
    for x0, y0, x1, y1 in tables:
        margin = em * 0.3
        dark[max(0, int(y0 - margin)) : int(y1 + margin), max(0, int(x0 - margin)) : int(x1 + margin)] = 0
    dust = int(em * 0.08) | 1
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((dust, dust), np.uint8)).astype(np.uint8)
    joined = cv2.morphologyEx(
        dark, cv2.MORPH_CLOSE, np.ones((int(em * 0.3) | 1, int(em * 2.2) | 1), np.uint8)
    )
    pad = em * 0.25
    boxes = [
        (x - pad, y - pad, x + w + pad, y + h + pad)
        for x, y, w, h, area in measures(as_grey(joined)).tolist()
        if h >= 0.45 * em and w >= 0.45 * em and area > 0.15 * w * h and h < 12 * em
    ]
    boxes.sort(key=lambda box: (box[1], box[0]))
    return boxes[:_MOST]


def tight_box(clean: Gray, rulings: Gray, box: Rect, em: float) -> Rect:
    """A found line's box shrunk to its ink and padded by a little; the box itself where it holds none."""
    x0, y0, x1, y1 = (max(0, int(v)) for v in box)
    dark = (clean[y0:y1, x0:x1] < _DARK) & (rulings[y0:y1, x0:x1] == 0)
    across, down = np.flatnonzero(dark.any(axis=0)), np.flatnonzero(dark.any(axis=1))
    if not across.size:
        return box
    across = _without_neighbours(across, em)
    down = np.flatnonzero(dark[:, across[0] : across[-1] + 1].any(axis=1))
    pad = em * 0.12
    return (
        x0 + float(across[0]) - pad,
        y0 + float(down[0]) - pad,
        x0 + float(across[-1]) + 1 + pad,
        y0 + float(down[-1]) + 1 + pad,
    )


def _without_neighbours(columns: NDArray[np.int64], em: float) -> NDArray[np.int64]:
    """Drop a sliver at either end that belongs to the next cell: narrow, and far from the rest."""
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 0.5 * em) + 1)
    while len(runs) > 1 and len(runs[0]) < 0.4 * em:
        runs = runs[1:]
    while len(runs) > 1 and len(runs[-1]) < 0.4 * em:
        runs = runs[:-1]
    return np.concatenate(runs)
