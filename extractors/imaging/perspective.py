"""Photographs: the table's own frame, drawn as a rectangle, tells how the camera stood."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.blobs import blobs
from extractors.imaging.geometry import Gray, as_grey, darker

# Opposite sides that differ in direction by less than this many degrees need no camera.
_LEAST_KEYSTONE = 0.8
_WORK = 1400
# Ink is darker than this; where no frame shows, paler rulings count as well.
_INK = (160, 215)
# A side has ink along this share of it, so near (in pixels of the small page) as a curled page may bulge.
_DRAWN, _BULGE = 0.8, 12


def find_keystone(clean: Gray, em: float) -> tuple[NDArray[np.float64], tuple[int, int]] | None:
    """The matrix that makes the largest ruled frame a rectangle, and the page's new size; else None."""
    scale = min(1.0, _WORK / max(clean.shape))
    # Thin rulings must not fade when the page is made small.
    kept = cv2.erode(clean, np.ones((3, 3), np.uint8)) if scale < 0.8 else clean
    small = cv2.resize(kept, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    quad = _frame(as_grey(small), em * scale)
    if quad is None:
        return None
    quad = quad / scale
    if _keystone(quad) < _LEAST_KEYSTONE:
        return None
    top, right, bottom, left = (float(np.linalg.norm(quad[i] - quad[(i + 1) % 4])) for i in range(4))
    width, height = max(top, bottom), max(left, right)
    x, y = quad.min(axis=0)
    target = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), target.astype(np.float32))
    return _fit_page(np.asarray(matrix, np.float64), clean.shape[1], clean.shape[0])


def _fit_page(
    matrix: NDArray[np.float64], width: int, height: int
) -> tuple[NDArray[np.float64], tuple[int, int]] | None:
    """Shift so that the whole old page stays on the new one; None when it would explode."""
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], dtype=np.float64)
    moved = cv2.perspectiveTransform(corners, matrix)[0]
    low, high = moved.min(axis=0), moved.max(axis=0)
    size = (int(high[0] - low[0]) + 1, int(high[1] - low[1]) + 1)
    if size[0] > 2.2 * width or size[1] > 2.2 * height:
        return None
    shift = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]], dtype=np.float64)
    return shift @ matrix, size


def _frame(small: Gray, em: float) -> NDArray[np.float64] | None:
    """The four corners (top left, top right, bottom right, bottom left) of the largest frame."""
    for grey in _INK:  # pale rulings fall to pieces, and a piece of a frame has corners of its own
        dark = darker(small, grey)
        dark = as_grey(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)))
        quad = _largest(dark, em)
        if quad is not None and _is_drawn(dark, quad, em):
            return quad
    return None


def _largest(dark: Gray, em: float) -> NDArray[np.float64] | None:
    """The corners of the piece of ink that reaches furthest; None where it is no open shape of four corners."""
    count, labels, stats, _ = blobs(dark)
    if count < 2:
        return None
    reach = stats[1:, cv2.CC_STAT_WIDTH].astype(np.int64) * stats[1:, cv2.CC_STAT_HEIGHT]
    best = int(reach.argmax()) + 1
    x, y, w, h, area = stats[best].tolist()
    if w < 15 * em or h < 6 * em or area > 0.35 * w * h or reach.max() < 0.08 * dark.size:
        return None
    hull = cv2.convexHull(_ends(labels[y : y + h, x : x + w] == best))
    for tolerance in (0.01, 0.015, 0.02, 0.03):
        corners = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, closed=True), closed=True)
        if len(corners) == 4:
            quad = _ordered(corners.reshape(4, 2).astype(np.float64) + np.array([x, y]))
            return quad if _fills(quad, w * h) else None
    return None


def _is_drawn(dark: Gray, quad: NDArray[np.float64], em: float) -> bool:
    """Whether a line runs along each side: corners of a torn frame have none between them.

    >>> page = np.zeros((80, 80), np.uint8); corners = np.array([[9, 9], [70, 9], [70, 70], [9, 70]])
    >>> _is_drawn(cv2.polylines(page, [corners], True, 255), corners.astype(np.float64), 6.0)
    True
    >>> _is_drawn(cv2.line(page, (9, 9), (70, 9), 0, 3), corners.astype(np.float64), 6.0)
    False
    """
    long = max(9, int(em))  # print has no strokes of this length
    reach = np.ones((2 * _BULGE + 1, 2 * _BULGE + 1), np.uint8)
    across, down = (
        cv2.dilate(cv2.morphologyEx(_thick(dark, size), cv2.MORPH_OPEN, np.ones(size, np.uint8)), reach)
        for size in ((1, long), (long, 1))
    )
    steps = np.linspace(0.0, 1.0, 200)[:, None]
    for start, end, lines in zip(quad, np.roll(quad, -1, axis=0), (across, down) * 2, strict=True):
        x, y = (start + steps * (end - start)).astype(int).T
        inside = lines[np.clip(y, 0, lines.shape[0] - 1), np.clip(x, 0, lines.shape[1] - 1)]
        if np.count_nonzero(inside) < _DRAWN * len(steps):
            return False
    return True


def _thick(dark: Gray, size: tuple[int, int]) -> Gray:
    """Lines across or down, whichever is longer in ``size``, thick enough for leaning ones to be found."""
    return as_grey(cv2.dilate(dark, np.ones((3, 1) if size[1] > 1 else (1, 3), np.uint8)))


def _ends(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The first and last point (x, y) of every row of a blob: all that its hull can have for corners."""
    rows = np.arange(len(mask))
    first, last = mask.argmax(axis=1), mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)
    return np.vstack([np.column_stack([first, rows]), np.column_stack([last, rows])]).astype(np.int32)


def _fills(quad: NDArray[np.float64], box: float) -> bool:
    """Whether the corners are those of a frame: four of them, around most of the box they stand in."""
    return cv2.contourArea(quad.astype(np.float32)) > 0.6 * box


def _ordered(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    total, apart = corners.sum(axis=1), corners[:, 0] - corners[:, 1]
    return corners[[int(total.argmin()), int(apart.argmax()), int(total.argmax()), int(apart.argmin())]]


def _keystone(quad: NDArray[np.float64]) -> float:
    """Degrees by which opposite sides, or neighbouring ones from the square, differ at most."""
    sides = np.roll(quad, -1, axis=0) - quad
    angles = np.degrees(np.arctan2(sides[:, 1], sides[:, 0]))
    differ = [
        _turn(angles[0] - angles[2] + 180),
        _turn(angles[1] - angles[3] + 180),
        _turn(angles[1] - angles[0] - 90),
    ]
    return float(max(abs(d) for d in differ))


def _turn(angle: float) -> float:
    return (angle + 180) % 360 - 180
