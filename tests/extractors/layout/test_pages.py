"""A form over several pages reads like the same form on one."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from extractors.grid import Cell, Document, Grid, Locator, TextBlock
from extractors.layout import find_forms

FOLDER = Path(__file__).parents[2] / "fixtures" / "forms" / "pages"
SAMPLES = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("compact", [False, True])
def test_paged_form_reads_like_the_whole_one(
    name: str, compact: bool, pages: ModuleType, damage: ModuleType
) -> None:
    sample = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    forms = find_forms(pages.paged(sample, compact=compact)).forms
    assert len(forms) == len(sample["logical"])
    for form, logical in zip(forms, sample["logical"], strict=True):
        expected = find_forms(pages.whole(logical)).forms[0]
        assert damage.keys(form) == damage.keys(expected)
        texts = {slot: "".join(field.text.split()) for slot, field in form.fields.items()}
        assert texts == {slot: "".join(field.text.split()) for slot, field in expected.fields.items()}
        assert [(f.source, f.amount.text) for f in form.funding] == [
            (f.source, f.amount.text) for f in expected.funding
        ]
        assert not [claim for claim in form.claims.values() if claim.startswith("issue:")]


def test_repeated_header_rows_are_noise(pages: ModuleType) -> None:
    sample = json.loads((FOLDER / "shaded_repeat_weasy.json").read_text(encoding="utf-8"))
    form = find_forms(pages.paged(sample, compact=False)).forms[0]
    assert list(form.claims.values()).count("noise:repeated_header") == 10
    assert form.pages == (1, 2)


def test_a_goal_cut_by_the_page_is_one_cell_with_two_places(pages: ModuleType) -> None:
    sample = json.loads((FOLDER / "continuous_lo.json").read_text(encoding="utf-8"))
    form = find_forms(pages.paged(sample, compact=True)).forms[0]
    cell = form.fields["goal"].cell
    assert isinstance(cell, Cell)
    assert (cell.at.page, [at.page for at in cell.more_at], cell.inferred) == (1, [2], ("joined",))
    assert any(doubt.code == "joined_text" for doubt in form.doubts)


def _grid(rows: list[list[str]], page: int) -> Grid:
    cells = tuple(
        Cell(f"{page}.{r}.{c}", text, r, c, 1, 1, Locator(page=page))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Grid(cells, len(rows), max(map(len, rows)), page)


HEAD = [
    ["项目名称", "甲", "", ""],
    ["主管部门", "某局", "实施单位", "某所"],
    ["一级指标", "二级指标", "三级指标", "指标值"],
    ["产出指标", "数量指标", "指标1：培训", "5次"],
]


def test_two_forms_on_two_pages_are_never_joined() -> None:
    other = [["项目名称", "乙", "", ""], *HEAD[1:]]
    forms = find_forms(Document("d", "p", "t", (_grid(HEAD, 1), _grid(other, 2)))).forms
    assert [form.fields["project_name"].text for form in forms] == ["甲", "乙"]


def test_a_label_cut_in_two_by_the_page_is_one_label() -> None:
    first = [*HEAD, ["效益指标", "可持续影", "指标1：发展", "长期"]]
    second = [["", "响指标", "指标2：提高", "持续"]]
    form = find_forms(Document("d", "p", "t", (_grid(first, 1), _grid(second, 2)))).forms[0]
    assert [row.level2.node_id for row in form.rows if row.level2] == [
        "output.quantity",
        "benefit.sustainability",
        "benefit.sustainability",
    ]
    assert form.claims["2.0.1"] == form.claims["1.4.1"] == "row:1:level2"


def test_a_running_title_does_not_begin_a_form() -> None:
    title = "项目支出绩效目标表"
    items = (
        TextBlock("a", title, Locator(page=1)),
        _grid(HEAD, 1),
        TextBlock("b", title, Locator(page=2)),
        _grid([["", "质量指标", "指标1：合格率", "95%"]], 2),
    )
    forms = find_forms(Document("d", "p", "t", items)).forms
    assert len(forms) == 1
    assert forms[0].claims["b"] == "noise:repeated_title"
    assert len(forms[0].rows) == 2
