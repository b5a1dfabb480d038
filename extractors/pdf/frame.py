"""Step 2: the frame in which a page is read, chosen by the angle of its characters.

Three spaces: the page's own (y up), the page as displayed (after /Rotate, y down) and the reading
frame, in which most characters stand upright and lines run to the right. /Rotate alone says nothing:
a sideways table is often typeset sideways on an upright page.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from extractors.grid import Box
from extractors.pdf import pdfium
from extractors.pdf.chars import Chars, Floats

_QUARTER = np.pi / 2
_SAMPLE = 64
_TALL = 1.6  # a glyph this many times the usual height may belong to a watermark
_UPRIGHT = 0.12  # radians a glyph may lean and still stand upright


@dataclass(frozen=True, slots=True)
class Frame:
    """A page's size as displayed, its /Rotate (quarter turns clockwise), and the turn of its text.

    ``turn`` is the number of quarter turns (anticlockwise, as displayed) of the direction of
    reading. ``left``, ``bottom``, ``right`` and ``top`` bound the page in its own space.

    >>> frame = Frame(842.0, 595.0, 1, 0, 0.0, 0.0, 595.0, 842.0)
    >>> frame.read(np.array([[10.0, 20.0, 30.0, 60.0]])).tolist()
    [[20.0, 10.0, 60.0, 30.0]]
    """

    width: float
    height: float
    rotation: int
    turn: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the reading frame."""
        return (self.height, self.width) if self.turn % 2 else (self.width, self.height)

    def _matrix(self) -> tuple[float, float, float, float, float, float]:
        """(a, c, e, b, d, f): frame x = a·x + c·y + e, frame y = b·x + d·y + f, from the page's own space."""
        display = {
            0: (1.0, 0.0, -self.left, 0.0, -1.0, self.top),
            1: (0.0, 1.0, -self.bottom, 1.0, 0.0, -self.left),
            2: (-1.0, 0.0, self.right, 0.0, 1.0, -self.bottom),
            3: (0.0, -1.0, self.top, -1.0, 0.0, self.right),
        }[self.rotation % 4]
        a, c, e, b, d, f = display
        if self.turn == 1:
            return -b, -d, self.height - f, a, c, e
        if self.turn == 2:
            return -a, -c, self.width - e, -b, -d, self.height - f
        if self.turn == 3:
            return b, d, f, -a, -c, self.width - e
        return display

    def read(self, boxes: Floats) -> Floats:
        """Boxes (n, 4) of the page's own space, as x0 y0 x1 y1 of the reading frame, y down."""
        a, c, e, b, d, f = self._matrix()
        x0, y0, x1, y1 = boxes.T
        out = np.empty_like(boxes)
        if c == 0.0:
            out[:, 0], out[:, 2] = a * x0 + e, a * x1 + e
            out[:, 1], out[:, 3] = d * y0 + f, d * y1 + f
        else:
            out[:, 0], out[:, 2] = c * y0 + e, c * y1 + e
            out[:, 1], out[:, 3] = b * x0 + f, b * x1 + f
        if (a or c) < 0:
            out[:, [0, 2]] = out[:, [2, 0]]
        if (b or d) < 0:
            out[:, [1, 3]] = out[:, [3, 1]]
        return out

    def display(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A rectangle of the reading frame as a box of the page as displayed."""
        if self.turn == 0:
            return Box(x0, y0, x1, y1)
        if self.turn == 1:
            return Box(y0, self.height - x1, y1, self.height - x0)
        if self.turn == 2:
            return Box(self.width - x1, self.height - y1, self.width - x0, self.height - y0)
        return Box(self.width - y1, x0, self.width - y0, x1)


def page_frame(page: int) -> Frame:
    """The frame of a loaded page before its text is looked at."""
    bounds = (ctypes.c_float * 4)()  # left, top, right, bottom
    pdfium.page_bounds(page, ctypes.addressof(bounds))
    left, top, right, bottom = bounds
    width, height = pdfium.page_width(page), pdfium.page_height(page)
    rotation = max(0, pdfium.page_rotation(page))
    return Frame(width, height, rotation, 0, left, bottom, right, top)


def turned(frame: Frame, text: int, chars: Chars) -> tuple[Frame, Chars, Chars]:
    """The frame turned to the text, the glyphs that belong to it, and those that lie across it.

    Glyphs a quarter turn off stay (a label set sideways in its cell); slanted ones are a watermark.
    Angles cost a call each, so a sample decides for the page and only tall glyphs are asked singly.
    """
    if not len(chars):
        return frame, chars, chars
    step = max(1, len(chars) // _SAMPLE)
    angles = np.fromiter(map(pdfium.char_angle, repeat(text), chars.index[::step].tolist()), dtype=np.float64)
    quarters = np.rint(angles / _QUARTER).astype(int) % 4
    level = np.abs(angles - np.rint(angles / _QUARTER) * _QUARTER) < _UPRIGHT
    turn = int(np.bincount(quarters[level], minlength=4).argmax()) if level.any() else 0
    frame = Frame(
        frame.width,
        frame.height,
        frame.rotation,
        (-turn - frame.rotation) % 4,  # pdfium counts the angle clockwise, in the page's own space
        frame.left,
        frame.bottom,
        frame.right,
        frame.top,
    )
    extent = np.minimum(chars.boxes[:, 3] - chars.boxes[:, 1], chars.boxes[:, 2] - chars.boxes[:, 0])
    suspects = extent > _TALL * np.median(extent) if level.all() else np.ones(len(chars), dtype=bool)
    slanted = np.zeros(len(chars), dtype=bool)
    which = np.flatnonzero(suspects)
    if len(which):
        angles = np.fromiter(
            map(pdfium.char_angle, repeat(text), chars.index[which].tolist()), dtype=np.float64
        )
        lean = np.abs(angles - np.rint(angles / _QUARTER) * _QUARTER)
        slanted[which] = lean >= _UPRIGHT
    return frame, chars.take(~slanted), chars.take(slanted)


def lies_across(frame: Frame, text: int, index: int) -> bool:
    """Whether one glyph (its place in pdfium's text) is set a quarter turn off the reading frame."""
    quarter = round(pdfium.char_angle(text, index) / _QUARTER)
    return bool((quarter + frame.turn + frame.rotation) % 2)
