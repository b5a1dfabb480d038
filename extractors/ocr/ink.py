"""Whether every piece of a line's ink has its character: a witness that knows nothing of glyphs.

A recogniser that drops a leading digit or a decimal point is as sure of the rest as ever (own drawings: ``4家``
read as ``家`` at .99, ``≤363.92元`` as ``363.92元`` at 1.0). Where its characters stand tells.
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from extractors.imaging.geometry import Gray
from extractors.ocr.base import Char, Line
from normalizers.text import fold

_DARK = 170
# From the middle of the first character back to where the ink begins, and from the last one's to where it ends, in
# character heights at most. Own drawings, 1,215 values in eight faces, 99th percentiles: digit .57 and .32,
# sign .65, Chinese .72 and .76; a dropped digit adds .5.
_BEFORE = {"digit": 0.72, "sign": 0.82, "han": 0.86}
_AFTER = {"digit": 0.60, "han": 0.90}
_ANY = 1.0
# Rates of ‰ are small upper bounds; own drawings: a % ends at 0.9 to 1.1 behind one, a ‰ from 1.15 on.
_SMALL_PERCENT = 1.12
_PERCENT = 1.4  # from a digit's middle to the end of a % behind it
# Two neighbouring digits stand .44 to .74 apart; with a point dropped between them .8 and more.
# and a run of ink of its own shows: from one digit's middle to the next one's, two runs begin anew.
_APART, _RUNS = 0.80, 2
_SINGLE = 1.3  # one Chinese character alone is no wider
_SIGNS = frozenset("≥≤<>=±+")


def unread_ink(line: Line, picture: Gray, ends: tuple[float, float], em: float) -> bool:
    """Whether ink stands at an end of the line, or between two of its digits, where no character was read.

    ``ends`` are where the line's ink begins and ends along the picture, ``em`` the character height (pixels).

    >>> page = np.full((30, 90), 255, np.uint8); page[4:26, 12:20] = 0; page[4:26, 30:52] = 0
    >>> unread_ink(Line((Char("家", 1.0, at=41 / 90),)), page, (12, 52), 24.0)
    True
    >>> unread_ink(Line((Char("4", 1.0, at=16 / 90), Char("家", 1.0, at=41 / 90))), page, (12, 52), 24.0)
    False
    """
    if not line.chars:
        return True
    at = [char.at * picture.shape[1] for char in line.chars]
    before, after = (at[0] - ends[0]) / em, (ends[1] - at[-1]) / em
    if before > _BEFORE.get(_kind(line.chars[0]), _ANY):
        return True
    if len(line.chars) == 1 and before + after > _SINGLE:
        return True
    if len(line.chars) > 1 and fold(line.chars[-1].text) == "%":
        # A ‰ read as % is wider: it is measured from the digit before it.
        small = re.fullmatch(r"[≤<]\d(?:\.\d+)?%", "".join(fold(line.text).split())) is not None
        return bool((ends[1] - at[-2]) / em > (_SMALL_PERCENT if small else _PERCENT))
    return after > _AFTER.get(_kind(line.chars[-1]), _ANY) or _between(line, at, picture, em)


def _between(line: Line, at: list[float], picture: Gray, em: float) -> bool:
    """Whether two neighbouring digits stand as far apart as if a sign were between, and ink of its own is there."""
    for (one, x0), (two, x1) in pairwise(zip(line.chars, at, strict=True)):
        if x1 - x0 <= _APART * em or _kind(one) != "digit" or _kind(two) != "digit":
            continue
        inked = (picture[:, int(x0) : int(x1) + 1] < _DARK).any(axis=0)
        if np.count_nonzero(np.diff(inked.astype(np.int8)) > 0) >= _RUNS:
            return True
    return False


def _kind(char: Char) -> str:
    text = fold(char.text)
    if text.isdigit():
        return "digit"
    if text in _SIGNS:
        return "sign"
    return "han" if "\u4e00" <= text <= "\u9fff" else ""
