from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors import read
from extractors.grid import Document, Grid

from .conftest import FIXTURES, texts


def test_all_notations_in_one_file_in_order() -> None:
    got = read(FIXTURES / "mixed.md")
    assert got.reader == "markdown/2"
    kinds = [item.origin.split(":")[1] if isinstance(item, Grid) else item.text for item in got.items]
    assert kinds == [
        "2024年部门项目支出绩效目标表",
        "单位：万元",
        "html",
        "后文",
        "html",
        "html",
        "尾",
        "pipes",
        "tabs",
        "html",
        "下一张表的标题",
        "tabs",
        "box",
        "项目名称    金额    备注",
        "督办经费    20      无",
        "考察经费    15      无",
        "填表人：张三    电话：123",
    ]


def test_its_tables() -> None:
    first, outer, inner, pipes, _, half, _, box = read(FIXTURES / "mixed.md").grids
    assert [(c.text, c.row, c.col, c.row_span, c.col_span, c.at.line) for c in first.cells] == [
        ("一级指标", 0, 0, 2, 1, 6),
        ("二级指标", 0, 1, 1, 2, 6),
        ("x<5%\ny", 1, 1, 1, 1, 6),
        (r"10⁴m² $\geq 95\%$", 1, 2, 1, 1, 6),
    ]
    assert texts(outer) == [["甲", "丢包率<0.3%"], ["外"]]
    assert [c.at.line for c in outer.cells] == [9, 10, 11]
    assert texts(inner) == [["内"]]
    assert texts(pipes) == [["指标", "值"], ["-", "100次"], ["竖线 | 在内", "≥95%"]]
    assert [c.at.line for c in pipes.cells if c.col == 0] == [12, 14, 15]
    assert texts(half) == [["半张", "表"]]
    assert texts(box) == [["子", "丑"], ["寅\n续", "卯"], ["辰", "巳"]]


def test_columns_aligned_by_blanks(read_text: Callable[..., Document]) -> None:
    got = read_text("项目名称    金额    备注\n督办经费    20      无\n考察经费    15      无")
    assert texts(got.grids[0]) == [
        ["项目名称", "金额", "备注"],
        ["督办经费", "20", "无"],
        ["考察经费", "15", "无"],
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a | b\n--|--\n1 | 2", [["a", "b"], ["1", "2"]]),
        ("| a | b |\n| 1 | 2 |", [["a", "b"], ["1", "2"]]),
        ("| a | b |", [["a", "b"]]),
        ("|a|b|\n|-|-|\n|-|-|", [["a", "b"], ["-", "-"]]),
        ("+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+", [["a", "b"], ["1", "2"]]),
        ("前|后\n| a | b |\n| c | d |\n|:-:|:-:|\n| 1 | 2 |", [["a", "b"], ["c", "d"], ["1", "2"]]),
        ("| a | | b |\n|---|---|---|\n| 1 |", [["a", "", "b"], ["1"]]),
    ],
)
def test_pipe_tables(read_text: Callable[..., Document], text: str, rows: list[list[str]]) -> None:
    assert [texts(g) for g in read_text(text).grids] == [rows]


def test_a_drawn_table_with_open_borders(read_text: Callable[..., Document]) -> None:
    got = read_text(
        "┌──┬──┬──┐\n│产│ 数│ 1│\n│  ├──┼──┤\n│出│ 质│ 2│\n╞══╪══╪══╡\n│  │  │  │\n│ 合计│ 3│\n└──┴──┴──┘"
    )
    assert texts(got.grids[0]) == [["产", "数", "1"], ["出", "质", "2"], ["", "", ""], ["合计", "3"]]
