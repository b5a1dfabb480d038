"""Strokes that look like rulings: those of bold print in one row, and those of a pen."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.imaging.blobs import blobs, chosen
from extractors.imaging.geometry import Gray, without
from extractors.imaging.runs import flanks, runs_of

# All lengths are in character heights. Ink so near above and below this share of a piece: it is no ruling
# (own drawings: rulings to .2, rows of bold strokes from .5).
_CLOSE, _CROWDED = (0.1, 0.35), 0.35
# Short pieces that slant more, or of which more stands so far off their own line, are drawn with a pen.
_SLANT, _WAVER, _OFF = 0.06, 0.12, 0.1


def bare(mask: Gray, dark: Gray, em: float) -> Gray:
    """The pieces across of a mask without those that have ink close above and below them.

    >>> page = np.zeros((60, 300), np.uint8); page[28:32, 20:280] = 255
    >>> crowded = page.copy(); crowded[20:24, 20:280] = crowded[36:40, 20:280] = 255
    >>> bool(bare(page, page, 24.0).any()), bool(bare(page, crowded, 24.0).any())
    (True, False)
    """
    count, labels, _, _ = blobs(mask)
    runs = runs_of(mask, labels, count)
    other = without(dark, mask, (3, 1))
    start, wide = max(2, int(em * _CLOSE[0])), max(1, int(em * (_CLOSE[1] - _CLOSE[0])))
    inked = [side[runs.ys, runs.xs] > 0 for side in flanks(other, start, wide)]
    shares = [runs.different(runs.xs, one) / np.maximum(1, runs.different(runs.xs)) for one in inked]
    keep = np.minimum(*shares) < _CROWDED
    return chosen(labels, keep)


def even(mask: Gray, long: float, em: float) -> Gray:
    """The pieces across of a mask without those shorter than ``long`` pixels that slant or waver.

    >>> page = np.zeros((60, 90), np.uint8); _ = cv2.line(page, (10, 20), (70, 32), 255, 2)
    >>> bool(even(page, 120.0, 24.0).any())
    False
    """
    count, labels, stats, _ = blobs(mask)
    runs = runs_of(mask, labels, count)
    off, slope = runs.wobble()
    keep = (np.abs(slope) < _SLANT) & (runs.mean(np.abs(off) > _WAVER * em) < _OFF)
    keep |= stats[:, cv2.CC_STAT_WIDTH] >= long
    return chosen(labels, keep)
