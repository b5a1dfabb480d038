"""The Excel file read from its XML: text stays text, links lead to their rows, headings and splits."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from pipeline.exports.formats import xlsx
from pipeline.exports.workbook.sheet import Heading, width
from pipeline.schema import TABLES, Type

from ..conftest import FORM, Place

pytest.importorskip("xlsxwriter")
NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Book:
    """A workbook as its sheets' XML, by sheet name."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            book = etree.fromstring(archive.read("xl/workbook.xml"))
            rels = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
            files = {r.get("Id"): r.get("Target") for r in rels}
            self.sheets = {
                s.get("name"): etree.fromstring(archive.read(f"xl/{files[s.get(REL)]}"))
                for s in book.iterfind(".//m:sheet", NS)
            }

    def cell(self, sheet: str, ref: str) -> Any:
        return self.sheets[sheet].find(f".//m:c[@r='{ref}']", NS)

    def texts(self, sheet: str) -> list[str]:
        return ["".join(i.itertext()) for i in self.sheets[sheet].iterfind(".//m:is", NS)]

    def text(self, sheet: str, ref: str) -> str:
        return "".join(self.cell(sheet, ref).itertext())


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    base = tmp_path_factory.mktemp("workbook")
    place = Place(base / "raw", base / "clean", base / "work")
    form = (
        FORM.replace("明显改善", "=1+1")
        .replace("河道清淤经费", "@SUM(1)")
        .replace("清理河道。", "https://x.example/")
    )
    place.write("2024/a.txt", form.replace("≥90%", "90%"))
    place.run()
    xlsx.write(place.clean, base / "x.xlsx")
    return Book(base / "x.xlsx")


def column(name: str, table: str) -> str:
    at = [c.name for c in TABLES[table].columns].index(name)
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)


def test_sheets_and_headings(book: Book) -> None:
    names = list(book.sheets)
    assert names[:3] == ["目录 contents", "疑点 findings", "疑点证据 finding_evidence"]
    assert names[-1] == "数据字典 dictionary"
    assert {f"{t.zh} {t.name}" for t in TABLES.values()} <= set(names)
    at = column("funding_total_yuan", "forms")
    assert book.text("绩效表 forms", f"{at}1") == "年度资金总额（元）"
    assert book.text("绩效表 forms", f"{at}2") == "funding_total_yuan"


def test_every_sheet_is_frozen_and_filtered(book: Book) -> None:
    for name, sheet in list(book.sheets.items())[1:]:
        assert sheet.find(".//m:pane[@ySplit='2']", NS) is not None, name
        assert sheet.find(".//m:autoFilter", NS).get("ref").startswith("A2:"), name


def test_text_stays_text(book: Book) -> None:
    assert not [n for n, s in book.sheets.items() if s.find(".//m:f", NS) is not None]
    assert "=1+1" in book.texts("指标 indicators")
    assert "@SUM(1)" in book.texts("绩效表 forms")
    assert "https://x.example/" in book.texts("绩效表 forms")
    assert book.sheets["绩效表 forms"].find(".//m:hyperlink", NS) is None


def test_money_and_dates_are_numbers(book: Book) -> None:
    money = book.cell("绩效表 forms", f"{column('funding_total_yuan', 'forms')}3")
    day = book.cell("绩效表 forms", f"{column('period_start', 'forms')}3")
    assert money.get("t") is None and money.findtext("m:v", None, NS) == "120000"
    assert day.findtext("m:v", None, NS) == "45292"  # 2024-01-01


def test_evidence_links_lead_to_the_row(book: Book) -> None:
    links = book.sheets["疑点证据 finding_evidence"].findall(".//m:hyperlink", NS)
    assert links
    for link in links:
        sheet, _, ref = link.get("location").rpartition("!")
        wanted = book.text("疑点证据 finding_evidence", link.get("ref"))
        sheet = sheet.strip("'")
        key = {"绩效表 forms": "form_id", "指标 indicators": "indicator_id", "单元格 cells": "cell_id"}[sheet]
        assert book.text(sheet, f"{column(key, sheet.split()[1])}{ref[1:]}") == wanted


def test_a_long_table_is_split_and_says_so(sample: Place, tmp_path: Path) -> None:
    notices = xlsx.write(sample.clean, tmp_path / "x.xlsx", limit=400)
    assert any(("cells" in n and "split" in n) or "3 sheets" in n for n in notices)
    book = Book(tmp_path / "x.xlsx")
    counts = [
        len(book.sheets[n].findall(".//m:row", NS)) - 2
        for n in ("单元格 cells", "单元格 cells (2)", "单元格 cells (3)")
    ]
    assert counts[:2] == [400, 400] and 0 < counts[2] < 400
    assert any("分为3个工作表" in t for t in book.texts("目录 contents"))


def test_more_digits_than_excel_holds(tmp_path: Path) -> None:
    import xlsxwriter

    from pipeline.exports.workbook.sheet import Sheet

    writer = xlsxwriter.Workbook(str(tmp_path / "x.xlsx"), {"constant_memory": True})
    style = writer.add_format()
    sheet = Sheet(
        writer.add_worksheet("s"),
        (Heading("数", "n", Type.NUMBER),),
        dict.fromkeys(("text", "head", "name"), style),
    )
    sheet.open([])
    sheet.add([Decimal("1234567890123456.5")])
    sheet.add([Decimal("0.5")])
    writer.close()
    book = Book(tmp_path / "x.xlsx")
    assert book.text("s", "A3") == "1234567890123456.5" and book.cell("s", "A3").get("t") == "inlineStr"
    assert book.cell("s", "A4").findtext("m:v", None, NS) == "0.5"
    assert sheet.losses.exact == 1


def test_widths_know_chinese() -> None:
    assert width(Heading("标题", "title"), ["中" * 10]) == 22
    assert width(Heading("标题", "title"), ["中" * 500]) == 60
