from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.grid import Document
from extractors.readers import read
from extractors.source import SourceFile

from .conftest import texts


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_delimiters_and_quotes(read_text: Callable[..., Document], delimiter: str) -> None:
    rows = [["项目名称", "备注"], ["督办, 考察; 其他", "一\n二"], ['"引"', "b"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    got = read_text(f"绩效目标表\n{out.getvalue()}\n注：略\n", "a.csv")
    assert [texts(g) for g in got.grids] == [rows]
    assert [c.at.line for c in got.grids[0].cells if c.col == 0] == [2, 3, 5]
    assert [(b.text, b.at.line) for b in got.blocks] == [("绩效目标表", 1), ("注：略", 7)]
    assert got.reader == "delimited/2"


def test_unbalanced_quotes_are_plain_characters(read_text: Callable[..., Document]) -> None:
    got = read_text('规格,数量\n"20英寸,2\n30,3\n', "a.csv")
    assert texts(got.grids[0]) == [["规格", "数量"], ['"20英寸', "2"], ["30", "3"]]
    assert [d.code for d in got.doubts] == ["unbalanced_quotes"]


def test_the_delimiter_named_by_excel(read_text: Callable[..., Document]) -> None:
    got = read_text("sep=;\n甲,乙;丙\n", "a.csv")
    assert texts(got.grids[0]) == [["甲,乙", "丙"]]
    assert got.grids[0].cells[0].at.line == 2


def test_a_dump_called_csv_and_a_table_called_csv(read_text: Callable[..., Document]) -> None:
    assert texts(read_text("甲\t乙\n丙\t丁", "a.csv").grids[0]) == [["甲", "乙"], ["丙", "丁"]]
    got = read_text("题\n<table><tr><td>a,b</table>", "a.csv")
    assert texts(got.grids[0]) == [["a,b"]]
    assert got.reader == "text_dump/2"


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings(codec: str) -> None:
    data = "项目名称,金额\n督办经费,20\n主管部门,永宁县人民政府办公室\n".encode(codec)
    got = read(SourceFile.from_bytes(data, "a.csv"))
    assert texts(got.grids[0])[1] == ["督办经费", "20"]


field = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\x00\ufffd<", exclude_categories=("Cs", "Cc"))
    | st.just("\n"),
    max_size=8,
)


@given(
    st.integers(2, 5).flatmap(
        lambda n: st.lists(st.lists(field, min_size=n, max_size=n), min_size=1, max_size=6)
    )
)
def test_any_grid_written_as_tsv_reads_back(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    (grid,) = read(SourceFile.from_bytes(out.getvalue().encode(), "a.tsv")).grids
    assert texts(grid) == [[text.strip() for text in row] for row in rows]
