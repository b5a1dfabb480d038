"""Rows that no rule parts: a ruled band full of lines that stand side by side in all its columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from extractors.pdf.chars import Floats
from extractors.pdf.lattice import Lattice
from extractors.pdf.segments import Segments

SHALLOW = 4  # level lines: a lattice of more is ruled row by row
_LINES = 4
_COLUMNS = 0.6  # of a row's columns must hold text in a line
_SHARE = 0.7  # of the lines must be so
_LONG = 25  # glyphs: longer texts are wrapped, not stacked


def _cuts(lattice: Lattice, row: int, segments: Segments) -> list[float]:
    """Places between the lines of one row, when they stand in its columns like rows of their own."""
    y0, y1 = float(lattice.ys[row]), float(lattice.ys[row + 1])
    edges = lattice.xs[lattice.upright[row]]
    middle = (segments.boxes[:, 0] + segments.boxes[:, 2]) / 2
    inside = (segments.middle > y0) & (segments.middle < y1) & (middle > edges[0]) & (middle < edges[-1])
    lines = np.unique(segments.line[inside])
    columns = len(edges) - 1
    if len(lines) < _LINES or columns < 2 or np.median(segments.glyphs[inside]) > _LONG:
        return []
    tops, bottoms, used = [], [], []
    for line in lines.tolist():
        mine = inside & (segments.line == line)
        tops.append(float(segments.boxes[mine, 1].min()))
        bottoms.append(float(segments.boxes[mine, 3].max()))
        used.append(len(np.unique(np.searchsorted(edges, middle[mine]))))
    full = np.array(used) >= max(2.0, _COLUMNS * columns)
    if full.mean() < _SHARE:
        return []
    return [(bottoms[k] + tops[k + 1]) / 2 for k in range(len(lines) - 1)]


def split_deep_rows(lattice: Lattice, segments: Segments) -> Lattice:
    """The lattice with rows put in where its bands hold stacked lines; most lattices come back as they are."""
    rows = len(lattice.ys) - 1
    if len(lattice.ys) > SHALLOW:
        return lattice
    cuts = [_cuts(lattice, row, segments) for row in range(rows)]
    if not any(cuts):
        return lattice
    ys: list[float] = []
    level: list[np.ndarray[tuple[int, ...], np.dtype[np.bool_]]] = []
    upright = []
    for row in range(rows):
        ys += [float(lattice.ys[row]), *cuts[row]]
        level += [lattice.level[row], *(np.ones_like(lattice.level[row]) for _ in cuts[row])]
        upright += [lattice.upright[row]] * (1 + len(cuts[row]))
    places: Floats = np.array([*ys, float(lattice.ys[-1])])
    return replace(lattice, ys=places, level=np.array([*level, lattice.level[-1]]), upright=np.array(upright))
