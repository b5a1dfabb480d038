from __future__ import annotations

import io
import zipfile

import pytest

from extractors import read
from extractors.errors import Damaged, Unsupported
from extractors.grid import Document
from extractors.source import Limits, SourceFile

_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(
    *sheets: str, names: str = "", extra: dict[str, str] | None = None, attrs: str = ""
) -> SourceFile:
    """A workbook of sheets given as the inner XML of their worksheet element."""
    out = io.BytesIO()
    listed = "".join(
        f'<sheet name="表{n}" sheetId="{n}" r:id="r{n}" {attrs}/>' for n in range(1, len(sheets) + 1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Target="worksheets/s{n}.xml"/>' for n in range(1, len(sheets) + 1)
    )
    links += '<Relationship Id="rs" Target="sharedStrings.xml"/><Relationship Id="rx" Target="styles.xml"/>'
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_NS}" xmlns:r="{_R}">{names}<sheets>{listed}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_RELS}">{links}</Relationships>'
        )
        archive.writestr(
            "xl/sharedStrings.xml",
            f'<sst xmlns="{_NS}"><si><t>甲</t><rPh sb="0" eb="1"><t>jia</t></rPh></si><si><r><t>10</t></r><r><rPr>'
            '<vertAlign val="superscript"/></rPr><t>4</t></r></si></sst>',
        )
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{_NS}"><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/></cellXfs></styleSheet>',
        )
        for number, inner in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/s{number}.xml", f'<worksheet xmlns="{_NS}">{inner}</worksheet>')
        for name, text in (extra or {}).items():
            archive.writestr(name, text)
    return SourceFile.from_bytes(out.getvalue(), "a.xlsx")


def texts(document: Document) -> list[list[tuple[str, str | None]]]:
    return [[(c.text, c.at.ref) for c in grid.cells if c.text] for grid in document.grids]


def cell(ref: str, value: str, attrs: str = "") -> str:
    return f'<c r="{ref}" {attrs}><v>{value}</v></c>'


def test_kinds_of_cells() -> None:
    row = (
        cell("A1", "0", 't="s"') + cell("B1", "1", 't="s"') + cell("C1", "0.5", 's="1"') + cell("D1", "1", 't="b"')
        + cell("E1", "#DIV/0!", 't="e"') + '<c r="F1" t="str"><f>A1</f><v>=乙</v></c>' + cell("G1", "00123", 't="str"')
        + '<c r="H1" t="inlineStr"><is><t>行_x000D_&#10;二</t></is></c>'
    )  # fmt: skip
    got = read(workbook(f'<sheetData><row r="1">{row}</row></sheetData>'))
    assert [text for text, _ in texts(got)[0]] == [
        "甲",
        "10⁴",
        "50%",
        "TRUE",
        "#DIV/0!",
        "=乙",
        "00123",
        "行\n二",
    ]
    assert got.grids[0].cells[0].at.sheet == "表1"


def test_cells_without_addresses_follow_each_other() -> None:
    got = read(
        workbook("<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>")
    )
    assert texts(got) == [[("1", "A1"), ("2", "B1"), ("3", "A2")]]


def test_merged_ranges_and_what_they_cover() -> None:
    rows = f'<row r="1">{cell("A1", "1")}{cell("B1", "2")}{cell("C1", "3")}</row><row r="2">{cell("C2", "4")}</row>'
    got = read(workbook(f'<sheetData>{rows}</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>'))
    (grid,) = got.grids
    assert [(c.text, c.row, c.col, c.row_span, c.col_span) for c in grid.cells] == [
        ("1", 0, 0, 2, 2), ("3", 0, 2, 1, 1), ("4", 1, 2, 1, 1),
    ]  # fmt: skip
    assert [(d.code, d.data["where"]) for d in got.doubts] == [("covered_text", "B1")]


def test_hidden_is_kept_and_marked() -> None:
    cols = '<cols><col min="2" max="2" hidden="1"/></cols>'
    rows = f'<row r="1">{cell("A1", "1")}{cell("B1", "2")}</row><row r="2" hidden="1">{cell("A2", "3")}</row>'
    got = read(workbook(f"{cols}<sheetData>{rows}</sheetData>"))
    assert texts(got) == [[("1", "A1"), ("2", "B1"), ("3", "A2")]]
    (doubt,) = got.doubts
    assert (doubt.code, doubt.data["count"], doubt.data["what"]) == ("hidden_cells", "2", "rows cols")
    assert {c.text for c in got.grids[0].cells if c.id in doubt.cell_ids} == {"2", "3"}


