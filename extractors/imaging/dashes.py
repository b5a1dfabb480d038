"""Dashed, dotted and broken rulings: chains of short pieces on one level are drawn through.

A chain is judged by itself, so that a broken line of a fax is mended among whole ones and a row of
specks, colons or strokes is left alone.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.blobs import Labels, blobs, chosen
from extractors.imaging.geometry import Gray, as_grey, flipped
from extractors.imaging.runs import Ints, Mask, Runs, flanks, on_level, runs_of

# All lengths are in character heights. A dash is this long and thick at most and this close to the next.
_DASH, _THICK, _GAP = 2.0, 0.28, 0.5
_DASHES, _MEMBERS = 12, 2  # on a page, and of a line
_DUST, _DUSTY = (
    3,
    0.5,
)  # pixels of a speck; where so many lie on the square of a character, specks are no dashes
_SHARE, _LONELY_SHARE = (
    0.4,
    0.6,
)  # of a dashed line's length is printed, at least; of a short one that stands alone
# A dashed line is at least this long; one shorter than _ALONE must be clear where no others stand on its level,
# one shorter than _TINY counts only where many do.
_ACROSS, _DOWN, _TINY, _ALONE, _COMPANY, _SAME = 1.8, 0.75, 1.0, 2.5, 4.0, 0.2
# Lines up to _STRAIGHT climb no more than _CLIMB and have so much of their ink on one line (short, longer): specks
# and strokes lie about it. On curled paper longer lines are bent.
_STRAIGHT, _CLIMB, _LINED = 3.5, 0.12, (0.78, 0.6)
_OVER = 0.3  # it goes on so far at both ends: where lines cross stands a cross, no dash
# So much of it may have ink close on one side: strokes stand in rows of print.
_FLANK, _LONELY_FLANK, _BESIDE = 0.3, 0.1, 0.12


def with_dashes(dark: Gray, em: float) -> Gray:
    """The dark pixels (255) with dashed and dotted lines drawn through; ``em`` is the character height.

    >>> page = np.zeros((60, 400), np.uint8); page[30:32] = np.where(np.arange(400) % 10 < 6, 255, 0)
    >>> bool(with_dashes(page, 24.0)[30, 5:390].all())
    True
    """
    _, labels, stats, _ = blobs(dark)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    thick = max(4, int(em * _THICK))
    across = (high <= thick) & (wide <= _DASH * em)
    down = (wide <= thick) & (high <= _DASH * em)
    dust = stats[:, cv2.CC_STAT_AREA] <= _DUST
    if int(dust.sum()) * em * em > _DUSTY * dark.size:
        across, down = across & ~dust, down & ~dust
    if max(int(across.sum()), int(down.sum())) < _DASHES:
        return dark
    level = _drawn(dark, labels, np.where(across, high, 0), (em, _ACROSS))
    upright = _drawn(
        flipped(dark), cast("Labels", cv2.transpose(labels)), np.where(down, wide, 0), (em, _DOWN)
    )
    return as_grey(np.maximum(np.maximum(dark, level), flipped(upright)))


def _drawn(dark: Gray, labels: Labels, thick: NDArray[np.int32], size: tuple[float, float]) -> Gray:
    """Lines across through the dashes (blobs that are ``thick``) that follow each other closely."""
    em, least = size
    dashes = chosen(labels, thick > 0)
    reach = int(em * _GAP) | 1
    _, chains, stats, _ = blobs(as_grey(cv2.dilate(dashes, np.ones((3, reach), np.uint8))))
    length = np.maximum(1, stats[:, cv2.CC_STAT_WIDTH] - reach + 1).astype(np.int64)
    # Most of the print lies in chains too short to be asked about.
    runs = runs_of(as_grey(cv2.bitwise_and(dashes, chosen(chains, length >= least * em))), chains, len(stats))
    good = runs.different(labels[runs.ys, runs.xs].astype(np.int64)) >= _MEMBERS
    good &= (length >= least * em) & (runs.different(runs.xs) >= _SHARE * length)
    good[0] = False
    usual = int(np.median(thick[thick > 0])) if (thick > 0).any() else 1
    good &= _clear(dark, runs, np.where(good, length, 0), usual, em) & _straight(runs, length, em)
    drawn = np.zeros_like(dark)
    order = np.argsort(runs.own, kind="stable")
    starts = np.searchsorted(runs.own[order], np.arange(runs.count + 1))
    for label in np.flatnonzero(good).tolist():
        mine = order[starts[label] : starts[label + 1]]
        cv2.polylines(drawn, [_through(runs.xs[mine], runs.ys[mine], em)], False, (255,), 2)
    return drawn


def _clear(dark: Gray, runs: Runs, length: Ints, usual: int, em: float) -> Mask:
    """Which chains have little print along them: short ones less, those that stand alone next to none."""
    above, below = (
        runs.mean(side[runs.ys, runs.xs] > 0) for side in flanks(dark, usual + 2, int(em * _BESIDE))
    )
    low, high = np.minimum(above, below), np.maximum(above, below)
    company = on_level(runs.mean(runs.ys), length, _SAME * em)
    short, tiny = length < _ALONE * em, length < _TINY * em
    doubted = tiny | (short & (company < _ALONE * em))
    most = np.where(doubted, _LONELY_FLANK, np.where(short, 1, 2) * _FLANK)
    full = runs.different(runs.xs) >= np.where(doubted, _LONELY_SHARE, _SHARE) * length
    return np.asarray((low <= _FLANK) & (high <= most) & full & (~tiny | (company >= _COMPANY * em)))


def _straight(runs: Runs, length: Ints, em: float) -> Mask:
    """Which chains are long, or have most of their ink on one straight line that hardly climbs."""
    mass = runs.mass
    off, slope = runs.wobble()
    breadth = mass / np.maximum(1, runs.different(runs.xs))
    level = np.abs(off) <= (0.5 * breadth + 0.7)[runs.own]
    lined = runs.mean(level) >= np.where(length < _ALONE * em, *_LINED)
    lined &= runs.different(runs.xs, level) >= _SHARE * length
    return np.asarray((length > _STRAIGHT * em) | (lined & (np.abs(slope) < _CLIMB)))


def _through(xs: Ints, ys: Ints, em: float) -> NDArray[np.int32]:
    """The line (n, 1, 2) through the pixels of a chain: the wobble of its dots is smoothed away."""
    low, high = int(xs.min()), int(xs.max())
    count = np.bincount(xs - low)
    hit = np.flatnonzero(count)
    along = np.arange(high - low + 1)
    level = np.interp(along, hit, np.bincount(xs - low, weights=ys)[hit] / count[hit])
    half, over = max(1, int(em / 2)), int(em * _OVER)
    level = np.pad(level, half + over, mode="edge")
    level = np.convolve(level, np.ones(2 * half + 1) / (2 * half + 1), "valid")
    return np.column_stack([np.arange(low - over, high + over + 1), np.rint(level)]).astype(np.int32)[:, None]
