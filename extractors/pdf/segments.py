"""Text without walls: lines cut into segments at wide gaps, and the gutters that many rows share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractors.pdf.chars import Chars, Floats, Ints
from extractors.pdf.text import into_lines

GAP = 0.7  # of the glyph's height: a wider gap in a line may part two cells
_LATIN_GAP = 0.8  # the same between two Latin glyphs, whose words stand further apart
_SMALL_GAP = 0.25  # the same where a column edge is known
_WIDE = 0x2E80
_GUTTER_PAD = 4.0  # points from a gutter's place to the texts on its right


@dataclass(frozen=True, slots=True)
class Segments:
    """Runs of glyphs without a wide gap: ``boxes`` (n, 4), ``line`` (n,) numbered from the top,
    ``glyphs`` (n,) how many each holds. Sorted by line, then from the left.
    """

    boxes: Floats
    line: Ints
    glyphs: Ints

    def __len__(self) -> int:
        return len(self.line)

    @property
    def middle(self) -> Floats:
        """The height (n,) of each segment's middle."""
        return (self.boxes[:, 1] + self.boxes[:, 3]) * 0.5


def segments_of(chars: Chars, edges: Sequence[float] = ()) -> Segments:
    """Cut glyphs (reading frame) into segments; at known column ``edges`` a small gap is enough."""
    if not len(chars):
        return Segments(np.zeros((0, 4)), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    lines = into_lines(chars, np.zeros(len(chars), dtype=np.int64))
    boxes, codes = chars.boxes[lines.order], chars.codes[lines.order]
    height = np.maximum(boxes[:, 3] - boxes[:, 1], 0.7 * np.median(boxes[:, 3] - boxes[:, 1]))
    gap = boxes[1:, 0] - np.maximum.accumulate(boxes[:, 2] + lines.line * 1e5)[:-1] + lines.line[:-1] * 1e5
    latin = (codes[1:] < _WIDE) & (codes[:-1] < _WIDE)
    limit = np.where(latin, _LATIN_GAP, GAP) * np.minimum(height[1:], height[:-1])
    cut = gap > limit
    for x in edges:
        cut |= (gap > _SMALL_GAP * height[1:]) & (boxes[:-1, 2] <= x + 1.0) & (boxes[1:, 0] >= x - 1.0)
    new = np.append(True, (np.diff(lines.line) != 0) | cut)
    starts = np.flatnonzero(new)
    low = np.minimum.reduceat(boxes[:, :2], starts, axis=0)
    high = np.maximum.reduceat(boxes[:, 2:], starts, axis=0)
    glyphs = np.diff(np.append(starts, len(boxes)))
    return Segments(np.hstack((low, high)), lines.line[starts], glyphs)


def row_gaps(boxes: Floats, rows: Ints) -> Floats:
    """The gaps (n, 2) between neighbouring texts of each row, texts that overlap taken together.

    >>> row_gaps(np.array([[0, 0, 10, 5], [30, 0, 40, 5.0]]), np.array([0, 0])).tolist()
    [[10.0, 30.0]]
    """
    if len(boxes) < 2:
        return np.zeros((0, 2))
    order = np.lexsort((boxes[:, 0], rows))
    row, left, right = rows[order], boxes[order, 0], boxes[order, 2]
    reach = np.maximum.accumulate(right + row * 1e5) - row * 1e5
    gaps = (np.diff(row) == 0) & (left[1:] > reach[:-1] + 1.0)
    return np.column_stack((reach[:-1][gaps], left[1:][gaps]))


def gutters(gaps: Floats, known: list[float], least: int) -> list[float]:
    """Places that part the texts of at least ``least`` rows; gaps with a ``known`` place are served.

    The place shared by most gaps is taken first, then those gaps are served too.

    >>> gutters(np.array([[10.0, 30.0], [15.0, 25.0], [50.0, 60.0]]), [], 2)
    [21.0]
    """
    for place in known:
        gaps = gaps[(gaps[:, 0] > place) | (gaps[:, 1] < place)]
    found: list[float] = []
    while len(gaps) >= max(1, least):
        inside = (gaps[:, None, 0] <= gaps[None, :, 0]) & (gaps[None, :, 0] < gaps[:, None, 1])
        counts = inside.sum(0)
        best = int(counts.argmax())
        if counts[best] < least:
            break
        hit = inside[:, best]
        low, high = float(gaps[hit, 0].max()), float(gaps[hit, 1].min())
        found.append(max((low + high) / 2, high - _GUTTER_PAD))
        gaps = gaps[~hit]
    return sorted(found)


def outside(segments: Segments, box: tuple[float, float, float, float]) -> Segments:
    """The segments whose middle stands above or below a box, or that lie beside it."""
    x0, y0, x1, y1 = box
    b = segments.boxes
    keep = (segments.middle < y0) | (segments.middle > y1) | (b[:, 2] < x0) | (b[:, 0] > x1)
    return Segments(b[keep], segments.line[keep], segments.glyphs[keep])
