"""Rulings that are broken, pale or slanting, and strokes that look like rulings: kinds that were read wrong once."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.imaging.dashes import with_dashes
from extractors.imaging.deskew import skew_angle
from extractors.imaging.heads import columns_of
from extractors.imaging.prepare import prepare
from extractors.imaging.strokes import bare, even
from tests.extractors.imaging.drawn import EM, FULL, XS, YS, characters, filled, spans


def ruled(ink: int = 0, width: int = 2) -> np.ndarray:
    page = filled()
    for y in YS:
        cv2.line(page, (XS[0], y), (XS[-1], y), ink, width)
    for x in XS:
        cv2.line(page, (x, YS[0]), (x, YS[-1]), ink, width)
    return page


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_ruling_crumbled_by_a_fax_among_whole_ones(seed: int) -> None:
    page = ruled()
    rng = np.random.default_rng(seed)
    for x in (XS[1], XS[2]):
        strip = page[YS[0] + 3 : YS[-1] - 2, x - 2 : x + 3]
        strip[rng.random(strip.shape) < 0.45] = 255
    crumbled = page[YS[3] - 2 : YS[3] + 3, XS[0] + 3 : XS[-1] - 2]
    crumbled[rng.random(crumbled.shape) < 0.45] = 255
    assert spans(page) == FULL


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_specks_make_no_ruling(seed: int) -> None:
    page = ruled()
    dice = np.random.default_rng(seed).random(page.shape)
    page[dice < 0.004] = 0
    page[dice > 0.996] = 255
    assert spans(page) == FULL


def test_colons_under_one_another_make_no_ruling() -> None:
    page = np.zeros((600, 200), np.uint8)
    for y in range(20, 560, 36):
        page[y : y + 4, 100:104] = page[y + 12 : y + 16, 100:104] = 255
    assert np.array_equal(with_dashes(page, float(EM)), page)


@pytest.mark.parametrize("climb", [0, 6])
def test_dashes_that_climb_are_drawn_through(climb: int) -> None:
    page = np.zeros((80, 400), np.uint8)
    for x in range(10, 390, 11):
        y = 30 + round(climb * x / 100)
        page[y : y + 2, x : x + 6] = 255
    drawn = with_dashes(page, float(EM))
    assert bool((drawn[:, 12:385] > 0).any(axis=0).all())


@pytest.mark.parametrize("angle", [-2.0, 1.3])
def test_pale_rulings_of_a_slanting_page(angle: float) -> None:
    page = cv2.copyMakeBorder(ruled(ink=190), 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(255,))
    turn = cv2.getRotationMatrix2D((560, 410), angle, 1)
    slanting = cv2.warpAffine(page, turn, page.shape[::-1], borderValue=(255,))
    assert spans(slanting) == FULL


def test_the_angle_of_text_alone_is_found_to_a_tenth() -> None:
    page = np.full((1400, 1200), 255, np.uint8)
    for y in range(100, 1300, 41):
        characters(page, 80, y, 36, y)
    assert skew_angle(page) == 0.0
    turn = cv2.getRotationMatrix2D((600, 700), 0.8, 1)
    assert abs(skew_angle(cv2.warpAffine(page, turn, (1200, 1400), borderValue=(255,))) + 0.8) < 0.11


def test_slanting_lines_close_under_one_another_keep_the_height_of_their_characters() -> None:
    page = np.full((1400, 1200), 255, np.uint8)
    for y in range(100, 1300, 33):
        characters(page, 80, y, 36, y)
    turn = cv2.getRotationMatrix2D((600, 700), 3.0, 1)
    prepared = prepare(cv2.warpAffine(page, turn, (1200, 1400), borderValue=(255,)))
    assert prepared is not None
    assert 20 <= prepared.rules.em <= 30


def test_a_row_of_bold_strokes_is_no_ruling() -> None:
    line = np.zeros((80, 400), np.uint8)
    line[40:43, 20:300] = 255
    print_ = line.copy()
    for x in range(24, 300, 12):
        print_[28:56, x : x + 5] = 255
    assert not bare(line, print_, float(EM)).any()
    below = line.copy()
    below[46:60, 20:300] = 255  # text close under a ruling
    assert bare(line, below, float(EM)).any()


def test_a_stroke_of_a_pen_is_no_ruling() -> None:
    stroke = np.zeros((80, 200), np.uint8)
    cv2.line(stroke, (50, 40), (90, 47), 255, 3)
    assert not even(stroke, stroke, 120.0, float(EM)).any()
    level = np.zeros((80, 200), np.uint8)
    level[40:43, 50:90] = 255
    assert even(level, level, 120.0, float(EM)).any()


def test_a_lone_stroke_within_a_character_is_no_ruling() -> None:
    stroke = np.zeros((80, 200), np.uint8)
    stroke[40:43, 50:90] = 255
    character = stroke.copy()
    character[45:60, 50:90] = 255
    assert not even(stroke, character, 120.0, float(EM)).any()


def test_a_signature_across_a_cell_parts_no_column() -> None:
    page = ruled()
    cv2.line(page, (700, YS[2] - 6), (716, YS[3] + 8), 0, 3)
    assert spans(page) == FULL


def test_a_head_beyond_everything_below_it() -> None:
    lines = [(x, y, x + 60.0, y + 20.0) for y in range(40, 400, 40) for x in (0.0, 100.0)]
    heads = [
        (0.0, 0.0, 60.0, 20.0),
        (100.0, 0.0, 160.0, 20.0),
        (500.0, -12.0, 560.0, 8.0),
        (700.0, 0.0, 760.0, 20.0),
    ]
    edges, _ = columns_of([*heads, *lines], lines, 20.0)
    assert edges == sorted(edges)
