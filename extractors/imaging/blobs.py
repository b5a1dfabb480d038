"""Connected ink: the one place where blobs of a mask are told apart and measured."""

from __future__ import annotations

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.geometry import Gray, as_grey

Labels = NDArray[np.uint16] | NDArray[np.int32]
Blobs = tuple[int, Labels, NDArray[np.int32], NDArray[np.float64]]
# Below this many pixels looking for the empty margins costs what it saves.
_SMALL = 100_000
_SPARSE = 0.04  # own pages: at this share of ink both ways of measuring cost the same


def blobs(mask: NDArray[Any]) -> Blobs:
    """The 8-connected blobs of what is not 0: their number (with the ground), labels, stats, middles.

    ``stats`` has a row (x, y, width, height, area) for each label; label 0 is the ground, whose middle
    says nothing.

    >>> count, labels, stats, _ = blobs(np.array([[1, 0, 1], [0, 0, 1]], np.uint8))
    >>> count, stats[1:].tolist()
    (3, [[0, 0, 1, 1, 1], [2, 0, 1, 2, 2]])
    """
    if mask.size < _SMALL or mask.dtype != np.uint8:
        return _blobs(mask)
    # A page's margins hold a quarter of its pixels.
    x, y, w, h = cv2.boundingRect(mask)
    if not w:
        return _blobs(mask)
    count, inner, stats, middles = _inked(mask[y : y + h, x : x + w])
    labels = np.zeros(mask.shape, inner.dtype)
    labels[y : y + h, x : x + w] = inner
    stats = stats + np.array([x, y, 0, 0, 0], np.int32)
    stats[0] = 0, 0, mask.shape[1], mask.shape[0], stats[0, 4] + mask.size - w * h
    return count, labels, stats, middles + np.array([x, y])


def measures(mask: Gray) -> NDArray[np.int32]:
    """The rows (x, y, width, height, area) of a mask's blobs, without the ground.

    >>> measures(np.array([[0, 0, 1], [0, 0, 1]], np.uint8)).tolist()
    [[2, 0, 1, 2, 2]]
    """
    x, y, w, h = cv2.boundingRect(mask)
    if not w:
        return np.zeros((0, 5), np.int32)
    return np.asarray(_inked(mask[y : y + h, x : x + w])[2][1:] + np.array([x, y, 0, 0, 0], np.int32))


def _inked(mask: Gray) -> Blobs:
    if mask.size < _SMALL or cv2.countNonZero(mask) > _SPARSE * mask.size:
        return _blobs(mask)
    return _sparse(mask)


def _sparse(mask: Gray) -> Blobs:
    """The same for a mask of lines and specks: measured run by run, OpenCV measures pixel by pixel."""
    try:
        count, labels = cv2.connectedComponentsWithAlgorithm(mask, 8, cv2.CV_16U, cv2.CCL_DEFAULT)
    except cv2.error:
        return _blobs(mask)
    height, width = mask.shape
    inked = np.zeros((height, width + 1), bool)  # a column of ground ends every run
    np.not_equal(mask, 0, out=inked[:, :width])
    flat = inked.ravel()
    turns = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    turns = np.concatenate([[0], turns]) if flat[0] else turns
    starts, long = turns[::2], turns[1::2] - turns[::2]
    y, x = np.divmod(starts, width + 1)
    label = labels[y, x].astype(np.int64)
    low, high = np.full(count, width), np.zeros(count, np.int64)
    np.minimum.at(low, label, x)
    np.maximum.at(high, label, x + long)
    top, bottom = np.zeros(count, np.int64), np.zeros(count, np.int64)
    top[label[::-1]], bottom[label] = y[::-1], y + 1  # of many the last stays: runs come from top to bottom
    area = np.bincount(label, long, count)
    area[0] = mask.size - area.sum()
    low[0], high[0], bottom[0] = 0, width, height
    middles = [np.bincount(label, long * at, count) / area for at in (x + (long - 1) / 2, y)]
    stats = np.column_stack([low, top, high - low, bottom - top, area]).astype(np.int32)
    return count, cast("Labels", labels), stats, np.column_stack(middles)


def _blobs(mask: NDArray[Any]) -> Blobs:
    try:
        # Labels of 16 bits take a third of the time; pages of noise hold more of them than fit.
        found = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, cv2.CV_16U, cv2.CCL_DEFAULT)
    except cv2.error:
        found = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return cast("Blobs", tuple(found))


def chosen(labels: Labels, keep: NDArray[np.bool_]) -> Gray:
    """The mask (255) of the blobs for which ``keep`` says so, by label; the ground is never chosen.

    >>> chosen(np.array([[0, 1, 2]], np.uint16), np.array([True, False, True])).tolist()
    [[0, 0, 255]]
    """
    size = 65_536 if labels.dtype == np.uint16 else len(keep)
    table = np.zeros(size, np.uint8)
    table[: len(keep)] = np.where(keep, 255, 0)
    table[0] = 0
    # OpenCV looks 16 bits up in a fifth of NumPy's time.
    return as_grey(cv2.LUT(labels, table) if labels.dtype == np.uint16 else table[labels])
