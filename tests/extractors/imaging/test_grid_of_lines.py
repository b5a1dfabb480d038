"""Ruled grids on drawn pages: straight, skewed, curled, with gaps, beside a paper's edge."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.imaging.curl import find_bend
from extractors.imaging.deskew import skew_angle
from extractors.imaging.geometry import Linear, Trail, quarter_turns
from extractors.imaging.lattice import find_lattices
from extractors.imaging.prepare import prepare
from extractors.imaging.regions import enclosed
from extractors.imaging.rules import find_rules
from extractors.imaging.seals import take_out_red

EM = 24.0
XS, YS = (100, 300, 520, 900), (150, 200, 250, 300, 350)


def drawn(*, gap: bool = False) -> np.ndarray:
    """A table of 4 × 3 whose first column is merged over rows 1-2, with blobs for characters."""
    page = np.full((700, 1000), 255, np.uint8)
    for y in YS:
        cv2.line(page, (XS[0] if y != YS[2] else XS[1], y), (XS[-1], y), 0, 2)
    for x in XS:
        cv2.line(page, (x, YS[0]), (x, YS[-1]), 0, 2)
    if gap:
        page[YS[1] - 3 : YS[1] + 4, 600:640] = 255
    rng = np.random.default_rng(0)
    for row in range(4):
        for col in range(3):
            for i in range(4):
                x, y = XS[col] + 20 + 27 * i, YS[row] + 13
                page[y : y + 24, x : x + 23] = np.where(rng.random((24, 23)) < 0.5, 0, 255)
                cv2.rectangle(page, (x, y), (x + 22, y + 23), 0, 2)
    return page


EXPECTED = {(0, 0, 1, 1), (1, 0, 2, 1), (3, 0, 1, 1)} | {(r, c, 1, 1) for r in range(4) for c in (1, 2)}


def spans(page: np.ndarray) -> set[tuple[int, int, int, int]]:
    prepared = prepare(page)
    assert prepared is not None
    (lattice,) = find_lattices(prepared.rules)
    return {(c.row, c.col, c.row_span, c.col_span) for c in lattice.cells}


def test_spans_are_as_printed() -> None:
    assert spans(drawn()) == EXPECTED


def test_a_broken_line_still_parts_its_cells() -> None:
    assert spans(drawn(gap=True)) == EXPECTED


@pytest.mark.parametrize("angle", [-3.0, 1.2, 3.0])
def test_skew(angle: float) -> None:
    turn = cv2.getRotationMatrix2D((500, 350), angle, 1)
    page = cv2.warpAffine(drawn(), turn, (1000, 700), borderValue=(255,))
    assert abs(skew_angle(page) + angle) < 0.2
    assert spans(page) == EXPECTED


def test_curl_is_straightened_and_maps_back() -> None:
    height, width = 700, 1000
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    page = cv2.remap(
        drawn(), xs, ys + 9 * np.sin(xs / width * 3), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    assert find_bend(find_rules(page, EM)) is not None
    assert spans(page) == EXPECTED


def test_the_edge_of_the_paper_is_no_table() -> None:
    page = drawn()
    cv2.rectangle(page, (20, 20), (980, 680), 0, 2)
    assert spans(page) == EXPECTED


@given(
    st.floats(-3, 3), st.floats(0.5, 2), st.integers(0, 3), st.tuples(st.floats(0, 900), st.floats(0, 600))
)
@settings(max_examples=40, deadline=None)
def test_a_trail_leads_back(angle: float, scale: float, turns: int, point: tuple[float, float]) -> None:
    turn, _ = quarter_turns((1000, 700), turns)
    matrix = np.vstack([cv2.getRotationMatrix2D((500, 350), angle, scale), [0, 0, 1]])
    forward = matrix @ turn.matrix @ np.array([*point, 1.0])
    trail = Trail().then(turn).then(Linear(matrix))
    assert np.allclose(trail.back(forward[None, :2]), [point], atol=1e-6)


@given(st.integers(1, 4), st.integers(1, 4), st.data())
@settings(max_examples=60, deadline=None)
def test_any_edges_enclose_rectangles_that_tile(rows: int, cols: int, data: st.DataObject) -> None:
    shares = st.floats(0, 1)
    across = np.array(data.draw(st.lists(shares, min_size=(rows + 1) * cols, max_size=(rows + 1) * cols)))
    down = np.array(data.draw(st.lists(shares, min_size=rows * (cols + 1), max_size=rows * (cols + 1))))
    regions, _ = enclosed(across.reshape(rows + 1, cols), down.reshape(rows, cols + 1), 0.6)
    taken = [(r + i, c + j) for r, c, rs, cs, _ in regions for i in range(rs) for j in range(cs)]
    assert sorted(taken) == [(r, c) for r in range(rows) for c in range(cols)]


def test_print_under_red_ink_stays_dark() -> None:
    page = np.full((200, 200, 3), 255, np.uint8)
    cv2.circle(page, (100, 100), 60, (70, 60, 220), -1)
    cv2.line(page, (50, 100), (150, 100), (15, 12, 40), 4)
    ink = take_out_red(page)
    assert ink.grey[70, 100] > 225
    assert ink.grey[100, 100] < 90
    assert ink.regions
