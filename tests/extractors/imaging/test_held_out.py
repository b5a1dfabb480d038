"""Drawn pages of kinds that were read wrong once: dashed, faint and level rulings, photographs, no rulings."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from extractors.imaging.align import align
from extractors.imaging.decode import ImagePage, pages
from extractors.imaging.geometry import Rect
from extractors.imaging.gutters import part
from extractors.imaging.heads import columns_of
from extractors.imaging.lattice import find_lattices
from extractors.imaging.light import full_contrast, show_through
from extractors.imaging.prepare import prepare
from extractors.imaging.rules import char_height
from tests.extractors.imaging.drawn import FULL, XS, YS, filled, spans

FIXTURES = Path(__file__).parents[2] / "fixtures" / "scans"


def dashed(page: np.ndarray, start: tuple[int, int], end: tuple[int, int]) -> None:
    across = start[1] == end[1]
    for at in range(start[0 if across else 1], end[0 if across else 1], 11):
        one = (at, start[1]) if across else (start[0], at)
        two = (at + 5, start[1]) if across else (start[0], at + 5)
        cv2.line(page, one, two, 0, 1)


def test_dashed_rulings_make_a_grid() -> None:
    page = filled()
    for y in YS:
        dashed(page, (XS[0], y), (XS[-1], y))
    for x in XS:
        dashed(page, (x, YS[0]), (x, YS[-1]))
    assert spans(page) == FULL


def test_grey_rulings_make_a_grid() -> None:
    page = filled()
    for y in YS:
        cv2.line(page, (XS[0], y), (XS[-1], y), 190, 1)
    for x in XS:
        cv2.line(page, (x, YS[0]), (x, YS[-1]), 190, 1)
    assert spans(page) == FULL


def test_a_mirrored_page_seen_through_makes_no_grid() -> None:
    page = filled()
    shown = page.copy()
    for y in range(162, 470, 31):
        cv2.line(shown, (80, y), (920, y), 200, 3)
    for x in range(130, 920, 95):
        cv2.line(shown, (x, 120), (x, 480), 200, 3)
    prepared = prepare(np.minimum(page, cv2.GaussianBlur(shown, (0, 0), 1.2)).astype(np.uint8))
    assert prepared is not None
    assert not find_lattices(prepared.rules)


def test_strokes_in_a_row_are_no_ruling() -> None:
    page = filled()
    for y in YS:
        cv2.line(page, (XS[0], y), (XS[-1], y), 0, 2)
    for x in XS:
        cv2.line(page, (x, YS[0]), (x, YS[-1]), 0, 2)
    cv2.line(page, (XS[0] + 30, YS[2] + 24), (XS[0] + 170, YS[2] + 24), 0, 2)
    assert spans(page) == FULL


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_photograph_of_thin_rulings(seed: int) -> None:
    page = np.full((2100, 1500), 255, np.uint8)
    page[300:1000, 200:1200] = filled()
    for y in YS:
        cv2.line(page, (200 + XS[0], 300 + y), (200 + XS[-1], 300 + y), 0, 1)
    for x in XS:
        cv2.line(page, (200 + x, 300 + YS[0]), (200 + x, 300 + YS[-1]), 0, 1)
    rng = np.random.default_rng(seed)
    old = np.array([[0, 0], [1500, 0], [1500, 2100], [0, 2100]], np.float32)
    new = (old + rng.uniform(-60, 60, (4, 2))).astype(np.float32)
    photo = cv2.warpPerspective(page, cv2.getPerspectiveTransform(old, new), (1500, 2100), borderValue=(255,))
    assert spans(photo) == FULL


def test_a_photograph_of_a_torn_frame_with_a_pen_beside_it() -> None:
    """A piece of the frame has four corners of its own, and the pen is the longest straight line there is.

    Drawn by benchmarks/scans (desk, seed 132), kept as it looks once its light is even.
    """
    assert len(spans(np.array(Image.open(FIXTURES / "torn_frame.png").convert("RGB")))) == 62


def test_the_character_height_of_broken_thin_print() -> None:
    page = filled()
    page[:, ::9] = 255  # strokes that the light has eaten
    page[::11] = 255
    assert 18 <= char_height(page) <= 30


def test_pale_strokes_stay_where_nothing_shows_through() -> None:
    page = filled()
    page[500:502, 100:400] = 190  # a thin stroke is paler than print
    assert show_through(page, 0) < 0.3
    assert full_contrast(page)[500, 200] < 255


def table(rows: int, pitch: float) -> list[Rect]:
    """Heads, then rows of three texts; beside all of them one label, beside each pair of rows another."""
    heads = [(100.0, 0.0, 180.0, 20.0), (220.0, 0.0, 300.0, 20.0), (400.0, 0.0, 480.0, 20.0)]
    boxes = list(heads)
    for row in range(rows):
        y = (row + 1) * pitch
        boxes += [(210.0, y, 330.0, y + 20.0), (410.0, y, 470.0, y + 20.0)]
        if row % 2 == 0:
            boxes.append((100.0, y + pitch / 2, 180.0, y + pitch / 2 + 20.0))
    middle = rows * pitch / 2
    return [*boxes, (0.0, middle, 60.0, middle + 20.0)]


@pytest.mark.parametrize("pitch", [26.0, 30.0, 40.0])
def test_labels_cover_their_rows_at_any_pitch(pitch: float) -> None:
    aligned = align(table(8, pitch), 20.0)
    assert aligned is not None
    assert (aligned.rows, aligned.cols) == (9, 4)
    spans = {(b.rows[0], b.cols[0], b.rows[1] - b.rows[0] + 1) for b in aligned.blocks}
    assert {(1, 1, 2), (3, 1, 2), (5, 1, 2), (7, 1, 2), (0, 0, 9)} <= spans


def test_a_column_of_numbered_labels_is_not_parted_from_its_texts() -> None:
    boxes = table(8, 40.0)
    pieces = [piece for x0, y0, x1, y1 in boxes for piece in _numbered(x0, y0, x1, y1)]
    edges, _ = columns_of(pieces, boxes, 20.0)
    assert len(edges) == 5


def _numbered(x0: float, y0: float, x1: float, y1: float) -> list[Rect]:
    return [(x0, y0, 250.0, y1), (262.0, y0, x1, y1)] if x0 == 210.0 else [(x0, y0, x1, y1)]


def test_lines_run_together_over_a_gutter_are_parted() -> None:
    page = np.full((500, 600), 255, np.uint8)
    boxes = table(8, 40.0)
    for x0, y0, x1, y1 in boxes:
        page[int(y0) : int(y1), int(x0) : int(x1)] = 0
    merged = [(210.0, 80.0, 470.0, 100.0) if box[1] == 80.0 and box[0] == 210.0 else box for box in boxes]
    merged = [box for box in merged if box != (410.0, 80.0, 470.0, 100.0)]
    assert sorted(part(page, np.zeros_like(page), merged, 20.0)) == sorted(boxes)


def test_oblong_pixels_of_a_fax_are_made_square() -> None:
    out = io.BytesIO()
    Image.new("L", (816, 490), 255).save(out, "TIFF", dpi=(204, 98))
    (page,) = pages(out.getvalue(), "fax.tif")
    assert isinstance(page, ImagePage)
    assert page.pixels.shape[:2] == (1020, 816)
    assert page.dpi == pytest.approx(204, abs=1)
