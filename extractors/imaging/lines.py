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


def text_lines(clean: Gray, rules: Gray, box: Rect, em: float, level: int = _DARK) -> list[TextLine]:
    """The lines of text within ``box``; an empty list for an empty cell. What is darker than ``level`` is print.

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
    ink = _ink(part, ruled, em, level)
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


def reached(lines: list[TextLine], uncleaned: list[TextLine], em: float) -> list[TextLine]:
    """Lines as long as on the page before show-through was lifted away: thin strokes went with it.

    Own drawings, thin type at 150 dpi below show-through: a pale ``≤`` before its number was cut off.

    >>> reached([TextLine((50, 10, 90, 30))], [TextLine((30, 10, 91, 31))], 20.0)
    [TextLine(box=(30, 10, 90, 30), stacked=False)]
    """
    return [_as_long(line, uncleaned, em) for line in lines]


def _as_long(line: TextLine, others: list[TextLine], em: float) -> TextLine:
    x0, y0, x1, y1 = line.box
    for other in (one.box for one in others):
        shared = min(y1, other[3]) - max(y0, other[1])
        if line.stacked or shared < 0.5 * (y1 - y0) or other[3] - other[1] > 1.5 * (y1 - y0):
            continue
        x0 = other[0] if _LEAST_GAIN < (x0 - other[0]) / em < _MOST_GAIN else x0
        x1 = other[2] if _LEAST_GAIN < (other[2] - x1) / em < _MOST_GAIN else x1
    return TextLine((x0, y0, x1, y1), line.stacked)


_LEAST_GAIN, _MOST_GAIN = 0.3, 4.0  # character heights at one end: less is a stroke's soft edge, more is dirt
ASIDE = 0.25
# The second picture of a line: paper above and beside it, its blur (all in character heights), and its stretch.
_SOFT_PADS, _SOFT, _WIDER = (0.30, 0.50), 0.045, 1.15
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


@dataclass(frozen=True, slots=True)
class LinePicture:
    """A line's picture for the recogniser; the page's column ``x`` stands at ``(x - start) * stretch`` in it."""

    pixels: Gray
    start: float
    stretch: float = 1.0


def line_picture(
    page: Gray, rules: Gray, line: Rect, limits: Rect, em: float, pad: float = 0.18
) -> LinePicture:
    """The picture of a line: padded with what is there, rulings painted out."""
    box = _within(_grown(line, em, pad, ASIDE), limits)
    return LinePicture(_painted(page, rules, box), float(max(0, int(box[0]))))


def soft_picture(page: Gray, rules: Gray, line: Rect, limits: Rect, em: float) -> LinePicture:
    """The same line as a recogniser would meet it on another day: more paper, softer, a little wider.

    Beyond ``limits`` it is paper. Own drawings: of fax pages and thin type it is read right more often than
    the line as it stands, and seldom wrong in the same way.

    >>> page = np.full((60, 120), 255, np.uint8); page[20:40, 50:70] = 0
    >>> soft_picture(page, np.zeros_like(page), (50, 20, 70, 40), (45, 15, 75, 45), 20.0).pixels.shape
    (33, 61)
    """
    wanted = _grown(line, em, *_SOFT_PADS)
    inside = _within(wanted, limits)
    picture = _painted(page, rules, inside)
    lacks = [round(abs(a - b)) for a, b in zip(wanted, inside, strict=True)]
    full = np.pad(picture, ((lacks[1], lacks[3]), (lacks[0], lacks[2])), constant_values=255)
    soft = cv2.GaussianBlur(full, (0, 0), _SOFT * em)
    wide = as_grey(cv2.resize(soft, None, fx=_WIDER, fy=1.0, interpolation=cv2.INTER_LINEAR))
    return LinePicture(wide, float(max(0, int(inside[0])) - lacks[0]), _WIDER)


def _grown(line: Rect, em: float, pad: float, aside: float) -> Rect:
    """A line's box with paper around it; a thin 一 at its end is lost without."""
    x0, y0, x1, y1 = line
    lack = max(0.0, em * _REAL * 0.9 - (y1 - y0)) / 2
    grow = pad * em
    beside = grow + aside * em
    return x0 - beside, y0 - lack - grow, x1 + beside, y1 + lack + grow


def _within(box: Rect, limits: Rect) -> Rect:
    return max(box[0], limits[0]), max(box[1], limits[1]), min(box[2], limits[2]), min(box[3], limits[3])


def _painted(page: Gray, rules: Gray, box: Rect) -> Gray:
    """What stands in a box, rulings painted out."""
    a, b, c, d = (max(0, int(v)) for v in (box[0], box[1], box[2] + 1, box[3] + 1))
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
