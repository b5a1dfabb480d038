"""Lines of text inside a cell: bands of ink between empty rows."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.blobs import blobs
from extractors.imaging.geometry import Gray, Rect, as_grey, darker

_DARK = 150
_PALE = 200  # the thin ends of strokes: they widen a line, they never make one
_SPECK = 0.10  # ink smaller than this share of a character, both ways, is dust


@dataclass(frozen=True)
class TextLine:
    """The box of one line in page pixels; ``stacked`` when it is one character of a vertical label."""

    box: Rect
    stacked: bool = False


def text_lines(clean: Gray, rules: Gray, box: Rect, em: float) -> list[TextLine]:
    """The lines of text within ``box``; an empty list for an empty cell.

    >>> page = np.full((100, 200), 255, np.uint8)
    >>> page[20:40, 30:100] = 0; page[60:80, 30:150] = 0
    >>> [tuple(map(int, line.box)) for line in text_lines(page, np.zeros_like(page), (0, 0, 200, 100), 20.0)]
    [(30, 20, 100, 40), (30, 60, 150, 80)]
    """
    inset = max(2.0, em * 0.1)
    x0, y0, x1, y1 = (int(v) for v in (box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset))
    x0, y0 = max(0, x0), max(0, y0)
    part = clean[y0:y1, x0:x1]
    ruled = as_grey(cv2.dilate(rules[y0:y1, x0:x1], np.ones((3, 3), np.uint8))) if part.size else part
    ink = _ink(part, ruled, em)
    if ink.size == 0 or not ink.any():
        return []
    bands = _bands(np.asarray(ink.any(axis=1), dtype=bool), em)
    bands = [part for band in bands for part in _split_tall(ink, band, em)]
    lines = []
    wide = ink | _ink(part, ruled, em, _PALE)
    for top, bottom in bands:
        columns = np.flatnonzero(wide[top:bottom].any(axis=0))
        if columns.size:
            left, right = int(columns[0]), int(columns[-1]) + 1
            lines.append((float(x0 + left), float(y0 + top), float(x0 + right), float(y0 + bottom)))
    stacked = len(lines) > 1 and all(r[2] - r[0] < 1.45 * em * _REAL for r in lines)
    return [TextLine(rect, stacked) for rect in lines]


ASIDE = 0.25
# A line's ink is a little lower than its characters' square.
_REAL = 1.08


def _ink(clean: Gray, ruled: Gray, em: float, level: int = _DARK) -> NDArray[np.bool_]:
    if clean.size == 0:
        return np.zeros(clean.shape, bool)
    dark = as_grey(cv2.subtract(darker(clean, level), ruled))
    if not dark.any():
        return dark > 0
    _, labels, stats, _ = blobs(dark)
    least = max(3.0, em * _SPECK)
    sides, area = stats[:, 2:4].max(axis=1), stats[:, 4]
    keep = (sides >= least) & (area >= least) & ~_rule_rests(stats, dark.shape, em)
    keep[0] = False
    return np.asarray(keep[labels], dtype=bool)


def _rule_rests(stats: NDArray[np.int32], shape: tuple[int, ...], em: float) -> NDArray[np.bool_]:
    """Long thin slivers at the cell's edge are what the mask left of a ruling."""
    x, y, w, h, _ = stats.T
    at_side = (x <= 1) | (x + w >= shape[1] - 1)
    at_end = (y <= 1) | (y + h >= shape[0] - 1)
    upright, level = (w < em * 0.2) & (h > em * 0.3), (h < em * 0.2) & (w > em * 0.3)
    return np.asarray((at_side & upright) | (at_end & level), dtype=bool)


def _bands(rows: NDArray[np.bool_], em: float) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    bands = [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
    merged = True
    while merged and len(bands) > 1:
        merged = False
        gaps = [bands[i + 1][0] - bands[i][1] for i in range(len(bands) - 1)]
        for i in np.argsort(gaps, kind="stable").tolist():
            if _belong(bands[i], bands[i + 1], em):
                bands[i : i + 2] = [(bands[i][0], bands[i + 1][1])]
                merged = True
                break
    return bands


def _belong(upper: tuple[int, int], lower: tuple[int, int], em: float) -> bool:
    """Two bands are parts of one line when they are close and together no taller than a character."""
    gap, whole = lower[0] - upper[1], lower[1] - upper[0]
    thin = min(upper[1] - upper[0], lower[1] - lower[0]) < 0.5 * em
    return whole <= (1.25 if thin else 1.15) * em and gap <= (0.6 if thin else 0.2) * em


def _split_tall(ink: NDArray[np.bool_], band: tuple[int, int], em: float) -> list[tuple[int, int]]:
    """Lines that touch are cut at the emptiest rows between them."""
    top, bottom = band
    count = round((bottom - top) / (1.3 * em))
    if bottom - top < 1.75 * em or count < 2:
        return [band]
    profile = ink[top:bottom].sum(axis=1)
    height = (bottom - top) / count
    cuts = [top]
    for number in range(1, count):
        low, high = int((number - 0.3) * height), int((number + 0.3) * height)
        cuts.append(top + low + int(profile[low:high].argmin()))
    cuts.append(bottom)
    if any(profile[cut - top] > 0.2 * profile.max() for cut in cuts[1:-1]):
        return [band]  # no empty row to cut at: one tall line
    return [(cuts[i], cuts[i + 1]) for i in range(count)]


def line_picture(page: Gray, rules: Gray, line: Rect, limits: Rect, em: float, pad: float = 0.18) -> Gray:
    """The picture of a line for the recogniser: padded with what is there, rulings painted out."""
    x0, y0, x1, y1 = line
    lack = max(0.0, em * _REAL * 0.9 - (y1 - y0)) / 2
    grow = pad * em
    # A thin 一 at the end of a line is lost without paper around it.
    left, right = max(limits[0], x0 - grow - ASIDE * em), min(limits[2], x1 + grow + ASIDE * em)
    top, bottom = max(limits[1], y0 - lack - grow), min(limits[3], y1 + lack + grow)
    a, b, c, d = (max(0, int(v)) for v in (left, top, right + 1, bottom + 1))
    picture = page[b:d, a:c].copy()
    if picture.size:
        picture[cv2.dilate(rules[b:d, a:c], np.ones((3, 3), np.uint8)) > 0] = 255
    return picture


def side_by_side(pictures: list[Gray]) -> Gray:
    """The characters of a vertical label as one line across."""
    height = max(picture.shape[0] for picture in pictures)
    parts = []
    for picture in pictures:
        lack = height - picture.shape[0]
        parts.append(np.pad(picture, ((lack // 2, lack - lack // 2), (0, 0)), constant_values=255))
    return np.hstack(parts).astype(np.uint8)
