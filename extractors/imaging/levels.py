"""Tables of level rules alone: the rules part the rows, the texts' gutters the columns.

The step is the one for born-digital pages; only what it is told comes from a picture here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.imaging.align import Aligned, Block
from extractors.imaging.geometry import Rect
from extractors.imaging.rules import Piece, Rules, pieces
from extractors.pdf.chars import Floats
from extractors.pdf.columns import level_lattices
from extractors.pdf.edges import edges_of
from extractors.pdf.lattice import Lattice, cells_of, compact
from extractors.pdf.segments import Segments

_POINTS = 10.0  # the height of a usual character in points: the step for text layers counts in them
_LONG = 8.0  # a rule of a table is at least this long, in characters
_LEAST_RULES, _LEAST_COLUMNS = 5, 3
_LINE = 0.42  # texts whose middles stand closer than this, in characters, are of one line
_WRAPPED = 2  # lines one below the other in most bands, at most, where a band is a row
_HELD = 0.6  # share of the texts between the first and the last rule that the table must hold


def level_rules(rules: Rules) -> list[Piece]:
    """The long rules across a page, from top to bottom."""
    found = [piece for piece in pieces(rules.across) if piece.end - piece.start > _LONG * rules.em]
    return sorted(found, key=lambda piece: piece.place)


def levelled(boxes: Sequence[Rect], rules: Rules) -> Aligned | None:
    """The table of the lines' boxes that level rules part into rows; None where the rules are too few for it.

    >>> across = np.zeros((460, 600), np.uint8); across[20:460:40, 20:580] = 255
    >>> boxes = [(x, y, x + 90.0, y + 20.0) for y in range(30, 400, 40) for x in (40.0, 240.0, 440.0)]
    >>> table = levelled(boxes, Rules(across, np.zeros_like(across), 20.0))
    >>> (table.rows, table.cols, len(table.blocks))
    (10, 3, 30)
    """
    lines = level_rules(rules)
    if len(lines) < _LEAST_RULES or not boxes:
        return None
    scale = _POINTS / rules.em
    drawn = np.array([(p.start, p.place, p.end, p.place) for p in lines]) * scale
    drawn[:, 3] += 0.1
    level, _ = edges_of(drawn, np.zeros((0, 4)))
    height, width = rules.across.shape
    texts = _segments(boxes, scale)
    cut = _grouped(level.at, texts)
    found = level_lattices(texts, level, drawn, (width * scale, height * scale), cut=cut)
    found = [one for one in found if len(one.xs) > _LEAST_COLUMNS and len(one.ys) >= _LEAST_RULES]
    if not found:
        return None
    lattice = max(found, key=lambda one: one.upright.size)
    table = _filled(lattice, boxes, scale)
    top, bottom = lattice.box[1] / scale, lattice.box[3] / scale
    between = sum(top < (box[1] + box[3]) / 2 < bottom for box in boxes)
    held = sum(len(block.lines) for block in table.blocks)
    return table if held >= _HELD * between and held >= _HELD * len(boxes) else None


def _grouped(ys: Floats, texts: Segments) -> bool:
    """Whether the rules part groups of rows: in most bands more lines stand one below the other than wrap."""
    band = np.searchsorted(ys, texts.middle, "right")
    depths = []
    for k in np.unique(band[(band > 0) & (band < len(ys))]).tolist():
        left, right = texts.boxes[band == k, 0], texts.boxes[band == k, 2]
        depths.append(max(int(((left <= x) & (right > x)).sum()) for x in left.tolist()))
    return bool(depths) and float(np.median(depths)) > _WRAPPED


def _segments(boxes: Sequence[Rect], scale: float) -> Segments:
    """The lines' boxes in points, numbered by the line of text that each stands on, from the top."""
    found = np.array(boxes, np.float64) * scale
    middle = (found[:, 1] + found[:, 3]) / 2
    order = np.argsort(middle, kind="stable")
    line = np.zeros(len(found), np.int64)
    line[order] = np.cumsum(np.append(False, np.diff(middle[order]) > _LINE * _POINTS))
    order = np.lexsort((found[:, 0], line))
    glyphs = np.maximum(1, np.rint((found[:, 2] - found[:, 0]) / _POINTS)).astype(np.int64)
    return Segments(found[order], line[order], glyphs[order])


def _filled(lattice: Lattice, boxes: Sequence[Rect], scale: float) -> Aligned:
    """The cells of a lattice with the numbers of the lines that stand in each, empty cells too."""
    places, taken = cells_of(lattice)
    tidy, rows, cols = compact(places, lattice)
    xs, ys = lattice.xs / scale, lattice.ys / scale
    blocks = [
        Block(
            [],
            (
                float(xs[p.col]),
                float(ys[p.row]),
                float(xs[p.col + p.col_span]),
                float(ys[p.row + p.row_span]),
            ),
            (t.col, t.col + t.col_span - 1),
            (t.row, t.row + t.row_span - 1),
        )
        for p, t in zip(places, tidy, strict=True)
    ]
    outside = []
    for number, box in sorted(enumerate(boxes), key=lambda one: (one[1][1], one[1][0])):
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not (xs[0] < x < xs[-1] and ys[0] < y < ys[-1]):
            outside.append(number)
            continue
        row, col = np.searchsorted(ys, y, "right") - 1, np.searchsorted(xs, x, "right") - 1
        blocks[int(taken[row, col])].lines.append(number)
    return Aligned(rows, cols, tuple(sorted(blocks, key=lambda b: (b.rows, b.cols))), tuple(outside))