def test_a_hidden_sheet_is_kept_and_marked() -> None:
    got = read(
        workbook(f'<sheetData><row r="1">{cell("A1", "1")}</row></sheetData>', attrs='state="veryHidden"')
    )
    assert [d.data["what"] for d in got.doubts] == ["sheet"]


def test_a_formula_without_a_value_is_doubted_not_calculated() -> None:
    got = read(
        workbook(f'<sheetData><row r="1">{cell("A1", "1")}<c r="B1"><f>A1*2</f></c></row></sheetData>')
    )
    assert [(d.code, d.data["where"]) for d in got.doubts] == [("no_cached_value", "B1")]
    assert [c.text for c in got.grids[0].cells] == ["1", ""]


def test_tables_far_apart_are_grids_of_their_own() -> None:
    rows = f'<row r="1">{cell("A1", "1")}</row><row r="3">{cell("A3", "2")}</row><row r="9">{cell("C9", "3")}</row>'
    got = read(workbook(f"<sheetData>{rows}</sheetData>"))
    assert texts(got) == [[("1", "A1"), ("2", "A3")], [("3", "C9")]]
    assert [(g.rows, g.cols) for g in got.grids] == [(3, 1), (1, 1)]


def test_a_stray_cell_at_the_far_corner_costs_nothing() -> None:
    rows = f'<row r="1">{cell("A1", "1")}</row><row r="2">{cell("XFD2", "2")}</row><row r="400">{cell("B400", "3")}</row>'
    whole = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    assert sum(len(grid.cells) for grid in read(workbook(f"<sheetData>{rows}</sheetData>")).grids) < 40_000
    got = read(workbook(f'<sheetData><row r="1">{cell("A1", "1")}</row></sheetData>{whole}'))
    assert (got.grids[0].rows, got.grids[0].cols) == (1, 1)


def test_the_limit_of_cells_holds() -> None:
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", "1")}</row>' for n in range(1, 30))
    source = workbook(f"<sheetData>{rows}</sheetData>")
    with pytest.raises(Exception, match="more than 20 cells"):
        read(source, limits=Limits(max_cells=20))


def test_a_missing_text_and_a_binary_workbook_are_told() -> None:
    with pytest.raises(Damaged, match="missing"):
        read(workbook('<sheetData><row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData>'))
    with pytest.raises(Unsupported, match="xlsb"):
        read(workbook("", extra={"xl/workbook.bin": ""}))


def test_an_empty_text_is_a_saved_value_and_an_empty_number_is_none() -> None:
    row = (
        cell("A1", "1") + '<c r="B1" t="str"><f>IF(A1&gt;0,"","x")</f><v></v></c><c r="C1"><f>A1*2</f><v></v></c>'
        '<c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    )  # fmt: skip
    got = read(workbook(f'<sheetData><row r="1">{row}</row></sheetData>'))
    assert [(d.code, d.data["where"]) for d in got.doubts] == [("no_cached_value", "C1")]
    assert [c.text for c in got.grids[0].cells] == ["1", "", "", "#DIV/0!"]


def test_moments_written_out_are_shown_as_dates() -> None:
    row = (
        cell("A1", "2024-03-01T00:00:00.000", 't="d"')
        + cell("B1", "kein", 't="d"')
        + cell("C1", "2024-03-01", 't="d" s="1"')
    )
    got = read(workbook(f'<sheetData><row r="1">{row}</row></sheetData>'))
    assert [c.text for c in got.grids[0].cells] == ["2024/3/1", "kein", "4535200%"]


def test_overlapping_merges_phonetic_guides_and_outside_links() -> None:
    first = cell("A1", "0", 't="s"')
    rows = f'<row r="1">{first}{cell("B1", "2")}</row><row r="2">{cell("A2", "3")}{cell("C2", "4")}</row>'
    merges = '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="B2:C3"/></mergeCells><hyperlinks><hyperlink ref="A1"/></hyperlinks>'
    got = read(
        workbook(
            f"<sheetData>{rows}</sheetData>{merges}", extra={"xl/externalLinks/externalLink1.xml": "<x/>"}
        )
    )
    assert [(c.text, c.row_span, c.col_span) for c in got.grids[0].cells] == [
        ("甲", 2, 2),
        ("", 1, 1),
        ("4", 1, 1),
    ]
    assert [(d.code, d.data["where"]) for d in got.doubts] == [("covered_text", "B1 A2")]
