"""XML Spreadsheet 2003: shown values, places, hidden parts, hostile and broken twins; pages named .xls."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors import find_forms, read
from extractors.errors import Damaged, Unsupported
from extractors.grid import Document
from extractors.source import SourceFile

OFFICE = Path(__file__).parents[2] / "fixtures" / "office"
SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
STYLES = (
    '<Styles><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style>'
    '<Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style></Styles>'
)


def sheet(rows: str, name: str = "a.xls", head: str = '<?xml version="1.0"?>') -> Document:
    text = (
        f'{head}<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}">{STYLES}'
        f'<Worksheet ss:Name="表1"><Table>{rows}</Table></Worksheet></Workbook>'
    )
    return read(SourceFile.from_bytes(text.encode(), name))


def cell(text: str, kind: str = "String", more: str = "") -> str:
    return f'<Cell {more}><Data ss:Type="{kind}">{text}</Data></Cell>'


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (cell("0.955", "Number", 'ss:StyleID="p"'), "95.50%"),
        (cell("1200", "Number"), "1200"),
        (cell("2024-03-05T00:00:00.000", "DateTime", 'ss:StyleID="d"'), "2024/3/5"),
        (cell("1", "Boolean"), "TRUE"),
        (cell("=1+1"), "=1+1"),
        (cell("3", "Number", 'ss:Formula="=RC[-1]+1"'), "3"),
    ],
)
def test_values_as_displayed(made: str, shown: str) -> None:
    assert [c.text for c in sheet(f"<Row>{made}</Row>").grids[0].cells] == [shown]


def test_places_and_merges() -> None:
    rows = f'<Row ss:Index="2">{cell("甲", more=chr(115) + "s:MergeDown=" + chr(34) + "1" + chr(34))}{cell("乙")}</Row>'
    rows += f"<Row>{cell('丙', more=chr(115) + 's:Index=' + chr(34) + '2' + chr(34))}</Row>"
    cells = {c.at.ref: (c.text, c.row_span) for c in sheet(rows).grids[0].cells}
    assert cells == {"A2": ("甲", 2), "B2": ("乙", 1), "B3": ("丙", 1)}


def test_hidden_rows_are_marked() -> None:
    document = sheet(f'<Row ss:Hidden="1">{cell("藏")}</Row><Row>{cell("显")}</Row>', "a.xml")
    assert [d.code for d in document.doubts] == ["hidden_cells"]


def test_an_entity_is_refused() -> None:
    with pytest.raises(Damaged):
        sheet(cell("a"), head='<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')


def test_a_page_named_xls_is_read() -> None:
    data = (OFFICE / "form.html").read_bytes()
    (form,) = find_forms(read(SourceFile.from_bytes(data, "form.xls"))).forms
    assert form.fields["project_name"].text == "原州区电子政务外网网络服务费"


def test_rich_text_is_refused_with_advice() -> None:
    with pytest.raises(Unsupported, match="docx"):
        read(SourceFile.from_bytes(b"{\\rtf1 a}", "a.rtf"))


def test_formulas_without_a_value_and_raised_digits() -> None:
    nothing = cell("", "String", 'ss:Formula="=T(0)"')
    got = sheet(
        f'<Row>{cell("1", "Number")}<Cell ss:Formula="=RC[-1]*2"/>{nothing}'
        '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">10<Sup>4</Sup>m<Sup>2</Sup></ss:Data></Cell></Row>'
    )
    assert [c.text for c in got.grids[0].cells] == ["1", "", "", "10⁴m²"]
    assert [d.data["where"] for d in got.doubts if d.code == "no_cached_value"] == ["B1"]
