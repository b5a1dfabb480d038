"""CSV: one file a table, UTF-8 with the mark that Excel looks for, nulls and empty texts kept apart.

Text is quoted, numbers are not, null is nothing between two commas. A spreadsheet would run a text
that begins with ``= + - @`` as a formula, so such a text gets one apostrophe before it. The rule can
be turned round without loss (:func:`unguarded`): an apostrophe is put before every text that, after
any apostrophes of its own, begins with such a sign, and taken from exactly those.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pipeline.exports.published import clear_numbered, printed, rows, whole
from pipeline.exports.registry import Format
from pipeline.schema import TABLES, Table, Type

LIMIT = 1_048_575  # rows below the heading that one Excel sheet can show
_RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """The text as it stands in the file: safe to open in a spreadsheet.

    >>> guarded("=1+1"), guarded("'-5%"), guarded("95%")
    ("'=1+1", "''-5%", '95%')
    """
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(text: str) -> str:
    """The text as printed in the source, from what :func:`guarded` made of it.

    >>> [unguarded(guarded(t)) for t in ("=1+1", "'-5%", "'quoted'")]
    ['=1+1', "'-5%", "'quoted'"]
    """
    return text[1:] if _GUARDED.match(text) else text


def _quoted(text: str) -> str:
    return '"' + guarded(text).replace('"', '""') + '"'


def _field(kind: Type, value: Any) -> str:
    if value is None:
        return ""
    if kind is Type.TEXT:
        return _quoted(value)
    if kind is Type.TEXTS:
        return _quoted(json.dumps(value, ensure_ascii=False))
    return printed(value, money=kind is Type.MONEY)


def _lines(table: Table, found: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    kinds = [c.type for c in table.columns]
    for row in found:
        yield ",".join(map(_field, kinds, row)) + "\r\n"


def _split(table: Table, lines: Iterator[str], limit: int) -> Iterator[tuple[str, Iterator[str]]]:
    """The files of a table: ``forms.csv``, or ``cells-1.csv``, ``cells-2.csv`` … when it is too long."""
    waiting = list(islice(lines, limit + 1))
    if len(waiting) <= limit:
        yield f"{table.name}.csv", iter(waiting)
        return
    number = 0
    while waiting:
        number += 1
        yield f"{table.name}-{number}.csv", iter(waiting[:limit])
        waiting = [*waiting[limit:], *islice(lines, limit + 1 - len(waiting[limit:]))]


def _file(path: Path, lines: Iterable[str]) -> None:
    with whole(path) as writing, writing.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.writelines(lines)


def _columns() -> Iterator[str]:
    yield "table,column,title,type,unit,meaning\r\n"
    for table in TABLES.values():
        for c in table.columns:
            texts = (table.name, c.name, c.zh, c.type.value, c.unit or "", c.en)
            yield ",".join(map(_quoted, texts)) + "\r\n"


def write(clean: Path, out: Path, limit: int = LIMIT) -> list[str]:
    """Write the folder ``out``; a table of more than ``limit`` rows goes into numbered files."""
    out.mkdir(parents=True, exist_ok=True)
    written, notices = {"columns.csv"}, []
    for table in TABLES.values():
        head = ",".join(c.name for c in table.columns) + "\r\n"
        names = []
        for name, lines in _split(table, _lines(table, rows(clean, table)), limit):
            _file(out / name, chain((head,), lines))
            names.append(name)
        written.update(names)
        if len(names) > 1:
            notices.append(f"{table.name}: more than {limit} rows, split into {', '.join(names)}")
    _file(out / "columns.csv", _columns())
    clear_numbered(out, "csv", written)
    return notices


CSV = Format("csv", "one CSV file a table (UTF-8, opens in Excel)", "data/export/csv", write)
