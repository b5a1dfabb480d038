"""Excel 97 workbooks (.xls) and WPS ones (.et): every cell as displayed, through xlrd where installed."""

from __future__ import annotations

import io
import struct
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from types import ModuleType
from typing import Any

from extractors.errors import Damaged, Encrypted, ExtractionError
from extractors.grid import Document
from extractors.readers.cells import Builder
from extractors.sheets.format_code import known
from extractors.sheets.shown import shown, shown_text
from extractors.sheets.table import Sheet, add_sheet
from extractors.source import SourceFile

_MEDIA_TYPE = "application/vnd.ms-excel"
_OWN = frozenset({5, 6, 7, 8, 41, 42, 43, 44})  # currency formats, which files spell out themselves
_STATES = {1: "hidden", 2: "veryHidden"}
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5
_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
# What a broken file makes of a parser without guards.
_BREAKS = (
    struct.error,
    AssertionError,
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    AttributeError,
    OSError,
    NotImplementedError,
    MemoryError,
    RecursionError,
)


class Xls:
    """Reads BIFF workbooks; formulas are not calculated, macros not looked at."""

    name = "xls"
    version = "2"
    media_types = frozenset({_MEDIA_TYPE})
    needs = "library xlrd"

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: the content said it is such a workbook."""
        return 0.9 if source.data else 0.0

    def read(self, source: SourceFile) -> Document:
        """All sheets in their order.

        Raises Damaged, Encrypted, TooLarge, Empty, and ``needs_tool`` where xlrd is not installed.
        """
        if find_spec("xlrd") is None:
            raise ExtractionError("needs_tool", f"{source.name}: reading .xls needs the Python package xlrd")
        builder = Builder(source, f"{self.name}/{self.version}")
        for sheet in _sheets(source):
            add_sheet(builder, sheet)
        return builder.document()


def _sheets(source: SourceFile) -> list[Sheet]:
    xlrd = import_module("xlrd")
    try:
        book = xlrd.open_workbook(file_contents=source.data, formatting_info=True, logfile=io.StringIO())
        return [_sheet(xlrd, book, sheet) for sheet in book.sheets()]
    except xlrd.XLRDError as error:
        told = str(error).partition("\n")[0][:120]
        if "encrypt" in told.lower() or "password" in told.lower():
            raise Encrypted(f"{source.name}: the workbook opens only with a password") from error
        raise Damaged(f"{source.name}: the workbook is broken ({told})") from error
    except (xlrd.compdoc.CompDocError, *_BREAKS) as error:
        raise Damaged(f"{source.name}: the workbook is broken ({type(error).__name__})") from error


def _sheet(xlrd: ModuleType, book: Any, sheet: Any) -> Sheet:
    made = Sheet(sheet.name, state=_STATES.get(sheet.visibility, ""))
    made.merges = [(r0, c0, r1 - 1, c1 - 1) for r0, r1, c0, c1 in sheet.merged_cells]
    made.hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
    made.hidden_cols = [(col, col) for col, info in sheet.colinfo_map.items() if info.hidden]
    for row in range(sheet.nrows):
        cells: list[tuple[int, str]] = []
        for col in range(sheet.row_len(row)):
            text = _text(xlrd, book, sheet, row, col)
            code = _code(book, sheet, row, col) if sheet.cell_type(row, col) == _NUMBER else ""
            if not text and code and sheet.cell_value(row, col):
                made.masked.add((row, col))
                text = shown(sheet.cell_value(row, col))
            if text and not text.isspace():
                cells.append((col, text))
        if cells:
            made.rows.append((row, cells))
    return made


def _text(xlrd: ModuleType, book: Any, sheet: Any, row: int, col: int) -> str:
    kind, value = sheet.cell_type(row, col), sheet.cell_value(row, col)
    if kind in (_NUMBER, _DATE):
        return shown(value, _code(book, sheet, row, col), book.datemode == 1)
    if kind == _TEXT:
        text = _raised(book, sheet, row, col, value)
        return shown_text(text, _code(book, sheet, row, col)).replace("\r\n", "\n").replace("\r", "\n")
    if kind == _BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == _ERROR:
        return str(xlrd.error_text_from_code.get(value, f"#{value}"))
    return ""


def _raised(book: Any, sheet: Any, row: int, col: int, text: str) -> str:
    """The text with superscript digits raised (10⁴ must not turn into 104)."""
    runs = sheet.rich_text_runlist_map.get((row, col))
    if not runs:
        return text
    starts = [*runs, (len(text), 0)]
    parts = [text[: starts[0][0]]]
    for (start, font), (end, _) in pairwise(starts):
        piece = text[start:end]
        raised = font < len(book.font_list) and book.font_list[font].escapement == 1
        parts.append(piece.translate(_SUPERSCRIPT) if raised else piece)
    return "".join(parts)


def _code(book: Any, sheet: Any, row: int, col: int) -> str:
    key = book.xf_list[sheet.cell_xf_index(row, col)].format_key
    if key in known().builtin and key not in _OWN:
        return known().builtin[key]
    found = book.format_map.get(key)
    return str(found.format_str) if found is not None else "General"


READER = Xls()
