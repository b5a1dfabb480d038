"""Excel: contents, one sheet a table under Chinese and technical headings, evidence links, dictionary."""

from __future__ import annotations

from pathlib import Path

from pipeline.exports.published import room, whole
from pipeline.exports.registry import Format
from pipeline.exports.workbook.places import LIMIT

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}


def write(clean: Path, out: Path, limit: int = LIMIT) -> list[str]:
    """Write the workbook ``out``; a table of more than ``limit`` rows goes into numbered sheets.

    The same publish gives the same bytes with one version of the writing library.
    """
    import xlsxwriter

    from pipeline.exports.workbook.build import Workbook

    room(out)
    with whole(out) as writing:
        book = xlsxwriter.Workbook(str(writing), _OPTIONS)
        book.use_zip64()
        notices = Workbook(book, clean, limit).build()
        book.close()
    return notices


XLSX = Format("xlsx", "one Excel workbook, a sheet a table", "data/export/jixiao.xlsx", write, "xlsxwriter")
