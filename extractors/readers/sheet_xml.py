"""XML Spreadsheet 2003 (SpreadsheetML): every sheet a grid, cells as displayed; many .xls of web systems are such."""

from __future__ import annotations

from typing import Any

from extractors.errors import Damaged, TooLarge
from extractors.grid import Document
from extractors.parts import attribute, local, xml_of
from extractors.readers.cells import Builder
from extractors.sheets.format_code import known
from extractors.sheets.shown import shown, shown_moment, shown_text
from extractors.sheets.strings import raised
from extractors.sheets.table import Sheet, add_sheet
from extractors.sniff import XML
from extractors.source import SourceFile

_SPACE = b"urn:schemas-microsoft-com:office:spreadsheet"
_ROWS, _COLS = 1_048_576, 16_384


class SheetXml:
    """Reads SpreadsheetML 2003; formulas are left alone, their saved values are read."""

    name = "sheet_xml"
    version = "2"
    media_types = frozenset({XML})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: the root names the format."""
        return 0.9 if _SPACE in source.data[:8192] else 0.0

    def read(self, source: SourceFile) -> Document:
        """All sheets in their order. Raises Damaged, TooLarge and Empty."""
        root = xml_of(source.data.lstrip(), source.name)
        if local(root) != "Workbook":
            raise Damaged(f"{source.name}: the root of an XML spreadsheet is Workbook")
        builder = Builder(source, f"{self.name}/{self.version}")
        codes = _codes(root)
        for element in root.iterchildren():
            if local(element) == "Worksheet":
                add_sheet(builder, _sheet(builder, element, codes))
        return builder.document()


def _sheet(builder: Builder, element: Any, codes: dict[str, str]) -> Sheet:
    states = [e.text or "" for e in element.iter() if local(e) == "Visible"]
    state = {"SheetHidden": "hidden", "SheetVeryHidden": "veryHidden"}.get(states[0] if states else "", "")
    sheet = Sheet(attribute(element, "Name"), state=state)
    row, col = -1, -1
    for item in (child for table in element if local(table) == "Table" for child in table):
        if local(item) == "Row":
            row = _index(item, row, _ROWS)
            _row(builder, sheet, item, row, codes)
            row += _count(item, "Span", _ROWS)
        elif local(item) == "Column":
            col = _index(item, col, _COLS)
            last = col + _count(item, "Span", _COLS)
            if attribute(item, "Hidden") == "1":
                sheet.hidden_cols.append((col, last))
            col = last
    return sheet


def _row(builder: Builder, sheet: Sheet, item: Any, row: int, codes: dict[str, str]) -> None:
    if row >= _ROWS:
        raise TooLarge(f"{builder.source.name}: a row beyond {_ROWS}")
    if attribute(item, "Hidden") == "1":
        sheet.hidden_rows.add(row)
    cells: dict[int, str] = {}
    col = -1
    for cell in (child for child in item if local(child) == "Cell"):
        col = _index(cell, col, _COLS)
        across, down = _count(cell, "MergeAcross", _COLS), _count(cell, "MergeDown", _ROWS)
        if across or down:
            sheet.merges.append((row, col, row + down, col + across))
        text = _text(cell, codes.get(attribute(cell, "StyleID"), "General"))
        if not text and attribute(cell, "Formula") and not _is_text(cell):
            sheet.uncached.append((row, col))
            cells[col] = ""
        elif text.strip():
            cells[col] = text
        col += across
    builder.check_area(len(cells))
    if cells:
        sheet.rows.append((row, sorted(cells.items())))


def _is_text(cell: Any) -> bool:
    """Whether a text, be it an empty one, was saved as the value of a formula."""
    return any(local(child) == "Data" and attribute(child, "Type") == "String" for child in cell)


def _said(element: Any) -> str:
    """The text of an element, digits in ``Sup`` raised (10⁴ must not turn into 104)."""
    inner = "".join(_said(child) + (child.tail or "") for child in element)
    text = (element.text or "") + inner
    return raised(text) if local(element).lower() == "sup" else text


def _text(cell: Any, code: str) -> str:
    data = next((child for child in cell if local(child) == "Data"), None)
    if data is None:
        return ""
    text = _said(data)
    kind = attribute(data, "Type", "String")
    if kind == "Number":
        return shown(text, code) or shown(text)
    if kind == "DateTime":
        return shown_moment(text, code)
    if kind == "Boolean":
        return "TRUE" if text.strip() == "1" else "FALSE"
    return shown_text(text, code)


def _index(item: Any, before: int, limit: int) -> int:
    """The 0-based number of a row, column or cell: its own, or the next one."""
    own = attribute(item, "Index")
    at = int(own) - 1 if own.isascii() and own.isdigit() and 0 < len(own) < 9 else before + 1
    return min(max(at, before + 1), limit)


def _count(item: Any, name: str, limit: int) -> int:
    text = attribute(item, name)
    return min(int(text), limit) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _codes(root: Any) -> dict[str, str]:
    """The format code of every style by its id; the names that the format knows are written out."""
    own: dict[str, str] = {}
    for style in (e for e in root.iter() if local(e) == "Style"):
        for part in style:
            if local(part) == "NumberFormat":
                code = attribute(part, "Format", "General")
                own[attribute(style, "ID")] = known().named.get(code, code)
    return own


READER = SheetXml()
