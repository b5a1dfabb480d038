"""Pages without any rule: rows, labels half-way between them and columns by the step for pictures.

The step for pictures takes boxes of lines; here they come from the text layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from extractors.imaging.align import Aligned, align
from extractors.imaging.geometry import Rect
from extractors.imaging.heads import columns_of
from extractors.pdf.chars import Floats
from extractors.pdf.lattice import Lattice
from extractors.pdf.segments import Segments

_INK, _HALF = 0.92, 0.55  # a character's ink of its font's size; half a line of it


def unruled(segments: Segments, again: Callable[[Sequence[float]], Segments] | None = None) -> Lattice | None:
    """The table that all segments of a page without rules make; None where they stand in no columns.

    ``again`` cuts the texts anew at small gaps, everywhere or where column ends are known.

    >>> boxes = [(x, y, x + 30.0, y + 10.0) for y in range(0, 200, 20) for x in (0, 60, 120)]
    >>> line = np.repeat(np.arange(10), 3)
    >>> found = unruled(Segments(np.array(boxes), line, np.full(30, 3)))
    >>> found.upright.shape if found else None
    (10, 4)
    """
    if not len(segments):
        return None
    em = _character(segments)
    segments = _parted(segments, again, em) if again is not None else segments
    half = _HALF * em  # boxes of a text layer are as high as their font says, and may overlap
    low, high = segments.middle - half, segments.middle + half
    boxes = np.column_stack((segments.boxes[:, 0], low, segments.boxes[:, 2], high))
    table = align([(x0, y0, x1, y1) for x0, y0, x1, y1 in boxes.tolist()], em)
    if table is None:
        return None
    level = np.ones((table.rows + 1, table.cols), dtype=bool)
    upright = np.ones((table.rows, table.cols + 1), dtype=bool)
    for block in table.blocks:
        (top, bottom), (first, last) = block.rows, block.cols
        level[top + 1 : bottom + 1, first : last + 1] = False
        upright[top : bottom + 1, first + 1 : last + 1] = False
    ys = _bounds(table)
    rising = len(ys) == table.rows + 1 and bool((np.diff(ys) > 0).all())
    return Lattice(np.array(table.edges) + _outwards(table), ys, level, upright, "text") if rising else None


def _parted(segments: Segments, again: Callable[[Sequence[float]], Segments], em: float) -> Segments:
    """The segments cut anew at the gutters between the heads, where two texts nearly touch."""

    def boxes(some: Segments) -> list[Rect]:
        return [(x0, y0, x1, y1) for x0, y0, x1, y1 in some.boxes.tolist()]

    edges, _ = columns_of(boxes(again(())), boxes(segments), em)
    return again(edges[1:-1]) if edges else segments


def _character(segments: Segments) -> float:
    """The height of a character's ink: a wide glyph is as wide as its font is high."""
    widths = (segments.boxes[:, 2] - segments.boxes[:, 0]) / np.maximum(1, segments.glyphs)
    several = segments.glyphs >= 2
    return _INK * float(np.percentile(widths[several] if several.any() else widths, 75))


def _outwards(table: Aligned) -> Floats:
    """The outer columns end a little beyond their texts."""
    return np.array([-2.0, *[0.0] * (table.cols - 1), 2.0])


def _bounds(table: Aligned) -> Floats:
    """Edges half-way between the texts of neighbouring rows, and the outer ones."""
    top, bottom = np.full(table.rows, np.inf), np.full(table.rows, -np.inf)
    for block in table.blocks:
        if block.rows[0] == block.rows[1]:
            row = block.rows[0]
            top[row], bottom[row] = min(top[row], block.box[1]), max(bottom[row], block.box[3])
    if not np.isfinite(top).all():
        return np.zeros(0)
    outer = [box for block in table.blocks for box in (block.box[1], block.box[3])]
    return np.array([min(outer) - 1.0, *((bottom[:-1] + top[1:]) / 2).tolist(), max(outer) + 1.0])
