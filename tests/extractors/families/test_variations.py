"""Forms drawn by a second hand, in every format, through the whole chain: what is published is what was drawn."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

DRAWN = Path(__file__).parents[2] / "fixtures"
if str(DRAWN) not in sys.path:
    sys.path.insert(0, str(DRAWN))

from variations.board import Sheet  # noqa: E402
from variations.catalogue import LAYOUTS  # noqa: E402
from variations.mess import other, others  # noqa: E402
from variations.published import Published, compare  # noqa: E402
from variations.writers import KINDS, write  # noqa: E402

from pipeline import extract  # noqa: E402

SEED = 7


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Published, dict[str, list[Sheet]]]:
    """Every layout in two formats, the formats taking turns; beside them tables that are no form."""
    root = tmp_path_factory.mktemp("variations")
    raw = root / "raw" / "forms"
    raw.mkdir(parents=True)
    made: dict[str, list[Sheet]] = {}
    for n, (layout, maker) in enumerate(LAYOUTS.items()):
        for k in range(2):
            rng = Random(f"{layout}-{SEED}-{k}")
            sheets = [maker(rng) for _ in range(rng.choice([1, 1, 2]))]
            if rng.random() < 0.3:
                sheets.insert(rng.randrange(len(sheets) + 1), other(rng))
            made[write(raw, f"{layout}-{k}", sheets, KINDS[(2 * n + k) % len(KINDS)])] = sheets
    for kind in KINDS:
        made[write(raw, f"none-{kind}", others(), kind)] = []
    extract(root / "raw", root / "clean", work=root / "work", engine="serial")
    return Published(root / "clean"), made


def test_published_as_drawn(drawn: tuple[Published, dict[str, list[Sheet]]]) -> None:
    tables, made = drawn
    total: Counter[str] = Counter()
    wrong: dict[str, list[str]] = {}
    for name, sheets in made.items():
        count, differences = compare(tables, f"forms/{name}", [w for sheet in sheets for w in sheet.wanted])
        total += count
        if differences:
            wrong[name] = differences
    assert wrong == {}
    assert total["forms"] > 60
    assert total["rows"] > 700
    assert total["slots"] > 600


def test_all_formats_are_drawn() -> None:
    assert {"pdf", "docx", "xlsx", "html", "txt", "md", "zip"} <= set(KINDS)


def test_a_difference_is_seen(drawn: tuple[Published, dict[str, list[Sheet]]]) -> None:
    """The comparison itself can fail: a changed truth is told in words."""
    tables, made = drawn
    name, sheets = next((n, s) for n, s in made.items() if s and s[0].wanted and s[0].wanted[0].rows)
    wanted = [w for sheet in sheets for w in sheet.wanted]
    wanted[0].rows[0]["target"] = "≥12345只"
    assert any("row lost" in text for text in compare(tables, f"forms/{name}", wanted)[1])
