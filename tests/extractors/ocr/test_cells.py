"""Which pictures of a cell are read, and what two readings of it may claim together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest

from extractors.imaging.geometry import Gray, Rect, Trail
from extractors.imaging.lines import TextLine, reached, soft_picture
from extractors.imaging.prepare import Prepared
from extractors.imaging.rules import Rules
from extractors.ocr.base import Char, Line
from extractors.ocr.cells import read_cell
from extractors.ocr.rules import limit

EM = 20.0
BOX: Rect = (0.0, 0.0, 200.0, 60.0)


@dataclass
class Told:
    """An engine that says what it is told to, one line a picture, and keeps the pictures."""

    lines: list[Line]
    seen: list[Gray] = field(default_factory=list)
    name: str = "told"
    version: str = "1"

    def read(self, pictures: Sequence[Gray]) -> list[Line]:
        self.seen += pictures
        return [self.lines[min(len(self.seen), len(self.lines)) - 1] for _ in pictures]

    def find(self, page: Gray) -> list[Rect]:
        raise AssertionError(f"a cell asks for no lines of a page of {page.shape}")


def said(text: str, sure: float = 0.99) -> Line:
    """Characters spread evenly over the ink of ``page``."""
    return Line(tuple(Char(c, sure, at=0.3 + 0.4 * (i + 0.5) / len(text)) for i, c in enumerate(text)))


def page(*, lifted: float = 1.0, red: bool = False, ink: int = 0) -> Prepared:
    """Four blocks of ink from 80 to 120, of which cleaning left the share ``lifted`` (from the right)."""
    even = np.full((60, 200), 255, np.uint8)
    even[:4, :60] = 0  # solid print elsewhere: the page's own darkness
    for x in range(80, 120, 10):
        even[22:38, x : x + 8] = ink
    clean = even.copy()
    clean[22:38, : int(120 - 40 * lifted)] = 255
    reds = np.zeros_like(even)
    reds[:, :40] = 255 if red else 0
    none = np.zeros_like(even)
    return Prepared(clean, even, reds, Rules(none, none, EM), Trail(), ())


def read(given: Prepared, *lines: Line) -> tuple[str, float | None, tuple[str, ...], list[Gray]]:
    engine = Told(list(lines))
    got = read_cell(given, np.zeros_like(given.clean), (0.0, 10.0, 200.0, 60.0), engine)
    return got.text, got.sure, got.reasons, engine.seen


def test_a_value_is_read_twice_and_both_count() -> None:
    text, sure, reasons, seen = read(page(), said("1234", 0.96), said("1234", 0.60))
    assert (text, sure, reasons) == ("1234", 0.78, ())
    assert len(seen) == 2
    assert not np.array_equal(seen[0], seen[1])


@pytest.mark.parametrize(
    ("text", "sure", "pictures"),
    [
        ("1234", 0.9995, 1),
        ("1234", 0.99, 2),
        ("13.1.", 0.9995, 2),
        ("有所提升", 0.9, 1),
        ("有所提升", 0.7, 2),
    ],
)
def test_only_what_may_be_wrong_is_read_twice(text: str, sure: float, pictures: int) -> None:
    *_, seen = read(page(), said(text, sure))
    assert len(seen) == pictures


def test_readings_that_disagree_claim_little() -> None:
    text, sure, reasons, _ = read(page(), said("5790", 0.99), said("3790", 0.90))
    assert (text, sure, reasons) == ("5790", limit("disagree"), ("disagree",))


def test_the_second_picture_keeps_what_cleaning_took() -> None:
    _, _, _, seen = read(page(lifted=0.5, ink=120), said("1234"))
    assert len(seen) == 2
    assert all(int((one < 200).any(axis=0).sum()) >= 28 for one in seen)


def test_below_a_seal_the_second_picture_is_the_cleaned_one() -> None:
    _, _, _, seen = read(page(lifted=0.5, red=True), said("1234"))
    assert int((seen[1] < 200).any(axis=0).sum()) <= 20


def test_print_as_pale_as_show_through_is_read_and_told() -> None:
    text, sure, reasons, _ = read(page(lifted=0.0, ink=120), said("1234"))
    assert (text, sure, reasons) == ("1234", limit("disagree"), ("faint",))


def test_show_through_is_no_print() -> None:
    text, sure, _, seen = read(page(lifted=0.0, ink=190), said("1234"))
    assert (text, sure, seen) == ("", None, [])


def test_an_end_that_cleaning_took_belongs_to_its_line() -> None:
    cut, whole = TextLine((50.0, 10.0, 90.0, 30.0)), TextLine((30.0, 11.0, 92.0, 30.0))
    assert reached([cut], [whole], EM)[0].box == (30.0, 10.0, 90.0, 30.0)
    below = TextLine((30.0, 40.0, 92.0, 60.0))
    assert reached([cut], [below], EM) == [cut]


@pytest.mark.parametrize("limits", [BOX, (78.0, 20.0, 122.0, 40.0)])
def test_a_soft_picture_tells_where_its_columns_stood(limits: Rect) -> None:
    given = page().even
    made = soft_picture(given, np.zeros_like(given), (80.0, 22.0, 118.0, 38.0), limits, EM)
    inked = np.flatnonzero((made.pixels < 128).any(axis=0))
    assert abs(inked[0] - (80 - made.start) * made.stretch) <= 3
    assert abs(inked[-1] - (118 - made.start) * made.stretch) <= 3
    assert cv2.minMaxLoc(made.pixels[:, :4])[0] > 240


def test_of_two_readings_the_one_with_a_bar_is_kept_where_the_ink_shows_one() -> None:
    given = page()
    given.even[36:38, 80:88] = 0  # solid ink: no bare sign
    text, sure, reasons, _ = read(given, said(">95%", 0.99), said("≥95%", 0.85))
    assert (text, sure, reasons) == ("≥95%", limit("disagree"), ("disagree",))
