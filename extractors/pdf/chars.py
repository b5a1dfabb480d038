"""Step 1: the characters of a page, with boxes, in the order of the content stream.

One call gives the whole text; the boxes come through one C loop into one buffer. White space has no
box worth keeping: what stands between two glyphs is noted on the glyph before it.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.pdf import pdfium
from extractors.pdf.limits import Clock, PageLimits, at_most

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_CHUNK = 4096
_SURROGATES = (0xD800, 0xDFFF)
_SAMPLE = 12
# What pdfium gives for a hyphen that ends a line.
_HYPHENS = (0x02, 0xFFFE)


@dataclass(frozen=True, slots=True)
class Chars:
    """The printed glyphs of a page: ``codes`` (n,), ``boxes`` (n, 4) x0 y0 x1 y1, y up, in points.

    ``index`` is the place in pdfium's text; ``gap`` what stands between this glyph and the next one
    in the content stream: 0 nothing, 1 a space that pdfium supposes, 2 a printed space, 3 a new line.
    """

    codes: NDArray[np.uint32]
    boxes: Floats
    index: Ints
    gap: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, keep: Any) -> Chars:
        """The glyphs that a mask or an index array selects."""
        return Chars(self.codes[keep], self.boxes[keep], self.index[keep], self.gap[keep])


def page_codes(text: int, limits: PageLimits) -> NDArray[np.uint32]:
    """The code points of a text page, one per pdfium character, white space included."""
    count = pdfium.count_chars(text) if text else 0
    at_most(count, limits.chars, "characters")
    if count <= 0:
        return np.zeros(0, dtype=np.uint32)
    buffer = (ctypes.c_ushort * (count + 2))()
    written = pdfium.get_text(text, 0, count, ctypes.addressof(buffer)) - 1
    codes = np.frombuffer(bytes(buffer), dtype=np.uint16)[:count].astype(np.uint32)
    # The bulk call skips characters without a code and doubles those beyond the first plane.
    whole = written == count and not bool(((codes >= _SURROGATES[0]) & (codes <= _SURROGATES[1])).any())
    if not whole:
        return np.fromiter(map(pdfium.get_unicode, repeat(text), range(count)), dtype=np.uint32, count=count)
    return codes


def text_of(codes: NDArray[np.uint32]) -> str:
    """The codes as a string; what is no character at all becomes U+FFFD.

    >>> text_of(np.array([0x9879, 0x76EE], dtype=np.uint32))
    '项目'
    """
    return codes.astype("<u4").tobytes().decode("utf-32-le", "replace")


def _loose_boxes(text: int, count: int) -> Floats:
    """Boxes of advance width and font height: glyphs of one line share them, whatever their shape."""
    buffer = np.empty((count, 4), dtype=np.float32)
    base = buffer.ctypes.data
    pdfium.fill(pdfium.loose_box, repeat(text), range(count), range(base, base + 16 * count, 16))
    return buffer[:, [0, 3, 2, 1]].astype(np.float64)


def _tight_boxes(text: int, which: list[int]) -> Floats:
    """Boxes of the ink of some characters, for fonts whose ascent and descent are nonsense."""
    count = len(which)
    buffer = np.zeros((count, 4))
    base = buffer.ctypes.data
    # the call gives left, right, bottom, top
    columns = (range(base + 8 * k, base + 8 * k + 32 * count, 32) for k in (0, 2, 1, 3))
    pdfium.fill(pdfium.tight_box, repeat(text), which, *columns)
    return buffer


def _trusted(text: int, loose: Floats, glyphs: Ints) -> bool:
    """Whether loose boxes hold the ink of a sample and are not far taller than it."""
    sample = glyphs[:: max(1, len(glyphs) // _SAMPLE)]
    tight = _tight_boxes(text, sample.tolist())
    ink = tight[:, 3] - tight[:, 1]
    height = loose[sample, 3] - loose[sample, 1]
    return bool(np.median(height) >= 0.9 * np.median(ink) and np.median(height) <= 3.0 * ink.max() + 1.0)


def _blank(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """What prints nothing: controls, no-break, soft-hyphen and zero-width code points, the byte order mark."""
    blank: NDArray[np.bool_] = (codes <= 0x20) & (codes != _HYPHENS[0]) | (codes == 0xA0) | (codes == 0xAD)
    return np.asarray(
        blank | ((codes >= 0x200B) & (codes <= 0x200F)) | (codes == 0x2060) | (codes == 0xFEFF), dtype=bool
    )


def read_chars(text: int, codes: NDArray[np.uint32], clock: Clock) -> Chars:
    """The glyphs of a text page whose ``codes`` were read by :func:`page_codes`.

    Boxes are in the page's own space (y up). Raises PageTooComplexError.
    """
    count = len(codes)
    blank = _blank(codes)
    glyphs = np.flatnonzero(~blank)
    if not len(glyphs):
        return Chars(codes[:0], np.zeros((0, 4)), glyphs, np.zeros(0, dtype=np.int8))
    boxes = _loose_boxes(text, count)
    clock.check("characters")
    if not _trusted(text, boxes, glyphs):
        boxes = _tight_boxes(text, list(range(count)))
    kind = np.zeros(count, dtype=np.int8)
    kind[blank] = 2
    empty = (boxes[:, 2] - boxes[:, 0] <= 0.01) & blank
    kind[empty] = 1
    kind[(codes == 0x0A) | (codes == 0x0D)] = 3
    ends = np.append(glyphs[1:], count)
    gap = np.zeros(len(glyphs), dtype=np.int8)
    spaced = np.flatnonzero(ends - glyphs > 1)
    if len(spaced):
        gap[spaced] = _gaps(kind, glyphs[spaced] + 1, ends[spaced])
    clean = codes[glyphs]
    clean[(clean == _HYPHENS[0]) | (clean == _HYPHENS[1])] = 0x2D
    return Chars(clean, boxes[glyphs], glyphs, gap)


def _gaps(kind: NDArray[np.int8], starts: Ints, ends: Ints) -> NDArray[np.int8]:
    """The strongest white space of each half-open stretch."""
    bounds = np.column_stack((starts, ends)).ravel()
    bounds = bounds[bounds < len(kind)]
    return np.maximum.reduceat(kind, bounds)[::2]
