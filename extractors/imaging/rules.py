"""Ruling lines: dark, long and thin, kept apart from strokes of characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.blobs import Labels, blobs
from extractors.imaging.geometry import Gray, as_grey
from extractors.imaging.light import least_lifted

# All lengths are in units of the page's character height (see char_height).
_ACROSS = 2.0  # a ruling across is longer than any stroke
_DOWN = 1.15  # a ruling down spans at least one row
_PROBE_ACROSS, _PROBE_DOWN = 1.2, 0.85  # straight parts looked for; a curled line is a chain of them
_FAINT = 205
_PRINT = 150
# Pale rulings over which more than this share is as dark as print are another page's, seen through the paper.
_CROSSED, _CROSSES = 100, 0.04
_LONG, _LONG_ACROSS = 5.0, 6.0  # a piece down or across this long needs no ends
# A dash is this long and thick at most and stands this close to the next; so many make a dashed line.
_DASH, _DASH_THICK, _DASH_GAP, _DASHES, _MEMBERS = 2.0, 0.28, 0.5, 12, 3
_DASH_SHARE = 0.4  # of a dashed line's length is printed, at least
# A dashed line is at least this long; where no line of _ALONE stands on its level it must be clear and straight.
_DASHED_ACROSS, _DASHED_DOWN, _ALONE, _COMPANY = 1.8, 1.0, 2.5, 0.2
_STRAIGHT, _CLIMB, _LINED = 3.5, 0.12, (0.78, 0.6)  # on curled paper only longer lines are bent
_DASH_OVER = 0.3  # it goes on so far at both ends: where lines cross stands a cross, no dash
# So many of its dashes have ink this close on one side, at most: strokes stand in rows of print.
_FLANK, _LONELY_FLANK, _BESIDE = 0.3, 0.1, 0.12
# Ink so near above and below this share of a piece across: it is no ruling.
_CLOSE, _CROWDED = (0.1, 0.35), 0.35
_PEN, _WAVER = 0.06, 0.12  # short pieces down that slant more or stand further from their line are of a pen
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
    dark = np.where(clean < _PRINT, 1, 0).astype(np.uint8)
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
    _, _, stats, _ = blobs(joined.astype(np.uint8))
    widths, heights = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
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
    small = np.ascontiguousarray(np.where(clean[::2, ::2] < 128, 1, 0).astype(np.uint8))
    reach = max(3, int(em * 0.35) | 1)
    long = []
    for kernel, along, thick in (((1, reach), 2, 3), ((reach, 1), 3, 2)):
        joined = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones(kernel, np.uint8)).astype(np.uint8)
        _, _, stats, _ = blobs(joined)
        sides, widths = stats[1:, along], stats[1:, thick]
        run = (sides > 2.5 * widths) & (widths > em * 0.3) & (widths < em)
        long.append(float(sides[run].sum()))
    return long[1] > 1.5 * long[0]


def _heights(dark: Gray, limit: float, least_shape: float) -> NDArray[np.int32]:
    """Heights of the blobs between 6 pixels and ``limit``, no narrower than ``least_shape`` × height."""
    _, _, stats, _ = blobs(dark)
    widths, heights = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    return heights[(heights >= 6) & (heights < limit) & (widths > heights * least_shape)]


def find_rules(clean: Gray, em: float) -> Rules:
    """The ruling lines of an upright page cleaned to full contrast."""
    # A thin line that falls between two rows of pixels is grey in both.
    dark = np.where(clean < _FAINT, 255, 0).astype(np.uint8)
    dark = _with_dashes(dark, em)
    gap = max(2, int(em * _GAP))
    across = _long(_thin(_keep(dark, (gap, 1), (int(em * _PROBE_ACROSS), 1)), em, 0), em * _ACROSS, 0)
    down = _long(_thin(_keep(dark, (1, gap), (1, int(em * _PROBE_DOWN))), em, 1), em * _DOWN, 1)
    across = _tied(_bare(across, dark, em), down, em, _LONG_ACROSS)
    upright = np.ascontiguousarray(down.T)
    down = as_grey(_tied(_even(upright, em), across.T, em, _LONG))
    return Rules(across, down.T, em)


def _with_dashes(dark: Gray, em: float) -> Gray:
    """The dark pixels with dashed and dotted lines drawn through.

    >>> page = np.zeros((60, 400), np.uint8); page[30:32] = np.where(np.arange(400) % 10 < 6, 255, 0)
    >>> bool(_with_dashes(page, 24.0)[30:32, 5:390].all())
    True
    """
    _, labels, stats, _ = blobs(dark)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    thick = max(4, int(em * _DASH_THICK))
    across = (high <= thick) & (wide <= _DASH * em)
    down = (wide <= thick) & (high <= _DASH * em)
    if max(int(across.sum()), int(down.sum())) < _DASHES:
        return dark
    level = _chains(dark, labels, np.where(across, high, 0), (em, _DASHED_ACROSS))
    turned = np.ascontiguousarray(dark.T), labels.T
    columns = _chains(*turned, np.where(down, wide, 0), (em, _DASHED_DOWN))
    return as_grey(np.maximum(np.maximum(dark, level), columns.T))


def _chains(
    dark: Gray, labels: Labels, thick: NDArray[np.int32], size: tuple[float, float]
) -> Gray:
    """Lines across through the dashes (blobs with a ``thick``-ness) that follow each other closely, with
    nothing printed along them.
    """
    em, least = size
    dashes = np.where(thick > 0, 255, 0).astype(np.uint8)[labels]
    reach = int(em * _DASH_GAP) | 1
    _, chains, stats, _ = blobs(as_grey(cv2.dilate(dashes, np.ones((3, reach), np.uint8))))
    ys, xs = np.nonzero(dashes)
    own = chains[ys, xs].astype(np.int64)
    count = len(stats)
    length = np.maximum(1, stats[:, cv2.CC_STAT_WIDTH] - reach + 1)
    good = _count_pairs(own, labels[ys, xs], count) >= _MEMBERS
    printed = _count_pairs(own, xs, count)
    good &= (length >= least * em) & (printed >= _DASH_SHARE * length)
    good[0] = False
    mass = np.maximum(1, np.bincount(own, minlength=count))
    usual = int(np.median(thick[thick > 0])) if (thick > 0).any() else 1
    near, far = (
        np.bincount(own, weights=side[ys, xs] > 0, minlength=count) / mass
        for side in _flanks(dark, usual + 2, int(em * _BESIDE))
    )
    places = np.bincount(own, weights=ys, minlength=count) / mass
    lonely = (length < _ALONE * em) & ~_in_company(places, np.where(good, length, 0), em)
    low, high = np.minimum(near, far), np.maximum(near, far)
    good &= (high <= np.where(lonely, _LONELY_FLANK, 2 * _FLANK)) & (low <= _FLANK)
    off, slope = _wobble(own, xs, ys, count)
    level = np.abs(off) <= (0.5 * mass / np.maximum(1, printed) + 0.7)[own]
    straight = _count_pairs(own[level], xs[level], count) >= _DASH_SHARE * length
    straight &= np.bincount(own[level], minlength=count) >= np.where(length < _ALONE * em, *_LINED) * mass
    good &= (length > _STRAIGHT * em) | (straight & (np.abs(slope) < _CLIMB))
    drawn = np.zeros_like(dark)
    order = np.argsort(own, kind="stable")
    starts = np.searchsorted(own[order], np.arange(count + 1))
    for label in np.flatnonzero(good).tolist():
        mine = order[starts[label] : starts[label + 1]]
        cv2.polylines(drawn, [_through(xs[mine], ys[mine], em)], False, (255,), 2)
    return drawn


def _wobble(own: NDArray[np.int64], xs: NDArray[np.int64], ys: NDArray[np.int64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far each pixel stands from the straight line through its chain, and the slope of each chain's line."""
    mass = np.maximum(1, np.bincount(own, minlength=count))

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(own, weights=values, minlength=count) / mass)

    x, y = xs - mean(xs)[own], ys - mean(ys)[own]
    along = np.maximum(mean(x * x), 1e-9)
    slope = mean(x * y) / along
    return np.asarray(y - slope[own] * x), slope


