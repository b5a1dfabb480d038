"""What was recognised on a page is asked for before the engine, and kept even when the reading fails."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from extractors.imaging.geometry import Gray, Rect
from extractors.ocr.base import Char, Line
from extractors.ocr.recall import recalled

PAGE = np.full((40, 60), 255, np.uint8)
ONE, TWO = np.zeros((4, 6), np.uint8), np.ones((4, 6), np.uint8)


class Memory(dict[str, bytes]):
    def put(self, key: str, blob: bytes) -> None:
        self[key] = blob


class Engine:
    """Reads each picture as the number of pictures it was ever given."""

    name = "counting"

    def __init__(self, version: str = "1") -> None:
        self.version, self.seen = version, 0

    def read(self, pictures: Sequence[Gray]) -> list[Line]:
        self.seen += len(pictures)
        return [Line((Char(str(self.seen), 0.123456789012345, "〇", 0.2, 0.5),)) for _ in pictures]

    def find(self, page: Gray) -> list[Rect]:  # noqa: ARG002
        self.seen += 1
        return [(1.0, 2.0, 3.5, 4.0)]


def test_known_pictures_cost_nothing_and_come_back_exactly() -> None:
    memory, engine = Memory(), Engine()
    with recalled(engine, PAGE, memory) as first:
        lines, places = first.read([ONE, TWO, ONE]), first.find(PAGE)
    assert engine.seen == 3  # the same picture twice is one
    other = Engine()
    with recalled(other, PAGE, memory) as again:
        assert again.read([TWO, ONE]) == [lines[1], lines[0]]
        assert again.find(PAGE) == places
    assert other.seen == 0
    assert len(memory) == 1


def test_another_engine_or_page_knows_nothing() -> None:
    memory, engine = Memory(), Engine()
    for version, page in (("1", PAGE), ("2", PAGE), ("1", PAGE[:, :50])):
        engine = Engine(version)
        with recalled(engine, page, memory) as asked:
            asked.read([ONE])
        assert engine.seen == 1
    assert len(memory) == 3


def test_new_cuts_of_a_known_page_are_added() -> None:
    memory = Memory()
    for pictures, fresh in (([ONE], 1), ([ONE, TWO], 1), ([TWO], 0)):
        engine = Engine()
        with recalled(engine, PAGE, memory) as asked:
            asked.read(pictures)
        assert engine.seen == fresh


def test_a_failed_reading_keeps_what_was_recognised() -> None:
    memory = Memory()
    with pytest.raises(ValueError, match="layout"), recalled(Engine(), PAGE, memory) as asked:
        asked.read([ONE])
        raise ValueError("layout")
    assert len(memory) == 1


def test_without_a_memory_the_engine_is_bare() -> None:
    engine = Engine()
    with recalled(engine, PAGE, None) as asked:
        assert asked is engine
