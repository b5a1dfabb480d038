"""Thin ≤ ≥ read as < >, a full stop read as 0, grids that do not fit: doubted, and sound ones left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.imaging.consistent import doubtful
from extractors.imaging.lattice import Lattice, LatticeCell
from extractors.imaging.rules import find_rules
from extractors.ocr.base import Char, Line
from extractors.ocr.rules import sentence_suspicions, suspicions
from extractors.ocr.signs import bare_signs, low_zero, torn_point, with_permille

EM = 24.0
READ = Line((Char("<", 0.97, at=0.25), Char("5", 0.99, at=0.75)))


def chevron(*, bar: int | None = None, grey: int = 0) -> np.ndarray:
    page = np.full((32, 60), 255, np.uint8)
    cv2.polylines(page, [np.array([[23, 4], [7, 12], [23, 20]])], False, 0, 2)
    if bar is not None:
        cv2.line(page, (7, bar), (23, bar), grey, 1)
    cv2.rectangle(page, (40, 4), (50, 24), 0, 2)
    return page


def test_a_bare_comparator_is_believed() -> None:
    assert bare_signs(chevron(), READ, EM)


@pytest.mark.parametrize("grey", [0, 120, 190])
def test_a_bar_below_is_seen_even_when_pale(grey: int) -> None:
    assert not bare_signs(chevron(bar=24, grey=grey), READ, EM)


def test_small_print_proves_nothing() -> None:
    assert not bare_signs(chevron(), READ, 12.0)


@pytest.mark.parametrize(
    ("text", "likely"), [("<15万元", "≤15万元"), (">80人次", "≥80人次"), ("‹15万元", "≤15万元")]
)
def test_a_comparator_that_may_have_a_bar_is_doubted(text: str, likely: str) -> None:
    assert likely in {one.suggestion for one in suspicions(text, looks=["barred"])}


def test_a_single_angle_is_no_comparator_whatever_the_ink() -> None:
    assert [one.suggestion for one in suspicions("‹15万元")] == ["≤15万元"]


@pytest.mark.parametrize("text", ["不超过20万0", "经费控制在二十万元以内,全年共计不超过20万o"])
def test_a_zero_where_a_stop_stands_is_doubted(text: str) -> None:
    assert sentence_suspicions(text)[0].suggestion == text[:-1] + "。"


@pytest.mark.parametrize("text", ["安全事故为0", "投诉不高于0", "2020", "控制在100", "<0.3%"])
def test_other_zeros_are_left_alone(text: str) -> None:
    assert sentence_suspicions(text) == []


def test_a_low_ring_at_the_end_is_a_stop() -> None:
    line = Line((Char("2", 1.0, at=0.3), Char("0", 0.99, at=0.75)))
    page = np.full((32, 60), 255, np.uint8)
    cv2.circle(page, (45, 22), 4, 0, 1)
    assert low_zero(page, line, EM)
    cv2.ellipse(page, (45, 14), (6, 10), 0, 0, 360, 0, 2)
    assert not low_zero(page, line, EM)


@pytest.mark.parametrize(
    ("rival", "sure", "torn"), [(",", 0.1, True), (",", 0.001, False), ("。", 0.2, False)]
)
def test_a_point_whose_runner_up_is_a_comma_is_torn(rival: str, sure: float, torn: bool) -> None:
    assert torn_point(Line((Char("2", 1.0), Char(".", 0.9, rival, sure), Char("5", 1.0)))) is torn


@pytest.mark.parametrize(
    ("text", "likely"), [("12.500元", "12,500元"), ("285.375", "285,375"), ("2.55", ""), ("1.2345", "")]
)
def test_a_torn_point_before_three_digits_may_part_thousands(text: str, likely: str) -> None:
    assert [one.suggestion for one in suspicions(text, looks=["torn_point"])] == ([likely] if likely else [])


def lattice(sure: float) -> Lattice:
    cells = [LatticeCell(r, c, 1, 1, (c * 100.0, r * 40.0, c * 100 + 100.0, r * 40 + 40.0), sure)
             for r in range(4) for c in range(3)]  # fmt: skip
    return Lattice((0, 40, 80, 120, 160), (0, 100, 200, 300), tuple(cells), repaired=sure < 1)


def test_a_grid_that_does_not_fit_is_told() -> None:
    page = np.full((200, 320), 255, np.uint8)
    sound = lattice(1.0)
    assert doubtful(page, page * 0, [sound], 12, [], EM) == ""
    assert doubtful(page, page * 0, [lattice(0.7)], 12, [], EM) == "patchy"
    assert doubtful(page, page * 0, [sound], 4, [(0, 170, 90, 190)] * 8, EM) == "outside"
    for y in (10, 50, 90, 130):
        page[y : y + 20, 60:140] = 0
    assert doubtful(page, page * 0, [sound], 12, [], EM) == "crossed"


def test_dust_and_colons_are_no_dashed_line() -> None:
    page = np.full((600, 800), 255, np.uint8)
    dice = np.random.default_rng(5).random(page.shape)
    page[dice < 0.004] = 0
    assert not find_rules(page, EM).down.any()


def rings(*, high: bool) -> np.ndarray:
    """A digit, a block for %, and behind it a ring: low as of ‰, or as high as a digit."""
    page = np.full((32, 90), 255, np.uint8)
    cv2.ellipse(page, (14, 14), (6, 10), 0, 0, 360, 0, 2)
    page[4:25, 30:52] = 0
    if high:
        cv2.ellipse(page, (68, 14), (6, 10), 0, 0, 360, 0, 2)
    else:
        cv2.circle(page, (68, 20), 4, 0, 1)
    return page


def percent_and(text: str, last: str) -> Line:
    marks = [(text, 14), ("%", 41), (last, 68)]
    return Line(tuple(Char(c, 0.9, at=x / 90) for c, x in marks))


@pytest.mark.parametrize(
    ("high", "em", "last", "text"),
    [(False, EM, "0", "3‰"), (False, EM, "o", "3‰"), (True, EM, "0", "3%0"), (False, 12.0, "0", "3%0"),
     (False, EM, "。", "3%。")],
)  # fmt: skip
def test_a_low_ring_behind_a_percent_sign_is_part_of_a_permille(
    high: bool, em: float, last: str, text: str
) -> None:
    assert with_permille(rings(high=high), percent_and("3", last), em).text == text


def test_a_permille_is_read_and_still_doubted() -> None:
    assert [one.rule for one in suspicions("≤3‰")] == ["permille_seen"]
    assert with_permille(rings(high=False), percent_and("约", "0"), EM).text == "约%0"
