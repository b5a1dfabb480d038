"""Pages of one small table, drawn: blobs as large as characters, and what the grid step finds of them."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.imaging.lattice import find_lattices
from extractors.imaging.prepare import prepare

EM = 24
XS, YS = (100, 300, 520, 900), (150, 200, 250, 300, 350, 400, 450)
FULL = {(r, c, 1, 1) for r in range(len(YS) - 1) for c in range(3)}


def characters(page: np.ndarray, x: int, y: int, count: int, seed: int = 0) -> None:
    """Blobs as large as characters from a place on."""
    rng = np.random.default_rng(seed + x + y)
    for i in range(count):
        left = x + 27 * i
        page[y : y + EM, left : left + 23] = np.where(rng.random((EM, 23)) < 0.5, 0, 255)
        cv2.rectangle(page, (left, y), (left + 22, y + EM - 1), 0, 2)


def filled() -> np.ndarray:
    page = np.full((700, 1000), 255, np.uint8)
    for row, y in enumerate(YS[:-1]):
        for x in XS[:-1]:
            characters(page, x + 20, y + 13, 4, row)
    return page


def spans(page: np.ndarray) -> set[tuple[int, int, int, int]]:
    prepared = prepare(page)
    assert prepared is not None
    (lattice,) = find_lattices(prepared.rules)
    return {(c.row, c.col, c.row_span, c.col_span) for c in lattice.cells}
