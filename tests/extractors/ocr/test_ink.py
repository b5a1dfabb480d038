"""Ink without a character is told, whatever the recogniser's score; ordinary print is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.ocr.base import Char, Line
from extractors.ocr.ink import unread_ink

EM = 24.0
WIDTHS = {"家": 22, "项": 22, ".": 4, "≥": 18, "%": 20}  # of the ink; a digit's is 10


def printed(text: str, gap: int = 3) -> tuple[np.ndarray, list[float], tuple[float, float]]:
    """Blocks of ink as wide as the characters of a text, their middles, and where the ink begins and ends."""
    page = np.full((32, 400), 255, np.uint8)
    x, middles = 12, []
    for char in text:
        width = WIDTHS.get(char, 10)
        page[22 if char == "." else 5 : 27, x : x + width] = 0
        middles.append(x + width / 2)
        x += width + gap
    return page[:, : x + 12], middles, (12.0, float(x - gap))


def line(text: str, read: list[int], middles: list[float], width: int) -> Line:
    return Line(tuple(Char(text[i], 0.99, at=middles[i] / width) for i in read))


@pytest.mark.parametrize(
    ("text", "dropped"),
    [("4家", 0), ("1项", 0), ("≥95%", 0), ("2.5", 1), ("12.5家", 2), ("254", 1), ("254", 2), ("家4", 1)],
)
def test_a_dropped_character_is_missed(text: str, dropped: int) -> None:
    page, middles, ends = printed(text)
    kept = [i for i in range(len(text)) if i != dropped]
    assert unread_ink(line(text, kept, middles, page.shape[1]), page, ends, EM)


@pytest.mark.parametrize("text", ["4家", "≥95%", "2.5", "12.5家", "254", "家", "1", "25家家", "100.00%"])
@pytest.mark.parametrize("shift", [-3.0, 0.0, 3.0])
def test_nothing_is_missed_where_all_is_read(text: str, shift: float) -> None:
    page, middles, ends = printed(text)
    moved = [x + shift for x in middles]
    assert not unread_ink(line(text, list(range(len(text))), moved, page.shape[1]), page, ends, EM)


def test_digits_set_wide_are_no_dropped_point() -> None:
    page, middles, ends = printed("254", gap=11)
    assert not unread_ink(line("254", [0, 1, 2], middles, page.shape[1]), page, ends, EM)


def test_two_characters_read_as_one_are_wider_than_one() -> None:
    page, middles, ends = printed("4家", gap=1)
    whole = Line((Char("家", 0.99, at=(sum(ends) / 2) / page.shape[1]),))
    assert unread_ink(whole, page, ends, EM)
    assert middles
