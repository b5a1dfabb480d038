"""Whether a ruled table fits its page: borders through characters, patchy borders, text left outside."""

from __future__ import annotations

from extractors.imaging.geometry import Gray, Rect, darker, without
from extractors.imaging.lattice import Lattice

_DARK = 150
_BESIDE = 0.16  # how far from a border ink is looked for on both sides, in character heights
_THROUGH = 0.08  # of a border's length with ink on both sides: it runs through characters
# Borders through characters: two, and this share of all; own drawings: whole grids 0, failed ones from .03.
_CROSSED_LEAST, _CROSSED = 2, 0.02
# Borders drawn less than this, and their share of a repaired table; own drawings, dashed on curled paper: .08, .33.
_PATCHY, _PATCHED = 0.93, 0.05
_OUTSIDE = 0.5  # lines of text outside all tables against cells with text: a title and notes are fewer
_OUTSIDE_LEAST = 6


def doubtful(
    clean: Gray, rulings: Gray, lattices: list[Lattice], texts: int, outside: list[Rect], em: float
) -> str:
    """Why the tables of a page can hardly be as found: ``outside``, ``patchy``, ``crossed``, or "".

    ``texts`` is the number of cells with text, ``outside`` the boxes of the lines outside all tables.

    >>> import numpy as np
    >>> page = np.full((90, 300), 255, np.uint8)
    >>> doubtful(page, page * 0, [], 4, [(0, 0, 9, 9)] * 7, 24.0)
    'outside'
    """
    if len(outside) >= _OUTSIDE_LEAST and len(outside) > _OUTSIDE * texts:
        return "outside"
    if any(lattice.repaired and _patchy(lattice) for lattice in lattices):
        return "patchy"
    dark = without(darker(clean, _DARK), rulings, (1, 3))
    edges = [edge for lattice in lattices for edge in _inner(lattice)]
    crossed = sum(_through(dark, edge, em) for edge in edges)
    return "crossed" if crossed >= max(_CROSSED_LEAST, _CROSSED * len(edges)) else ""


def _patchy(lattice: Lattice) -> bool:
    return sum(cell.sure < _PATCHY for cell in lattice.cells) > _PATCHED * len(lattice.cells)


def _inner(lattice: Lattice) -> list[tuple[float, float, float]]:
    """The upright borders between cells: place, top and bottom in pixels."""
    return [
        (cell.box[0], cell.box[1], cell.box[3]) for cell in lattice.cells if cell.box[0] > lattice.box[0] + 1
    ]


def _through(dark: Gray, edge: tuple[float, float, float], em: float) -> bool:
    x, top, bottom = edge
    y0, y1 = int(top + 0.15 * em), int(bottom - 0.15 * em)
    reach = max(4, int(em * _BESIDE))
    left = dark[y0:y1, max(0, int(x) - reach) : int(x)].any(axis=1)
    right = dark[y0:y1, int(x) + 1 : int(x) + 1 + reach].any(axis=1)
    return bool(left.size and float((left & right).mean()) > _THROUGH)
