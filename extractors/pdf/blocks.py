"""Step 8: the text outside all tables, line by line, with its place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extractors.pdf.chars import Chars
from extractors.pdf.text import extent, into_lines, spell

_BREAK = 2.2  # of the glyph's height: a wider gap in a line parts two texts


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text outside tables: its text and its box in the reading frame.

    ``slanted`` marks a watermark.
    """

    text: str
    box: tuple[float, float, float, float]
    slanted: bool = False


def lines_outside(chars: Chars, slanted: Chars) -> tuple[Line, ...]:
    """The lines of glyphs that lie in no table, from the top; a wide gap parts a line in two."""
    found: list[Line] = []
    if len(chars):
        lines = into_lines(chars, np.zeros(len(chars), dtype=np.int64))
        boxes = chars.boxes[lines.order]
        gap = boxes[1:, 0] - boxes[:-1, 2]
        height = boxes[:-1, 3] - boxes[:-1, 1]
        parts = (np.diff(lines.line) != 0) | (gap > _BREAK * height)
        bounds = [0, *(np.flatnonzero(parts) + 1).tolist(), len(lines.order)]
        spans = list(pairwise(bounds))
        for (start, end), words in zip(spans, spell(lines, spans), strict=True):
            if words:
                found.append(Line(words, extent(boxes[start:end])))
    if len(slanted):
        text = "".join(map(chr, slanted.codes.tolist()))
        found.append(Line(text, extent(slanted.boxes), slanted=True))
    return tuple(found)
