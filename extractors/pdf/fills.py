"""Cells made of fills: which filled rectangles can be cells of a table without ruling lines."""

from __future__ import annotations

import numpy as np

from extractors.pdf.chars import Floats
from extractors.pdf.lattice import Lattice

_LOW = 4.7  # points: empty rows are low, but no lower than a thick rule
_NARROW = 9.0
_PAGE = 0.6  # of the page's area: a larger fill is the paper


def cell_fills(fills: Floats, size: tuple[float, float]) -> Floats:
    """The fills that have the size of a cell.

    >>> cell_fills(np.array([[0.0, 0.0, 500.0, 800.0], [10.0, 10.0, 60.0, 30.0]]), (595.0, 842.0)).tolist()
    [[10.0, 10.0, 60.0, 30.0]]
    """
    if not len(fills):
        return fills
    width, height = fills[:, 2] - fills[:, 0], fills[:, 3] - fills[:, 1]
    return fills[(width >= _NARROW) & (height >= _LOW) & (width * height < _PAGE * size[0] * size[1])]


def fills_outside(fills: Floats, found: list[Lattice]) -> Floats:
    """The fills whose middle lies in no lattice of ruling lines: there a fill is only shading."""
    keep = np.ones(len(fills), dtype=bool)
    x, y = (fills[:, 0] + fills[:, 2]) / 2, (fills[:, 1] + fills[:, 3]) / 2
    for lattice in found:
        x0, y0, x1, y1 = lattice.box
        keep &= ~((x > x0) & (x < x1) & (y > y0) & (y < y1))
    return fills[keep]
