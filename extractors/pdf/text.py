"""Step 7: glyphs into cells and lines: order, spaces as printed, fake bold and radicals undone."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extractors.pdf.chars import Chars, Floats, Ints, text_of
from normalizers.folding import NOISE

_LINE = 0.42  # of the glyph's height: a larger step down starts a new line
_FLAT = 0.7  # of the usual height: a glyph lower than this counts as this high
_SPACE = 0.22  # of the glyph's height: a wider gap between two Latin words is a space
_TWIN = 0.3  # of the glyph's height: the same glyph this near is printed twice to look bold
_WIDE = 0x2E80  # from here on scripts write without spaces
_RADICALS = (0x2E80, 0x2FDF)


@dataclass(frozen=True, slots=True)
class Lines:
    """Glyphs sorted into owners and lines: ``order`` (n,) into the glyphs, ``owner`` (n,) sorted,
    ``line`` (n,) numbered over all owners, ``text`` the glyphs as one string in that order, and
    ``space`` (n,) whether a space stands before the glyph.
    """

    order: Ints
    owner: Ints
    line: Ints
    text: str
    space: NDArray[np.bool_]


@cache
def radicals() -> dict[int, str]:
    """Radical code points (Kangxi and the supplement) to the ordinary characters they stand for.

    >>> "⽬⻔".translate(radicals())
    '目门'
    """
    table = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    table.update({ord(pair[0]): pair[1:] for pair in NOISE.radicals.split()})
    return table


def without_twins(chars: Chars) -> Chars:
    """Drop glyphs printed again at nearly the same place (fake bold)."""
    if len(chars) < 2:
        return chars
    x, y = chars.boxes[:, 0], chars.boxes[:, 1]
    height = np.maximum(chars.boxes[:, 3] - y, 1.0)
    drop = np.zeros(len(chars), dtype=bool)
    step = float(np.median(height)) * 2 * _TWIN
    for shift in (0.0, 0.5):
        band = np.floor(y / step + shift)
        order = np.lexsort((chars.index, x, band, chars.codes))
        a, b = order[:-1], order[1:]
        near = (
            (chars.codes[a] == chars.codes[b])
            & (np.abs(x[b] - x[a]) < _TWIN * height[a])
            & (np.abs(y[b] - y[a]) < _TWIN * height[a])
            & (np.abs(height[b] - height[a]) < _TWIN * height[a])
        )
        drop[np.maximum(a[near], b[near])] = True
    if not drop.any():
        return chars
    return chars.take(~drop)


def into_lines(chars: Chars, owner: Ints) -> Lines:
    """Sort glyphs by owner, line and place in the line; mark where spaces stand.

    Boxes must be in the reading frame (y down).
    """
    boxes = chars.boxes
    y, x = (boxes[:, 1] + boxes[:, 3]) * 0.5, (boxes[:, 0] + boxes[:, 2]) * 0.5
    height = boxes[:, 3] - boxes[:, 1]
    order = np.lexsort((y, owner))
    new = np.ones(len(order), dtype=bool)
    step = np.diff(y[order])
    # A flat glyph (一 mapped to a radical has a box of its ink alone) must not make a line of its own.
    height = np.maximum(height, _FLAT * np.median(height))[order]
    new[1:] = (np.diff(owner[order]) != 0) | (step > _LINE * np.minimum(height[1:], height[:-1]))
    line = np.cumsum(new) - 1
    final = np.lexsort((x[order], line))
    order, line = order[final], line[final]
    owners = owner[order]
    text = text_of(chars.codes[order])
    return Lines(order, owners, line, text, _spaces(chars, order, owners, line))


def _spaces(chars: Chars, order: Ints, owner: Ints, line: Ints) -> NDArray[np.bool_]:
    """Whether a space stands before each glyph.

    A printed space counts as it is. A supposed one counts only between two Latin glyphs, and so
    does the break of a line, unless both sides are digits: Chinese typesetters stretch and wrap
    without meaning a space.
    """
    space = np.zeros(len(order), dtype=bool)
    if len(order) < 2:
        return space
    left, right = order[:-1], order[1:]
    same = owner[1:] == owner[:-1]
    latin = (chars.codes[left] < _WIDE) & (chars.codes[right] < _WIDE)
    digits = _digit(chars.codes[left]) & _digit(chars.codes[right])
    follows = right == left + 1
    gap = np.where(follows, chars.gap[left], 0)
    boxes = chars.boxes
    wide = boxes[right, 0] - boxes[left, 2] > _SPACE * (boxes[left, 3] - boxes[left, 1])
    same_line = line[1:] == line[:-1]
    printed = same_line & (gap == 2)
    supposed = same_line & latin & ((gap == 1) | (~follows & wide))
    broken = ~same_line & latin & ~digits & (chars.codes[left] != 0x2D)
    space[1:] = same & (printed | supposed | broken)
    return space


def _digit(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    return (codes >= 0x30) & (codes <= 0x39)


def spell(lines: Lines, spans: list[tuple[int, int]]) -> list[str]:
    """The texts of half-open spans of sorted glyphs, spaces put in.

    >>> at = np.arange(4)
    >>> lines = Lines(at, at * 0, at * 0, "ab12", np.array([False, False, True, False]))
    >>> spell(lines, [(0, 4), (2, 4)])
    ['ab 12', '12']
    """
    marks = np.flatnonzero(lines.space).tolist()
    text = lines.text
    out = []
    for start, end in spans:
        first, last = bisect_right(marks, start), bisect_left(marks, end)
        if first == last:
            out.append(text[start:end].strip())
            continue
        bounds = [start, *marks[first:last], end]
        out.append(" ".join([text[i:j] for i, j in pairwise(bounds)]).strip())
    return out


def texts_by_owner(lines: Lines) -> dict[int, str]:
    """The text of each owner, its lines run on."""
    if not len(lines.order):
        return {}
    bounds = [0, *(np.flatnonzero(np.diff(lines.owner)) + 1).tolist(), len(lines.order)]
    owners = lines.owner[bounds[:-1]].tolist()
    return dict(zip(owners, spell(lines, list(pairwise(bounds))), strict=True))


def fold_radicals(chars: Chars) -> Chars:
    """The glyphs with radical code points replaced by the ordinary characters they stand for."""
    odd = np.flatnonzero((chars.codes >= _RADICALS[0]) & (chars.codes <= _RADICALS[1]))
    if not len(odd):
        return chars
    codes = chars.codes.copy()
    table = radicals()
    for i in odd.tolist():
        plain = table.get(int(codes[i]), "")
        if len(plain) == 1:
            codes[i] = ord(plain)
    return Chars(codes, chars.boxes, chars.index, chars.gap)


def extent(boxes: Floats) -> tuple[float, float, float, float]:
    """The box around boxes (n, 4).

    >>> extent(np.array([[1.0, 2.0, 3.0, 4.0], [0.0, 3.0, 2.0, 9.0]]))
    (0.0, 2.0, 3.0, 9.0)
    """
    low, high = boxes[:, :2].min(0), boxes[:, 2:].max(0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
