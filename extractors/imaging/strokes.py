"""Strokes that look like rulings: those of bold print in one row, and those of a pen."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.imaging.blobs import blobs, chosen
from extractors.imaging.geometry import Gray, without
from extractors.imaging.runs import Floats, Runs, flanks, on_level, runs_of

# All lengths are in character heights. Ink so near above and below this share of a piece: it is no ruling.
_CLOSE, _CROWDED = (0.1, 0.35), 0.35
# Short pieces that slant more, or of which more stands so far off their own line, are drawn with a pen.
_SLANT, _WAVER, _OFF = 0.06, 0.12, 0.1
# A level with less ruling than this is one cell's alone: ink within so much of it makes it a character's stroke.
_ALONE, _LEVEL, _WITHIN = 3.0, 0.2, (0.06, 0.22)


def bare(mask: Gray, dark: Gray, em: float) -> Gray:
    """The pieces across of a mask without those that have ink close above and below them.

    >>> page = np.zeros((60, 300), np.uint8); page[28:32, 20:280] = 255
    >>> crowded = page.copy(); crowded[20:24, 20:280] = crowded[36:40, 20:280] = 255
    >>> bool(bare(page, page, 24.0).any()), bool(bare(page, crowded, 24.0).any())
    (True, False)
    """
    count, labels, _, _ = blobs(mask)
    runs = runs_of(mask, labels, count)
    keep = np.minimum(*_inked(mask, dark, runs, (_CLOSE[0] * em, _CLOSE[1] * em))) < _CROWDED
    return chosen(labels, keep)


def even(mask: Gray, dark: Gray, long: float, em: float) -> Gray:
    """The pieces across of a mask without those shorter than ``long`` pixels that slant or waver, and without
    those that stand alone on their level close beside other ink, as a stroke does in its character.

    >>> page = np.zeros((60, 90), np.uint8); _ = cv2.line(page, (10, 20), (70, 32), 255, 2)
    >>> bool(even(page, page, 120.0, 24.0).any())
    False
    """
    count, labels, stats, _ = blobs(mask)
    runs = runs_of(mask, labels, count)
    off, slope = runs.wobble()
    keep = (np.abs(slope) < _SLANT) & (runs.mean(np.abs(off) > _WAVER * em) < _OFF)
    width = stats[:, cv2.CC_STAT_WIDTH].astype(np.int64)
    width[0] = 0
    alone = on_level(runs.mean(runs.ys), width, _LEVEL * em) < _ALONE * em
    keep &= ~(alone & (np.maximum(*_inked(mask, dark, runs, (_WITHIN[0] * em, _WITHIN[1] * em))) > _CROWDED))
    keep |= width >= long
    return chosen(labels, keep)


def _inked(mask: Gray, dark: Gray, runs: Runs, stripe: tuple[float, float]) -> list[Floats]:
    """The shares of each piece's length with ink above, and below, so many pixels away (from, to)."""
    other = without(dark, mask, (3, 1))
    start, wide = max(2, int(stripe[0])), max(1, int(stripe[1] - stripe[0]))
    length = np.maximum(1, runs.different(runs.xs))
    return [runs.different(runs.xs, s[runs.ys, runs.xs] > 0) / length for s in flanks(other, start, wide)]
