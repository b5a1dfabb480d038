"""Lists in several tables: a table that goes on after a break, texts that name the unit of the next one."""

from __future__ import annotations

from itertools import chain

from extractors import find_forms
from extractors.grid import Cell, Document, Grid, Locator, TextBlock

HEADS = ["项目名称", "预算数（元）", "年度目标", "一级指标", "二级指标", "三级指标", "指标值"]
FIRST = [
    ["甲项目", "200000", "做好甲。", "产出指标", "数量指标", "培训人次", "≥100人次"],
    ["", "", "", "", "质量指标", "合格率", "≥95%"],
]
MORE = [["", "", "", "效益指标", "社会效益指标", "知晓率", "≥90%"]]
SECOND = [["乙项目", "300000", "做好乙。", "产出指标", "数量指标", "维修次数", "6次"]]


def table(name: str, rows: list[list[str]]) -> Grid:
    """A grid without pages, as a Word file gives it."""
    cells = [
        Cell(f"{name}{r}.{c}", text, r, c, 1, 1, Locator(sheet=None, ref=f"{name}R{r}C{c}"))
        for r, row in enumerate([HEADS, *rows])
        for c, text in enumerate(row)
    ]
    return Grid(tuple(cells), len(rows) + 1, len(HEADS))


def document(*items: Grid | str) -> Document:
    texts = [
        item if isinstance(item, Grid) else TextBlock(f"t{i}", item, Locator(line=i + 1))
        for i, item in enumerate(items)
    ]
    return Document("d", "text/x-drawn", "drawn", tuple(texts))


def rows_of(name: str, *items: Grid | str) -> list[str]:
    forms = {f.fields["project_name"].text: f for f in find_forms(document(*items)).forms}
    return [row.name for row in forms[name].rows]


def test_a_title_that_says_so_goes_on() -> None:
    parts = (
        "项目支出绩效目标表",
        table("a", FIRST),
        "- 12 -",
        "项目支出绩效目标表（续）",
        table("b", MORE + SECOND),
    )
    assert rows_of("甲项目", *parts) == ["培训人次", "合格率", "知晓率"]
    assert rows_of("乙项目", *parts) == ["维修次数"]


def test_the_same_title_over_rows_without_a_project_goes_on() -> None:
    parts = ("项目支出绩效目标表", table("a", FIRST), "项目支出绩效目标表", table("b", MORE + SECOND))
    assert rows_of("甲项目", *parts) == ["培训人次", "合格率", "知晓率"]


def test_a_text_names_the_unit_of_the_table_below_it() -> None:
    parts = (
        "项目支出绩效目标表",
        "单位名称：某水利局",
        table("a", FIRST),
        "单位名称：某茶业中心",
        table("b", SECOND),
    )
    forms = find_forms(document(*parts)).forms
    assert [form.fields["unit_name"].text for form in forms] == ["某水利局", "某茶业中心"]
    claims = set(chain.from_iterable(form.claims.values() for form in forms))
    assert not any(claim.startswith("issue:") for claim in claims)
