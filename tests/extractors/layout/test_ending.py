"""A file that stops in the middle of its last form says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors import find_forms, read
from extractors.layout.ending import MAY_BE_CUT
from extractors.source import SourceFile

RAW = Path(__file__).parents[3] / "data" / "raw"
SEEDS = sorted(RAW.glob("*/*.txt"))


def codes(text: str) -> list[list[str]]:
    reading = find_forms(read(SourceFile.from_bytes(text.encode(), "a.txt")))
    return [[doubt.code for doubt in form.doubts] for form in reading.forms]


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.stem)
def test_whole_files_are_not_doubted(path: Path) -> None:
    assert not [c for c in codes(path.read_text(encoding="utf-8")) if MAY_BE_CUT in c]


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.stem)
def test_every_cut_between_indicator_rows_before_the_last_block_is_doubted(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    second = [n for n, line in enumerate(lines) if "绩效目标" in line and "\t" not in line][1]
    rows = [n for n in range(second) if "指标1" in lines[n].replace(" ", "") and "满意度指" not in lines[n]]
    assert len(rows) >= 5
    for row in rows:
        [found] = codes("\n".join(lines[: row + 1]))
        assert MAY_BE_CUT in found, lines[row]


def test_a_note_after_the_rows_ends_the_form() -> None:
    lines = SEEDS[0].read_text(encoding="utf-8").split("\n")
    cut = "\n".join([*lines[:20], "", "填报人：张三"])
    assert codes(cut) == [[c for c in codes(cut)[0] if c != MAY_BE_CUT]]
