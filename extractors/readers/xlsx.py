"""Excel workbooks (.xlsx, .xlsm): every sheet a grid, every cell as displayed; nothing is calculated or run."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

from extractors.errors import Damaged, Unsupported
from extractors.grid import Document
from extractors.parts import Package, attribute, local
from extractors.readers.cells import Builder
from extractors.sheets.format_code import known
from extractors.sheets.shown import shown, shown_moment, shown_text
from extractors.sheets.strings import rich_text, unescaped
from extractors.sheets.table import Sheet, add_sheet, merged, place
from extractors.sniff import XLSX
from extractors.source import SourceFile

_shown = lru_cache(1 << 16)(shown)


@lru_cache(1 << 15)
def _column(letters: str) -> int | None:
    spot = place(f"{letters}1")
    return spot[1] if spot else None


class Xlsx:
    """Reads Office Open XML workbooks part by part, rows one at a time."""

    name = "xlsx"
    version = "2"
    media_types = frozenset({XLSX})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: the content said it is a workbook."""
        return 0.9 if source.data else 0.0

    def read(self, source: SourceFile) -> Document:
        """All sheets in their order. Raises Damaged, Encrypted, TooLarge, Empty, Unsupported (.xlsb)."""
        package = Package(source)
        builder = Builder(source, f"{self.name}/{self.version}")
        if "xl/workbook.bin" in package:
            raise Unsupported(f"{source.name}: a binary workbook (.xlsb); save it as .xlsx")
        _Workbook(package, builder).read()
        return builder.document()


class _Workbook:
    def __init__(self, package: Package, builder: Builder) -> None:
        self.package, self.builder = package, builder
        targets = package.related("").values()
        self.part = next((t for t in targets if t.lower().endswith("workbook.xml")), "xl/workbook.xml")
        self.links = package.related(self.part)
        self.strings: list[str] = []
        self.codes: list[str] = []
        self.from_1904 = False

    def read(self) -> None:
        root = self.package.xml(self.part)
        parts = self.links.values()
        if strings := next((p for p in parts if p.lower().endswith("sharedstrings.xml")), ""):
            self.strings = [rich_text(si) for si in self.package.elements(strings, ("si",))]
        if styles := next((p for p in parts if p.lower().endswith("styles.xml")), ""):
            self.codes = _codes(self.package.xml(styles))
        for element in root.iter():
            kind = local(element)
            if kind == "workbookPr":
                self.from_1904 = attribute(element, "date1904") in ("1", "true")
            elif kind == "sheet":
                self._sheet(element)

    def _sheet(self, element: Any) -> None:
        name, part = attribute(element, "name"), self.links.get(attribute(element, "id"), "")
        if "/worksheets/" not in f"/{part}".lower():
            return  # a chart or a dialog: no cells
        if part not in self.package:
            raise Damaged(f"{self.builder.source.name}: the sheet {name} is missing")
        state = attribute(element, "state")
        sheet = Sheet(name, state="" if state == "visible" else state)
        for item in self.package.elements(part, ("row", "mergeCell", "col")):
            kind = local(item)
            if kind == "row":
                self._row(sheet, item)
            elif kind == "mergeCell" and (span := merged(attribute(item, "ref"))):
                sheet.merges.append(span)
            elif kind == "col" and _off(item, "hidden", "width"):
                first, last = attribute(item, "min", "1"), attribute(item, "max", "1")
                sheet.hidden_cols.append((_number(first, 1) - 1, _number(last, 1) - 1))
        add_sheet(self.builder, sheet)

    def _row(self, sheet: Sheet, item: Any) -> None:
        row = _number(item.get("r", ""), (sheet.rows[-1][0] if sheet.rows else -1) + 2) - 1
        if _off(item, "hidden", "ht"):
            sheet.hidden_rows.add(row)
        cells: list[tuple[int, str]] = []
        col = -1
        for cell in item.iterchildren(item.tag[:-3] + "c"):
            found = _column(cell.get("r", "").rstrip("0123456789"))
            col = col + 1 if found is None else found
            text = self._text(sheet, cell, row, col)
            if (text and not text.isspace()) or (sheet.uncached and sheet.uncached[-1] == (row, col)):
                cells.append((col, text))
        if cells:
            if any(a[0] >= b[0] for a, b in pairwise(cells)):
                cells = sorted(dict(cells).items())
            self.builder.check_area(len(cells))
            sheet.rows.append((row, cells))

    def _text(self, sheet: Sheet, cell: Any, row: int, col: int) -> str:
        value, formula = None, False
        for child in cell:
            kind = local(child)
            if kind == "v":  # an empty one is a text of no characters, but no number
                value = child.text or ("" if cell.get("t") == "str" else None)
            elif kind == "f":
                formula = True
            elif kind == "is":
                return shown_text(rich_text(child), self._code(cell))
        if value is None:
            if formula:
                sheet.uncached.append((row, col))
            return ""
        kind = cell.get("t", "n")
        if kind in ("n", ""):
            text = _shown(value, self._code(cell), self.from_1904)
            if not text and value.strip("0.-"):
                sheet.masked.add((row, col))  # ``;;;`` prints nothing; the value is kept and marked
                return shown(value)
            return text
        return self._typed(sheet, cell, kind, value)

    def _typed(self, sheet: Sheet, cell: Any, kind: str, value: str) -> str:
        if kind == "s":
            number = _number(value, -1)
            if not 0 <= number < len(self.strings):
                told = f"a cell of {sheet.name} names text {value[:20]}, which is missing"
                raise Damaged(f"{self.builder.source.name}: {told}")
            return shown_text(self.strings[number], self._code(cell))
        if kind == "b":
            return "TRUE" if value.strip() in ("1", "true") else "FALSE"
        if kind == "d":
            return shown_moment(value, self._code(cell), self.from_1904)
        return value if kind == "e" else shown_text(unescaped(value), self._code(cell))

    def _code(self, cell: Any) -> str:
        style = _number(cell.get("s", "0"), 0)
        return self.codes[style] if style < len(self.codes) else "General"


def _number(text: str, default: int) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _off(item: Any, flag: str, size: str) -> bool:
    return item.get(flag) in ("1", "true") or item.get(size) in ("0", "0.0")


def _codes(root: Any) -> list[str]:
    """The format code of every cell style, by the style's number."""
    own = dict(known().builtin)
    styles: list[str] = []
    for element in root.iter():
        kind = local(element)
        if kind == "numFmt" and local(element.getparent()) == "numFmts":
            own[_number(attribute(element, "numFmtId"), -1)] = attribute(element, "formatCode", "General")
        elif kind == "xf" and local(element.getparent()) == "cellXfs":
            number = _number(attribute(element, "numFmtId", "0"), 0)
            styles.append(own.get(number, "General"))
    return styles


READER = Xlsx()