def _in_company(places: NDArray[np.float64], length: NDArray[np.int64], em: float) -> NDArray[np.bool_]:
    """Which of the chains at ``places`` make, with those on the same level, a line of some length."""
    order = np.argsort(places)
    sums = np.concatenate([[0], np.cumsum(length[order])])
    low = np.searchsorted(places[order], places - _COMPANY * em)
    high = np.searchsorted(places[order], places + _COMPANY * em, side="right")
    return np.asarray(sums[high] - sums[low] >= _ALONE * em)


def _count_pairs(own: NDArray[np.int64], other: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """How many different ``other`` numbers each of ``count`` owners has."""
    span = int(other.max(initial=0)) + 1
    return np.bincount(np.unique(own * span + other) // span, minlength=count)


def _flanks(dark: Gray, start: int, wide: int) -> list[Gray]:
    """Where ink stands from ``start`` pixels on above, and below, in a stripe ``wide`` pixels wide."""
    stripe = np.ones((max(1, wide), 1), np.uint8)
    up, down = np.zeros_like(dark), np.zeros_like(dark)
    down[:-start] = cv2.dilate(dark, stripe, anchor=(0, 0))[start:]
    up[start:] = cv2.dilate(dark, stripe, anchor=(0, max(1, wide) - 1))[:-start]
    return [up, down]


def _through(xs: NDArray[np.int64], ys: NDArray[np.int64], em: float) -> NDArray[np.int32]:
    """The line (n, 1, 2) through the pixels of a chain: the wobble of its dots is smoothed away."""
    low, high = int(xs.min()), int(xs.max())
    count = np.bincount(xs - low)
    hit = np.flatnonzero(count)
    along = np.arange(high - low + 1)
    level = np.interp(along, hit, np.bincount(xs - low, weights=ys)[hit] / count[hit])
    half = max(1, int(em / 2))
    over = int(em * _DASH_OVER)  # the dash at a crossing is no dash but a cross
    level = np.pad(level, half + over, mode="edge")
    level = np.convolve(level, np.ones(2 * half + 1) / (2 * half + 1), "valid")
    return np.column_stack([np.arange(low - over, high + over + 1), np.rint(level)]).astype(np.int32)[:, None]


def _bare(mask: Gray, dark: Gray, em: float) -> Gray:
    """Drop the pieces across that have ink close above and below them: strokes in a row of bold print."""
    count, labels, _, _ = blobs(mask)
    ys, xs = np.nonzero(mask)
    own = labels[ys, xs].astype(np.int64)
    other = np.where(cv2.dilate(mask, np.ones((3, 1), np.uint8)) > 0, 0, dark).astype(np.uint8)
    start, wide = max(2, int(em * _CLOSE[0])), max(1, int(em * (_CLOSE[1] - _CLOSE[0])))
    length = np.maximum(1, _count_pairs(own, xs, count))
    keep = np.zeros(count, bool)
    keep[1:] = True
    inked = [side[ys, xs] > 0 for side in _flanks(other, start, wide)]
    shares = [_count_pairs(own[one], xs[one], count) / length for one in inked]
    keep &= np.minimum(*shares) < _CROWDED
    return np.where(keep, 255, 0).astype(np.uint8)[labels]


def _even(mask: Gray, em: float) -> Gray:
    """Drop the short pieces across that slant or waver as the strokes of a pen do."""
    count, labels, stats, _ = blobs(mask)
    ys, xs = np.nonzero(mask)
    own = labels[ys, xs].astype(np.int64)
    off, slope = _wobble(own, xs, ys, count)
    far = np.bincount(own, weights=np.abs(off) > _WAVER * em, minlength=count)
    mass = np.maximum(1, np.bincount(own, minlength=count))
    short = stats[:, cv2.CC_STAT_WIDTH] < _LONG * em
    keep = ~short | ((np.abs(slope) < _PEN) & (far < 0.1 * mass))
    keep[0] = False
    return np.where(keep, 255, 0).astype(np.uint8)[labels]


def _tied(mask: Gray, crossing: Gray, em: float, long: float) -> Gray:
    """Keep the pieces across that are longer than any row of strokes, or whose two ends meet something.

    An end meets a crossing line close by, or another piece of its own line behind a gap.
    """
    near = as_grey(cv2.dilate(crossing, np.ones((3, 2 * int(em * _REACH) + 1), np.uint8)))
    count, labels, stats, _ = blobs(np.ascontiguousarray(mask))
    keep = np.zeros(count, np.uint8)
    for label in range(1, count):
        x, y, w, h, _ = stats[label].tolist()
        if w > long * em:
            keep[label] = 255
            continue
        left = _end(labels, near, label, (x, y, w, h), -1, em)
        if left and _end(labels, near, label, (x, y, w, h), 1, em):
            keep[label] = 255
    return keep[labels]


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
    keep = np.where(lengths >= least, 255, 0).astype(np.uint8)
    keep[0] = 0
    return keep[labels]


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
    work = mask.T if down else mask
    count, labels, stats, _ = blobs(np.ascontiguousarray(work))
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
    _, _, stats, _ = blobs(rules.across)
    long = int((stats[1:, cv2.CC_STAT_WIDTH] > 8 * rules.em).sum())
    return long < 3 or not rules.down.any()


def faint_rules(even: Gray, clean: Gray, em: float) -> Rules | None:
    """Rulings as pale as show-through, on an upright page; None when they run through the print as a
    mirrored page's do, or are too few.
    """
    pale = find_rules(least_lifted(even), em)
    lines = np.maximum(pale.across, pale.down) > 0
    count = int(lines.sum())
    if few(pale) or float((clean[lines] < _CROSSED).sum()) > _CROSSES * count:
        return None
    return pale
