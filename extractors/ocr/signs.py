"""Signs a recogniser takes for simpler ones: ``≤ ≥`` for ``< >``, ``。`` for ``0``, a comma for a point."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extractors.imaging.geometry import Gray
from extractors.ocr.base import Line
from normalizers.text import fold

_PALE = 215  # the bar of a thin ≤ is paler than its strokes: everything but paper counts as ink
_DARK = 150
_CLEAR_EM = 15.0  # character height in pixels below which nobody sees a bar
_TRIPLE = 0.12  # of a sign's columns with three strokes one over another: a bar stands below the arms
_LEVEL = 0.62  # of a sign's width filled by one row at its foot: a level bar
_FOOT = 0.34  # of a sign's height: where a bar stands
_TIP = 0.14  # how far, of its height, the tip may stand off the middle: a bar below lifts it
_LOW = 0.58  # a 。 is lower than this, a 0 higher (in character heights)
_TORN = 0.02  # a rival this likely stands for the other sign
_COMPARATOR = frozenset("<>‹›")


def bare_signs(picture: Gray, line: Line, em: float) -> bool:
    """Whether all ``<`` and ``>`` before a number clearly stand without a bar in the line's picture.

    True also when there is none. ``em`` is the character height in pixels. Own drawings: thin ≥ and ≤
    are read as > and < with scores of .96 to .98, so the score tells nothing.

    >>> from extractors.ocr.base import Char
    >>> page = np.full((30, 40), 255, np.uint8)
    >>> bare_signs(page, Line((Char("5", 1.0, at=0.5),)), 24.0)
    True
    >>> bare_signs(page, Line((Char("<", 1.0, at=0.3), Char("5", 1.0, at=0.7))), 24.0)
    False
    """
    signs = [i for i, (one, two) in enumerate(pairwise(line.chars)) if _compares(one.text, two.text)]
    return all(em >= _CLEAR_EM and _bare(_ink_of(picture, line, i, _PALE)) for i in signs)


def low_zero(picture: Gray, line: Line, em: float) -> bool:
    """Whether a ``0`` or ``o`` at the line's end is as low as a full stop ``。``.

    >>> from extractors.ocr.base import Char
    >>> page = np.full((30, 40), 255, np.uint8); page[17:25, 27:35] = 0
    >>> line = Line((Char("万", 1.0, at=0.3), Char("0", 1.0, at=0.77)))
    >>> low_zero(page, line, 24.0), low_zero(np.where(page < 9, page, page), line, 10.0)
    (True, False)
    """
    if len(line.chars) < 2 or fold(line.chars[-1].text) not in {"0", "o", "O"}:
        return False
    ink = _ink_of(picture, line, len(line.chars) - 1, _DARK)
    return bool(ink.size) and ink.shape[0] < _LOW * em


def with_permille(picture: Gray, line: Line, em: float) -> Line:
    """The line with its last ``%0`` as the ``‰`` it is: no form prints ``%0``, and the ring is half a digit high.

    The recogniser knows ‰ and still gives % at 1.0 and its second ring as a 0 (own drawings, eight faces).

    >>> from extractors.ocr.base import Char
    >>> page = np.full((30, 60), 255, np.uint8); page[17:26, 46:54] = 0
    >>> read = Line((Char("3", 1.0, at=0.2), Char("%", 1.0, at=0.5), Char("0", 0.9, at=0.83)))
    >>> with_permille(page, read, 24.0).text, with_permille(page, read, 12.0).text
    ('3‰', '3%0')
    """
    if not re.fullmatch(r"[^\d%]{0,3}\d+(?:\.\d+)?%[0oO]", fold(line.text)) or not low_zero(
        picture, line, em
    ):
        return line
    sign, ring = line.chars[-2:]
    whole = replace(sign, text="‰", rival="%", rival_sure=0.0, sure=min(sign.sure, ring.sure))
    return Line((*line.chars[:-2], replace(whole, at=(sign.at + ring.at) / 2)))


def torn_point(line: Line) -> bool:
    """Whether a decimal point might as well be the comma of thousands: the recogniser's own runner-up says so.

    Own drawings: fax and blur wear the comma's tail away, so the ink cannot tell.

    >>> from extractors.ocr.base import Char
    >>> torn_point(Line((Char("1", 1.0), Char(".", 0.9, ",", 0.08))))
    True
    """
    return any(fold(c.text) == "." and fold(c.rival) == "," and c.rival_sure >= _TORN for c in line.chars)


def _compares(one: str, two: str) -> bool:
    return fold(one) in _COMPARATOR and re.match(r"[\d.]", fold(two)) is not None


def _ink_of(picture: Gray, line: Line, index: int, level: int) -> NDArray[np.bool_]:
    """The ink of one character, cut to its own box: what stands nearest to its middle, up to its neighbours."""
    width = picture.shape[1]
    at = [char.at * width for char in line.chars]
    left = (at[index - 1] + at[index]) / 2 if index else 0.0
    right = (at[index] + at[index + 1]) / 2 if index + 1 < len(at) else float(width)
    dark = np.asarray(picture[:, int(left) : int(right) + 1] < level, dtype=bool)
    columns = np.flatnonzero(dark.any(axis=0))
    if not columns.size:
        return dark[:0, :0]
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    widest = max(runs, key=len)
    part = dark[:, widest[0] : widest[-1] + 1]
    rows = np.flatnonzero(part.any(axis=1))
    return part[rows[0] : rows[-1] + 1]


def _bare(ink: NDArray[np.bool_]) -> bool:
    """Whether a sign's ink is a chevron alone: two arms, no level row at its foot, its tip in the middle."""
    height, width = ink.shape
    if height < 6 or width < 5:
        return False
    foot = ink[int(height * (1 - _FOOT)) :]
    steps = np.diff(np.vstack([np.zeros((1, width), np.int8), ink.astype(np.int8)]), axis=0)
    strokes = (steps > 0).sum(axis=0)
    level = float(foot.sum(axis=1).max()) / width
    middle = float(np.flatnonzero(ink[:, _tip_side(ink)]).mean()) / (height - 1)
    return float((strokes >= 3).mean()) < _TRIPLE and level < _LEVEL and abs(middle - 0.5) <= _TIP


def _tip_side(ink: NDArray[np.bool_]) -> int:
    """The outer column where the arms meet: its ink spans less than at the other end."""
    spans = [int(np.ptp(np.flatnonzero(ink[:, column]))) for column in (0, -1)]
    return 0 if spans[0] <= spans[1] else -1
