"""A form over several pages reads like the same form on one."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from extractors.grid import Box, Cell, Document, Grid, Locator, TextBlock
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


def _boxed(cells: list[tuple[int, int, int, int, str]], page: int) -> Grid:
    """(row, col, row span, col span, text) as a page's grid, every cell 20 points high and 80 wide."""
    found = tuple(
        Cell(
            f"{page}.{r}.{c}",
            text,
            r,
            c,
            rows,
            cols,
            Locator(page=page, box=Box(80 * c, 20 * r, 80 * (c + cols), 20 * (r + rows))),
        )
        for r, c, rows, cols, text in cells
    )
    return Grid(found, max(c.row + c.row_span for c in found), 5, page)


def _top(*more: tuple[int, int, int, int, str]) -> list[tuple[int, int, int, int, str]]:
    return [
        (0, 0, 1, 2, "项目名称"),
        (0, 2, 1, 3, "甲"),
        (1, 0, 1, 2, "主管部门"),
        (1, 2, 1, 3, "某局"),
        *more,
    ]


HEADS = ((2, 1, 1, 1, "一级指标"), (2, 2, 1, 1, "二级指标"), (2, 3, 1, 1, "三级指标"), (2, 4, 1, 1, "指标值"))
ROWS = [
    (0, 0, 2, 1, ""),
    (0, 1, 2, 1, "产出指标"),
    (0, 2, 2, 1, "数量指标"),
    (0, 3, 1, 1, "培训人次"),
    (0, 4, 1, 1, "≥5次"),
    (1, 3, 1, 1, "检查次数"),
    (1, 4, 1, 1, "≥6次"),
]


@pytest.mark.parametrize(("inside", "outside"), [("绩效指", ["标"]), ("绩效", ["指", "标"])])
def test_letters_pushed_out_of_their_cell_belong_to_its_label(inside: str, outside: list[str]) -> None:
    letters = tuple(
        TextBlock(f"x{i}", text, Locator(page=1, box=Box(30, 58 + 12 * i, 40, 68 + 12 * i)))
        for i, text in enumerate(outside)
    )
    first = _boxed(_top((2, 0, 1, 1, inside), *HEADS), 1)
    form = find_forms(Document("d", "p", "t", (first, *letters, _boxed(ROWS, 2)))).forms[0]
    assert [form.claims[item.id] for item in letters] == ["noise:printed_label"] * len(letters)
    assert [row.name for row in form.rows] == ["培训人次", "检查次数"]
    assert not [claim for claim in form.claims.values() if claim.startswith("issue:")]


def test_letters_beside_another_column_stay_texts() -> None:
    letter = TextBlock("x", "标", Locator(page=1, box=Box(200, 58, 210, 68)))
    first = _boxed(_top((2, 0, 1, 1, "绩效指"), *HEADS), 1)
    form = find_forms(Document("d", "p", "t", (first, letter, _boxed(ROWS, 2)))).forms[0]
    assert form.claims["x"] == "issue:unclaimed_cell"


def test_a_header_of_two_rows_at_the_foot_of_a_page_takes_no_row_in() -> None:
    heads = [(r, c, 2, w, text) for r, c, _, w, text in HEADS]
    first = _boxed(_top((2, 0, 2, 1, "绩效指标"), *heads), 1)
    form = find_forms(Document("d", "p", "t", (first, _boxed(ROWS, 2)))).forms[0]
    assert [(row.name, row.slots["target"].text) for row in form.rows] == [
        ("培训人次", "≥5次"),
        ("检查次数", "≥6次"),
    ]


def test_rows_of_amounts_are_never_joined_over_a_page() -> None:
    money = [(2, 0, 2, 1, "项目资金（万元）"), (2, 1, 1, 2, "年度资金总额"), (2, 3, 1, 2, "30")]
    fiscal = [(3, 1, 1, 2, "其中：财政拨款"), (3, 3, 1, 2, "20")]
    first = _boxed(_top(*money, *fiscal), 1)
    below = [
        (0, 0, 1, 1, ""),
        (0, 1, 1, 2, "其他资金"),
        (0, 3, 1, 2, ""),
        (1, 0, 1, 1, "年度目标"),
        (1, 1, 1, 4, "做好。"),
        (2, 0, 3, 1, "绩效指标"),
        *HEADS,
        *((r + 3, c, rows, cols, text) for r, c, rows, cols, text in ROWS[1:]),
    ]
    form = find_forms(Document("d", "p", "t", (first, _boxed(below, 2)))).forms[0]
    assert [(item.source, item.amount.text) for item in form.funding] == [("total", "30"), ("fiscal", "20")]


def test_a_label_of_two_words_cut_by_the_page_is_one_label() -> None:
    first = _boxed(
        _top((2, 0, 1, 1, "年度总体"), (2, 1, 1, 2, "对河道开展保洁，"), (2, 3, 1, 2, "完成。")), 1
    )
    below = [
        (0, 0, 1, 1, "目标"),
        (0, 1, 1, 2, "水环境持续向好。"),
        (0, 3, 1, 2, ""),
        (1, 0, 3, 1, "绩效指标"),
        *((r - 1, c, rows, cols, text) for r, c, rows, cols, text in HEADS),
        *((r + 2, c, rows, cols, text) for r, c, rows, cols, text in ROWS[1:]),
    ]
    form = find_forms(Document("d", "p", "t", (first, _boxed(below, 2)))).forms[0]
    assert form.fields["goal"].text == "对河道开展保洁，水环境持续向好。"
