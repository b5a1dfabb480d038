"""Ruling lines: dark, long and thin, kept apart from strokes of characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.blobs import Labels, blobs, chosen, measures
from extractors.imaging.dashes import with_dashes
from extractors.imaging.geometry import Gray, as_grey, darker, flipped
from extractors.imaging.light import least_lifted
from extractors.imaging.strokes import bare, even

# All lengths are in units of the page's character height (see char_height).
_ACROSS = 2.0  # a ruling across is longer than any stroke
_DOWN = 1.15  # a ruling down spans at least one row
_PROBE_ACROSS, _PROBE_DOWN = 1.2, 0.85  # straight parts looked for; a curled line is a chain of them
_FAINT, _PALEST = 205, 238
_PRINT = 150
# Pale rulings over which more than this share is as dark as print are another page's, seen through the paper.
_CROSSED, _CROSSES = 100, 0.04
_LONG, _LONG_ACROSS = 5.0, 6.0  # a piece down or across this long needs no ends
_REACH = 0.14  # an end this close to a crossing line meets it
_BRIDGE, _LEVEL = 0.8, 0.1  # a gap in one line, and how far its two ends may stand from one level
_GAP = 0.1  # breaks this long are closed: shorter than the gap between two characters


@dataclass(frozen=True)
class Rules:
    """Masks (255 = ruling) of the lines across and down, and the character height in pixels."""

    across: Gray
    down: Gray
    em: float


def char_height(clean: Gray) -> float:
    """The usual height of a character in pixels; 0.0 when there is nothing like text.

    Blobs give a first guess (often parts of characters); joined along the line by it, runs of text
    give the height of whole ones.

    >>> page = np.full((200, 400), 255, np.uint8)
    >>> for x in range(20, 380, 24): page[50:70, x : x + 19] = 0; page[120:140, x : x + 19] = 0
    >>> char_height(page)
    20.0
    """
    dark = darker(clean, _PRINT)
    first = _heights(dark, max(60.0, max(clean.shape) / 20), 0.5)
    if first.size < 4:
        return 0.0
    guess = float(np.percentile(first, 70))
    for _ in range(3):
        found = _run_height(dark, guess)
        if found == guess:
            break
        guess = found
    return guess


def _run_height(dark: Gray, guess: float) -> float:
    """The height that most text is set in, by the length of its runs: broken strokes make many short ones."""
    across, down = int(guess * 0.8) | 1, int(guess * 0.25) | 1
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((down, across), np.uint8))
    stats = measures(as_grey(joined))
    widths, heights = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    runs = (heights >= 6) & (heights > guess * 0.6) & (heights < guess * 3) & (widths > heights * 1.5)
    widths, heights = widths[runs], heights[runs]
    if heights.size < 4:
        return guess
    order = np.argsort(heights)
    lengths = np.cumsum(np.minimum(widths, heights * 12)[order])
    return float(heights[order][np.searchsorted(lengths, lengths[-1] / 2)])


def sideways(clean: Gray, em: float) -> bool:
    """Whether the lines of text run up and down the page.

    >>> page = np.full((400, 200), 255, np.uint8)
    >>> for y in range(20, 380, 24): page[y : y + 19, 50:70] = 0; page[y : y + 19, 120:140] = 0
    >>> sideways(page, 20.0), sideways(np.ascontiguousarray(page.T), 20.0)
    (True, False)
    """
    small = darker(np.ascontiguousarray(clean[::2, ::2]), 128)
    reach = max(3, int(em * 0.35) | 1)
    long = []
    for kernel, along, thick in (((1, reach), 2, 3), ((reach, 1), 3, 2)):
        stats = measures(as_grey(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones(kernel, np.uint8))))
        sides, widths = stats[:, along], stats[:, thick]
        run = (sides > 2.5 * widths) & (widths > em * 0.3) & (widths < em)
        long.append(float(sides[run].sum()))
    return long[1] > 1.5 * long[0]


def _heights(dark: Gray, limit: float, least_shape: float) -> NDArray[np.int32]:
    """Heights of the blobs between 6 pixels and ``limit``, no narrower than ``least_shape`` × height."""
    stats = measures(dark)
    widths, heights = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    return heights[(heights >= 6) & (heights < limit) & (widths > heights * least_shape)]


def find_rules(clean: Gray, em: float, faint: int = _FAINT) -> Rules:
    """The ruling lines of an upright page cleaned to full contrast; they are darker than ``faint``."""
    # A thin line that falls between two rows of pixels is grey in both.
    dark = with_dashes(darker(clean, faint), em)
    gap = max(2, int(em * _GAP))
    across = _long(_thin(_keep(dark, (gap, 1), (int(em * _PROBE_ACROSS), 1)), em, 0), em * _ACROSS, 0)
    down = _long(_thin(_keep(dark, (1, gap), (1, int(em * _PROBE_DOWN))), em, 1), em * _DOWN, 1)
    across = _tied(bare(across, dark, em), down, em, _LONG_ACROSS)
    upright = even(flipped(down), flipped(dark), _LONG * em, em)
    return Rules(across, flipped(_tied(upright, flipped(across), em, _LONG)), em)


def _tied(mask: Gray, crossing: Gray, em: float, long: float) -> Gray:
    """Keep the pieces across that are longer than any row of strokes, or whose two ends meet something.

    An end meets a crossing line close by, or another piece of its own line behind a gap.
    """
    near = as_grey(cv2.dilate(crossing, np.ones((3, 2 * int(em * _REACH) + 1), np.uint8)))
    count, labels, stats, _ = blobs(mask)
    keep = np.zeros(count, bool)
    for label in range(1, count):
        x, y, w, h, _ = stats[label].tolist()
        if w > long * em:
            keep[label] = True
            continue
        left = _end(labels, near, label, (x, y, w, h), -1, em)
        if left and _end(labels, near, label, (x, y, w, h), 1, em):
            keep[label] = True
    return chosen(labels, keep)


def _end(labels: Labels, near: Gray, label: int, box: tuple[int, int, int, int], way: int, em: float) -> bool:
    """Whether the left (-1) or right (1) end of a piece meets a crossing line or a piece of its own line."""
    x, y, w, h = box
    at = x if way < 0 else x + w - 1
    rows = np.flatnonzero(labels[y : y + h, at] == label)
    middle = y + int(rows.mean()) if rows.size else y + h // 2
    if near[max(0, middle - 1) : middle + 2, at].any():
        return True
    slack, gap = max(2, int(em * _LEVEL)), int(em * _BRIDGE)
    low, high = (max(0, at - gap), at) if way < 0 else (at + 1, at + 1 + gap)
    band = slice(max(0, middle - slack), middle + slack + 1)
    own = (labels[band, low:high] > 0) & (labels[band, low:high] != label)
    other = np.flatnonzero(own.any(axis=0))
    walls = np.flatnonzero(near[band, low:high].any(axis=0))
    if not other.size:
        return False
    return not walls.size or bool(other.max() > walls.max() if way < 0 else other.min() < walls.min())


def _keep(dark: Gray, close: tuple[int, int], keep: tuple[int, int]) -> Gray:
    wide = (1, 3) if close[0] > 1 else (3, 1)
    swollen = cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_RECT, wide))
    closed = cv2.morphologyEx(swollen, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, close))
    return cast(
        "Gray", cv2.morphologyEx(closed, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, keep))
    )


def _long(mask: Gray, least: float, axis: int) -> Gray:
    """Keep the connected pieces at least this long; their parts may climb with the paper."""
    _, labels, stats, _ = blobs(mask)
    lengths = stats[:, cv2.CC_STAT_WIDTH if axis == 0 else cv2.CC_STAT_HEIGHT]
    return chosen(labels, lengths >= least)


def _thin(mask: Gray, em: float, axis: int) -> Gray:
    """Drop what is thick: a filled heading or a black margin is not a line."""
    thick = int(em * 0.6)
    element = (1, thick) if axis == 0 else (thick, 1)
    solid = cv2.morphologyEx(mask, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, element))
    return cast("Gray", cv2.subtract(mask, solid))


@dataclass(frozen=True)
class Piece:
    """One unbroken piece of ruling: its pixels' run ``along`` the line and mean place ``across`` it."""

    start: int
    end: int
    place: float
    trace: NDArray[np.float64]


