from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractors.errors import ExtractionError
from extractors.grid import Document
from extractors.readers import read
from extractors.source import Limits, SourceFile

from .conftest import texts

SMALL = Limits(max_bytes=1_000_000, max_line=1000, max_cells=500, max_cols=50, max_nesting=5)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\t\n", "a.txt", "empty"),
        (b"<html><body></body></html>", "a.html", "empty"),
        (b"\x00" * 5000, "a.txt", "binary"),
        (random.Random(1).randbytes(5000), "a.txt", "binary"),
        (b"x" * 1001, "a.txt", "too_large"),
        (b"x" * 1_000_001, "a.txt", "too_large"),
        (b"a\tb\n" * 300, "a.txt", "too_large"),
        (b"a\n" * 600, "a.txt", "too_large"),
        (b"\ta" * 60, "a.txt", "too_large"),
        (b"," * 60 + b"x", "a.csv", "too_large"),
        (b"," * 1001, "a.csv", "too_large"),
        (b"a,b\n" * 300, "a.csv", "too_large"),
        (b'a,b\n"' + b"x\n" * 900 + b'",c\n', "a.csv", "too_large"),
        (b"<table>" + b"<tr><td>" * 600, "a.txt", "too_large"),
        (b"<table>" + b"<tr><td colspan=40>" * 20, "a.txt", "too_large"),
        (b"<html>" + b"<table><tr><td>" * 6 + b"x", "a.html", "too_large"),
        (b"\x89PNG\r\n\x1a\n1234", "a.txt", "damaged"),
    ],
)
def test_refused_with_a_reason(data: bytes, name: str, code: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        read(SourceFile.from_bytes(data, name, limits=SMALL))
    assert caught.value.reason_code == code
    assert str(caught.value).startswith(f"{name}: ")


@pytest.mark.parametrize(
    "data",
    [
        b"<div>" * 10_000 + b"x",
        b'<a "' * 20_000,
        b"<td a='" * 20_000,
        b"<" * 50_000 + b"x",
        b"<!--" * 20_000,
        b"<!-- -->" * 20_000 + b"x",
        b" " * 60_000 + b"x",
        b"&" * 50_000,
        b"<b>" * 20_000 + b"x",
        b"x<b>" * 50_000,
        b"<p>x" + b"<p>" * 50_000 + b"y",
        b"<td>" + b" " * 200_000 + b"\nx",
        b"<td rowspan" + b" " * 200_000 + b">x",
        b"<p>" + b"\xe3\x80\x80 " * 50_000 + b"x",
    ],
    ids=range(14),
)
def test_long_nonsense_ends(data: bytes) -> None:
    limits = Limits(max_line=1_000_000)
    for name in ("a.html", "a.txt"):
        assert read(SourceFile.from_bytes(b"<html>" + data, name, limits=limits)).items


def test_a_huge_rowspan_is_cut_to_the_table(read_text: Callable[..., Document]) -> None:
    got = read_text("<table><tr><td rowspan=1000000>a<td colspan=1000000>b<tr><td>c</table>")
    assert [(c.row_span, c.col_span) for c in got.grids[0].cells] == [(2, 1), (1, 1), (1, 1)]
    assert [d.code for d in got.doubts] == ["span_clamped"]


def test_control_characters_and_nul_are_kept_or_marked(read_text: Callable[..., Document]) -> None:
    got = read_text("项目\x01名称\t金\x00额\n" + "督办经费\t20万元\n" * 9)
    assert texts(got.grids[0])[0] == ["项目\x01名称", "金\ufffd额"]
    assert [d.code for d in got.doubts] == ["damaged_bytes"]


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.csv", "a.tsv", "a.md", "a.html", "a"]))
def test_any_bytes_give_a_document_or_a_reason(data: bytes, name: str) -> None:
    try:
        read(SourceFile.from_bytes(data, name))
    except ExtractionError as error:
        assert error.reason_code


pieces = st.sampled_from(
    [
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td rowspan=2>",
        "<td colspan=3>",
        "<td>",
        "</td>",
        "\n",
        "\t",
        "|",
        "-",
        "甲",
        "乙 ",
        "<p>",
        "<br>",
        "```",
        "# ",
        "│",
        "──",
        "  ",
        "<!--",
        "-->",
        "<script>",
        "&lt;",
        "\x0c",
        '"',
        ",",
    ]
)


@example(["```", "甲", "<table>", "<td rowspan=2>"], "a.txt")
@given(st.lists(pieces, max_size=60), st.sampled_from(["a.txt", "a.csv", "a.md", "a.html"]))
def test_any_soup_keeps_its_words_in_cells_that_never_overlap(parts: list[str], name: str) -> None:
    soup = "".join(parts)
    try:
        got = read(SourceFile.from_bytes(soup.encode(), name))
    except ExtractionError:
        return
    for grid in got.grids:
        seen: set[tuple[int, int]] = set()
        for cell in grid.cells:
            area = {(cell.row + r, cell.col + c) for r in range(cell.row_span) for c in range(cell.col_span)}
            assert not area & seen
            assert all(r < grid.rows and c < grid.cols for r, c in area)
            seen |= area
    if "<!--" not in soup and "<script>" not in soup:
        everything = "".join(b.text for b in got.blocks) + "".join(c.text for g in got.grids for c in g.cells)
        assert everything.count("甲") == soup.count("甲")
        assert everything.count("乙") == soup.count("乙")
