from __future__ import annotations

from collections.abc import Callable
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.grid import Document, Grid
from extractors.readers import read
from extractors.source import SourceFile

from .conftest import texts


def placed(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.col, c.row_span, c.col_span) for c in grid.cells]


def test_a_page(read_text: Callable[..., Document]) -> None:
    got = read_text(
        "<!DOCTYPE html>\n<html><head><title>t</title><style>td{}</style></head><body>\n<h1>绩效\n目标表</h1>\n"
        "<script>var a='<table>'</script><!-- <td>no</td> -->\n<p>单位：<b>万元</b></p>\n"
        "<table><caption>表一</caption><thead><tr>\n<th>指标</th></tr></thead>\n<tr><td>a&nbsp;b<p>c</p></td></tr></table>"
        "<div>尾 &amp; 注</div></body></html>",
        "a.html",
    )
    assert [b.text for b in got.blocks] == ["绩效 目标表", "单位：万元", "表一", "尾 & 注"]
    assert [b.at.line for b in got.blocks] == [3, 6, 7, 9]
    assert texts(got.grids[0]) == [["指标"], ["a\xa0b\nc"]]
    assert [c.at.line for c in got.grids[0].cells] == [8, 9]
    assert got.reader == "html/3"


@pytest.mark.parametrize(
    ("html", "cells"),
    [
        (
            "<table><tr><td rowspan=9>a<td colspan=-1>b<tr><td>c</table>",
            [("a", 0, 0, 2, 1), ("b", 0, 1, 1, 1), ("c", 1, 1, 1, 1)],
        ),
        (
            "<table><tr><td rowspan=0>a<td>b<tr><td>c</table>",
            [("a", 0, 0, 2, 1), ("b", 0, 1, 1, 1), ("c", 1, 1, 1, 1)],
        ),
        (
            "<table><tr><td colspan=1000>a<tr><td>b<td>c</table>",
            [("a", 0, 0, 1, 2), ("b", 1, 0, 1, 1), ("c", 1, 1, 1, 1)],
        ),
        (
            "<table><tr><td>a<td rowspan=2>b<tr><td colspan=2>c</table>",
            [("a", 0, 0, 1, 1), ("b", 0, 1, 2, 1), ("c", 1, 0, 1, 1)],
        ),
        (
            "<TABLE><TR><TD ROWSPAN='2'>a</TD><TD>b</TD></TR><TR><TD>c</TD></TR></TABLE>",
            [("a", 0, 0, 2, 1), ("b", 0, 1, 1, 1), ("c", 1, 1, 1, 1)],
        ),
        ("<table><tr><td data-rowspan=3>a<td rowspan=x>b</table>", [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1)]),
        ('<table><tr><td colspan="2>a</td><td>b</td></tr></table>', [("a", 0, 0, 1, 2), ("b", 0, 2, 1, 1)]),
    ],
)
def test_spans(
    read_text: Callable[..., Document], html: str, cells: list[tuple[str, int, int, int, int]]
) -> None:
    assert placed(read_text(html).grids[0]) == cells


@pytest.mark.parametrize(
    ("text", "grids", "blocks"),
    [
        ("<table><tr><td>a</td><td>b", [[["a", "b"]]], []),
        ("<table><tr><td>a\n题\n<table><tr><td>b</table>", [[["a"]], [["b"]]], ["题"]),
        ("<tr><td>a</td></tr></table>\n后", [[["a"]]], ["后"]),
        ("</td><td>a</td></tr></table>后", [[["a"]]], ["后"]),
        ("前<td>a</td><td>b</td>", [[["a", "b"]]], ["前"]),
        ("<table>散<tr><td>a</td>落</tr></table>", [[["a"]]], ["散", "落"]),
        ("<table><tr></tr><tr><td>a</table>", [[[], ["a"]]], []),
        ("<table></table>空", [], ["空"]),
        (
            '<html><body><table><tr><td>a</table></body></html>\n<div align="center">题</div>\n# 一',
            [[["a"]]],
            ["题", "一"],
        ),
        ("</table>a", [], ["a"]),
        ("a<tdx>b", [], ["a<tdx>b"]),
        ("<table><tr><td>a&#x110000;&unknown;&lt;td&gt;</td></tr></table>", [[["a\ufffd&unknown;<td>"]]], []),
    ],
)
def test_broken(
    read_text: Callable[..., Document], text: str, grids: list[list[list[str]]], blocks: list[str]
) -> None:
    got = read_text(text)
    assert [texts(g) for g in got.grids] == grids
    assert [b.text for b in got.blocks] == blocks


def test_no_entity_of_ones_own_and_nothing_from_outside(read_text: Callable[..., Document]) -> None:
    got = read_text(
        '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
        "<html><table><tr><td>&a;&x;</td></tr></table></html>",
        "a.html",
    )
    assert texts(got.grids[0]) == [["&a;&x;"]]


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "big5", "utf-8", "nonsense"])
def test_charset(declared: str) -> None:
    codec = {"nonsense": "gb18030"}.get(declared, declared)
    html = f'<html><head><meta charset="{declared}"></head><table><tr><td>金</td></tr></table></html>'
    got = read(SourceFile.from_bytes(html.encode(codec), "a.html"))
    assert texts(got.grids[0]) == [["金"]]


@st.composite
def tilings(draw: st.DrawFn) -> tuple[int, int, list[tuple[int, int, int, int]]]:
    """A grid wholly covered by rectangles, as (row, col, rows, cols) in reading order."""
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    free = {(r, c) for r in range(height) for c in range(width)}
    tiles = []
    for r in range(height):
        for c in range(width):
            if (r, c) not in free:
                continue
            cols = draw(
                st.integers(1, next((k for k in range(1, width - c) if (r, c + k) not in free), width - c))
            )
            rows = draw(st.integers(1, height - r))
            while any((r + i, c + j) not in free for i in range(rows) for j in range(cols)):
                rows -= 1
            free -= {(r + i, c + j) for i in range(rows) for j in range(cols)}
            tiles.append((r, c, rows, cols))
    return height, width, tiles


@given(tilings(), st.booleans(), st.booleans())
def test_any_table_with_spans_keeps_its_occupancy(
    tiling: tuple[int, int, list[tuple[int, int, int, int]]], ends: bool, page: bool
) -> None:
    height, width, tiles = tiling
    rows = []
    for r in range(height):
        cells = (
            f'<td rowspan="{t[2]}" colspan={t[3]}>{escape(str(t))}{"</td>" if ends else ""}'
            for t in tiles
            if t[0] == r
        )
        rows.append(f"<tr>{''.join(cells)}{'</tr>' if ends else ''}")
    html = f"{'<html><head>' if page else '题'}\n<table>{''.join(rows)}</table>"
    (grid,) = read(SourceFile.from_bytes(html.encode(), "a")).grids
    assert [(c.row, c.col, c.row_span, c.col_span) for c in grid.cells] == tiles
    assert [c.text for c in grid.cells] == [str(t) for t in tiles]
    assert (grid.rows, grid.cols) == (height, width)
