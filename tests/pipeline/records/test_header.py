"""Which printed field becomes which column where a form does not print the usual one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors import find_forms
from extractors.grid import Cell, Document, Grid, Locator
from extractors.layout.forms import Form, Slot
from pipeline.records.header import header_columns
from pipeline.records.notes import Notes

ROWS = [
    ["项目名称", "甲"],
    ["一级指标", "二级指标", "三级指标", "指标值"],
    ["产出指标", "数量指标", "培训人次", "≥100人次"],
    ["产出指标", "质量指标", "合格率", "≥95%"],
]


def form_of(kind: str, **fields: str) -> Form:
    """A form of this kind that prints these fields and no others."""
    cells = tuple(
        Cell(f"c{r}.{c}", text, r, c, 1, 1, Locator(sheet="1", ref=f"R{r}C{c}"))
        for r, row in enumerate(ROWS)
        for c, text in enumerate(row)
    )
    document = Document("d", "text/x-drawn", "drawn", (Grid(cells, len(ROWS), 4),))
    (form,) = find_forms(document).forms
    slots = {name: Slot(text, None, None, 1.0, "given") for name, text in fields.items()}
    return replace(form, kind=kind, fields=slots)


@pytest.mark.parametrize(
    ("kind", "fields", "column", "value"),
    [
        ("target", {"project_name": "51000021R000000019951-工资性支出"}, "project_code", "51000021R000000019951"),
        ("target", {"project_name": "51152324Y000008800002-日常公用经费"}, "project_code", "51152324Y000008800002"),
        ("target", {"project_name": "51000021R000000019951-工资性支出"}, "project_name", "51000021R000000019951-工资性支出"),
        ("target", {"project_name": "2024-2026年造林"}, "project_code", None),
        ("target", {"programme_name": "以工代赈"}, "project_name", "以工代赈"),
        ("target", {"goal_midterm": "改造户厕。"}, "goal", "改造户厕。"),
        ("target", {"goal": "今年。", "goal_midterm": "五年。"}, "goal", "今年。"),
        ("target", {"provincial_department": "某省农业农村厅"}, "department", "某省农业农村厅"),
        ("target", {"local_department": "某县商务局"}, "department", "某县商务局"),
        ("target", {"department": "水利部", "provincial_department": "某省水利厅"}, "department", "水利部"),
        ("target", {"department_name": "219_某局"}, "department_code", "219"),
        ("target", {"unit_name": "某中心"}, "agency", "某中心"),
        ("department", {"unit_name": "某中心"}, "department", "某中心"),
        ("department", {"unit_name": "某中心"}, "agency", None),
    ],
)  # fmt: skip
def test_column(kind: str, fields: dict[str, str], column: str, value: str | None) -> None:
    found = header_columns(form_of(kind, **fields), "f", 2024, Notes("a.xlsx", "d", {}))
    assert found[column] == value


def test_a_goal_of_the_term_in_the_place_of_the_years_is_told() -> None:
    for fields, told in (({"goal_midterm": "改造户厕。"}, ["goal_of_term"]), ({"goal": "今年。"}, [])):
        notes = Notes("a.xlsx", "d", {})
        header_columns(form_of("target", **fields), "f", 2024, notes)
        assert [issue.code for issue in notes.take()] == told
