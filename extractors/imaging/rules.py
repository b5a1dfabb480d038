"""Ruling lines: dark, long and thin, kept apart from strokes of characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.geometry import Gray

# All lengths are in units of the page's character height (see char_height).
_ACROSS = 2.2  # a ruling across is longer than any stroke
_DOWN = 1.35  # a ruling down spans at least one row
_PROBE_ACROSS, _PROBE_DOWN = 1.4, 1.0  # straight parts looked for; a curled line is a chain of them
_FAINT = 205
_LONG = 5.0  # a piece down this long needs no ends
_GAP = 0.1  # breaks this long are closed: shorter than the gap between two characters


@dataclass(frozen=True)
class Rules:
    """Masks (255 = ruling) of the lines across and down, and the character height in pixels."""

    across: Gray
    down: Gray
    em: float


def char_height(clean: Gray) -> float:
    """The usual height of a character in pixels, from the dark blobs of the page; 0.0 when there are none."""
    dark = np.where(clean < 128, 1, 0).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    widths, heights = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    limit = max(clean.shape) / 20
    like = (heights >= 6) & (heights < limit) & (widths < limit) & (widths > heights * 0.5) & (widths < heights * 1.6)
    sizes = np.maximum(heights, widths)[like]
    if sizes.size < 4:
        return 0.0
    return float(np.percentile(sizes, 70))


def find_rules(clean: Gray, em: float) -> Rules:
    """The ruling lines of an upright page cleaned to full contrast."""
    # A thin line that falls between two rows of pixels is grey in both.
    dark = np.where(clean < _FAINT, 255, 0).astype(np.uint8)
    gap = max(2, int(em * _GAP))
    across = _long(_thin(_keep(dark, (gap, 1), (int(em * _PROBE_ACROSS), 1)), em, 0), em * _ACROSS, 0)
    down = _long(_thin(_keep(dark, (1, gap), (1, int(em * _PROBE_DOWN))), em, 1), em * _DOWN, 1)
    return Rules(across, _between(down, across, em), em)


def _between(down: Gray, across: Gray, em: float) -> Gray:
    """Keep the pieces down that run from one line across to another, or are longer than any stroke."""
    reach = int(em * 0.45)
    near = cv2.dilate(across, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(down, connectivity=8)
    keep = np.zeros(count, np.uint8)
    for label in range(1, count):
        x, y, w, h, _ = stats[label].tolist()
        at = x + w // 2
        ends = bool(near[y, at]) + bool(near[y + h - 1, at])
        if ends == 2 or h > _LONG * em:
            keep[label] = 255
    return cast(Gray, keep[labels])


def _keep(dark: Gray, close: tuple[int, int], keep: tuple[int, int]) -> Gray:
    wide = (1, 3) if close[0] > 1 else (3, 1)
    swollen = cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_RECT, wide))
    closed = cv2.morphologyEx(swollen, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, close))
    return cast(Gray, cv2.morphologyEx(closed, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, keep)))


def _long(mask: Gray, least: float, axis: int) -> Gray:
    """Keep the connected pieces at least this long; their parts may climb with the paper."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    lengths = stats[:, cv2.CC_STAT_WIDTH if axis == 0 else cv2.CC_STAT_HEIGHT]
    keep = np.where(lengths >= least, 255, 0).astype(np.uint8)
    keep[0] = 0
    return cast(Gray, keep[labels])


def _thin(mask: Gray, em: float, axis: int) -> Gray:
    """Drop what is thick: a filled heading or a black margin is not a line."""
    thick = int(em * 0.6)
    element = (1, thick) if axis == 0 else (thick, 1)
    solid = cv2.morphologyEx(mask, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, element))
    return cast(Gray, cv2.subtract(mask, solid))


@dataclass(frozen=True)
class Piece:
    """One unbroken piece of ruling: its pixels' run ``along`` the line and mean place ``across`` it."""

    start: int
    end: int
    place: float
    trace: NDArray[np.float64]


def pieces(mask: Gray, *, down: bool = False) -> list[Piece]:
    """The pieces of a mask of lines; ``trace[i]`` is the line's place at ``start + i`` (NaN in a gap)."""
    work = mask.T if down else mask
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(work), connectivity=8)
    found = []
    for label in range(1, count):
        x, y, w, h, _ = stats[label].tolist()
        part = labels[y : y + h, x : x + w] == label
        hits = part.sum(axis=0)
        with np.errstate(invalid="ignore"):
            trace = (part * np.arange(h)[:, None]).sum(axis=0) / hits + y
        found.append(Piece(x, x + w, float(np.nanmean(trace)), trace))
    return found