def pieces(mask: Gray, *, down: bool = False) -> list[Piece]:
    """The pieces of a mask of lines; ``trace[i]`` is the line's place at ``start + i`` (NaN in a gap)."""
    work = flipped(mask) if down else mask
    count, labels, stats, _ = blobs(work)
    found = []
    for label in range(1, count):
        x, y, w, h, _ = stats[label].tolist()
        part = labels[y : y + h, x : x + w] == label
        hits = part.sum(axis=0)
        with np.errstate(invalid="ignore"):
            trace = (part * np.arange(h)[:, None]).sum(axis=0) / hits + y
        found.append(Piece(x, x + w, float(np.nanmean(trace)), trace))
    return found


def few(rules: Rules) -> bool:
    """Whether the rulings are too few for a table: no three long lines across, or none down."""
    long = int((measures(rules.across)[:, cv2.CC_STAT_WIDTH] > 8 * rules.em).sum())
    return long < 3 or not rules.down.any()


def pale_rules(even: Gray, em: float) -> Rules:
    """The rulings of an upright page with whatever is pale: faint ones, and those that show through."""
    return find_rules(least_lifted(even), em, _PALEST)


def faint_rules(even: Gray, clean: Gray, em: float) -> Rules | None:
    """Rulings as pale as show-through, on an upright page; None when they run through the print as a
    mirrored page's do, or are too few.
    """
    for rules in (find_rules(least_lifted(even), em), pale := pale_rules(even, em)):
        lines = np.maximum(rules.across, rules.down) > 0
        if few(rules) or float((clean[lines] < _CROSSED).sum()) > _CROSSES * int(lines.sum()):
            return None
    return pale
