from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import read
from extractors.errors import Empty
from extractors.grid import Document, Grid, TextBlock
from extractors.readers import read as read_source
from extractors.source import SourceFile

from .conftest import FIXTURES, texts

RAW = Path(__file__).parents[3] / "data" / "raw"


def test_a_dump_with_text_around() -> None:
    got = read(FIXTURES / "mixed.txt")
    assert [b.text for b in got.blocks] == ["原州区部门项目支出绩效目标申报表", "(2024年度)", "填表说明"]
    assert [b.at.line for b in got.blocks] == [1, 2, 9]
    (grid,) = got.grids
    assert texts(grid) == [
        ["项目名称", "", "政府机关运行费", ""],
        ["其中: 财政拨款", "<p>本项目。</p> <p>目标2。</p>", r"$\geq 95\%$"],
        ["", "", "", "", ""],
        ["满意度指标", "服务对象满意度指标", "≥90%"],
    ]
    assert [cell.at.line for cell in grid.cells if cell.col == 0] == [4, 5, 6, 7]
    assert (grid.rows, grid.cols) == (4, 5)
    assert (got.reader, got.media_type, got.encoding) == ("text_dump/2", "text/plain", "utf-8")


@pytest.mark.parametrize("path", sorted(RAW.rglob("*.txt")), ids=lambda p: p.stem)
def test_the_sample_archive_loses_nothing(path: Path) -> None:
    got = read(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    wanted = [
        (no, part.strip()) for no, line in enumerate(lines, 1) for part in line.split("\t") if part.strip()
    ]
    found: list[tuple[int | None, str]] = []
    for item in got.items:
        if isinstance(item, TextBlock):
            found.append((item.at.line, item.text))
        else:
            found += [(cell.at.line, cell.text) for cell in item.cells if cell.text]
    assert found == wanted
    ids = [c.id for g in got.grids for c in g.cells] + [b.id for b in got.blocks]
    assert len(set(ids)) == len(ids)


def test_a_blank_line_ends_a_grid_and_an_empty_row_does_not(read_text: Callable[..., Document]) -> None:
    assert [g.rows for g in read_text("a\tb\n\t\nc\td\n\ne\tf").grids] == [3, 1]


def test_line_ends_and_form_feeds(read_text: Callable[..., Document]) -> None:
    got = read_text("题\r\na\tb\r\x0cc\td\ne\u2028f\tg")
    assert [texts(g) for g in got.grids] == [[["a", "b"], ["c", "d"], ["e\u2028f", "g"]]]
    assert [c.at.line for c in got.grids[0].cells] == [2, 2, 3, 3, 4, 4]


def test_same_bytes_same_ids_and_other_bytes_other_ids(read_text: Callable[..., Document]) -> None:
    first, again, other = read_text("a\tb"), read_text("a\tb", "y.txt"), read_text("a\tc")
    assert first.grids == again.grids
    assert first.grids[0].cells[0].id != other.grids[0].cells[0].id


def test_white_space_alone_is_empty(read_text: Callable[..., Document]) -> None:
    for blank in ("\n\n", " \t \n", "\u3000\r\n", "\ufeff"):
        with pytest.raises(Empty):
            read_text(blank)


def test_a_sign_is_no_tag_and_a_blank_gap_no_table(read_text: Callable[..., Document]) -> None:
    got = read_text("丢包率<0.3%且<tt5\n填表人：张三    电话：1\n| 一 |\n甲 | 乙\n")
    assert got.grids == ()
    assert [b.text for b in got.blocks] == [
        "丢包率<0.3%且<tt5",
        "填表人：张三    电话：1",
        "| 一 |",
        "甲 | 乙",
    ]


cell_text = st.text(
    st.characters(codec="utf-8", exclude_characters="\t\r\n\x00\ufffd|+<", exclude_categories=("Cs", "Cc")),
    max_size=12,
)


@given(
    st.integers(2, 6).flatmap(
        lambda n: st.lists(st.lists(cell_text, min_size=n, max_size=n), min_size=1, max_size=8)
    )
)
def test_any_grid_written_with_tabs_reads_back(rows: list[list[str]]) -> None:
    data = "\n".join(["标题", *("\t".join(row) for row in rows)]).encode()
    (grid,) = read_source(SourceFile.from_bytes(data, "x.txt")).grids
    assert isinstance(grid, Grid)
    assert texts(grid) == [[text.strip() for text in row] for row in rows]
    assert [c.at.line for c in grid.cells if c.col == 0] == list(range(2, len(rows) + 2))
