"""A new county is one YAML file: its own words are found, read and preferred."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.families import family
from extractors.grid import Cell, Document, Grid, Locator
from extractors.layout import find_forms, fits, printed, shapes

YAML = """
name: pingluo
extends: central_2015
seen: test
fields:
  agency: {labels: [承办科室], seen: test}
columns:
  name: {labels: [具体指标], takes: name, seen: test}
  target: {labels: [今年要做到], takes: value, seen: test}
signature:
  labels: [项目名称, 承办科室]
  columns: [level1, level2, name, target]
"""
ROWS = (
    ("项目名称", "甲", "承办科室", "某科"),
    ("一级指标", "二级指标", "具体指标", "今年要做到"),
    ("产出指标", "数量指标", "培训次数", "5次"),
)


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for path in family.FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pingluo.yaml").write_text(YAML, encoding="utf-8")
    monkeypatch.setattr(family, "FOLDER", tmp_path)
    caches = (
        family.load_family, family.family_names, printed.indexes_of, printed.scanning_indexes,
        shapes.shapes_of, fits.fits_of,
    )  # fmt: skip
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


def test_its_words_are_known_everywhere(county: None) -> None:
    cells = tuple(
        Cell(f"{r}.{c}", text, r, c, 1, 1, Locator(line=r + 1))
        for r, row in enumerate(ROWS)
        for c, text in enumerate(row)
    )
    (form,) = find_forms(Document("d", "t", "t", (Grid(cells, len(ROWS), 4),))).forms
    assert form.family == "pingluo"
    assert form.fields["agency"].text == "某科"
    assert [(row.name, row.slots["target"].text, row.reasons) for row in form.rows] == [
        ("培训次数", "5次", ())
    ]
