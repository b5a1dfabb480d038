"""SQLite: one file; exact numbers as text, and beside every table that has any a view with numbers.

SQLite has no decimal type: a DECIMAL column would silently become binary floating point. The table
keeps the digits (``funding.amount_yuan`` = ``'200000.00'``); the view ``funding_num`` has the same
columns as REAL for adding up, exact to about 15 digits. Flags are 0 and 1, days ISO texts, lists
JSON texts. ``_columns`` is the dictionary. The same publish gives the same bytes with one SQLite version.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.exports.published import printed, room, rows, whole
from pipeline.exports.registry import Format
from pipeline.exports.views import views
from pipeline.schema import TABLES, Column, Table, Type

_TYPES = {Type.INTEGER: "INTEGER", Type.REAL: "REAL", Type.FLAG: "INTEGER"}
_EXACT = (Type.MONEY, Type.NUMBER)
_SPREAD = (
    "SELECT n.finding_id, n.form_id, j.value AS cell_id FROM findings n JOIN json_each(n.cell_ids) j ON 1"
)
_JOINED = ("document_id", "form_id", "indicator_id", "cell_id")


def _value(column: Column, value: Any) -> Any:
    if value is None or column.type in (Type.TEXT, Type.INTEGER, Type.REAL):
        return value
    if column.type is Type.TEXTS:
        return json.dumps(value, ensure_ascii=False)
    if column.type is Type.FLAG:
        return int(value)
    return printed(value, money=column.type is Type.MONEY)


def _schema(table: Table) -> Iterator[str]:
    columns = ", ".join(f'"{c.name}" {_TYPES.get(c.type, "TEXT")}' for c in table.columns)
    yield f'CREATE TABLE "{table.name}" ({columns})'
    if any(c.type in _EXACT for c in table.columns):
        shown = ", ".join(
            f'CAST("{c.name}" AS REAL) AS "{c.name}"' if c.type in _EXACT else f'"{c.name}"'
            for c in table.columns
        )
        yield f'CREATE VIEW "{table.name}_num" AS SELECT {shown} FROM "{table.name}"'  # noqa: S608 - our names


def _fill(base: sqlite3.Connection, clean: Path, table: Table) -> None:
    for statement in _schema(table):
        base.execute(statement)
    marks = ", ".join("?" * len(table.columns))
    found = (tuple(map(_value, table.columns, row)) for row in rows(clean, table))
    base.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', found)  # noqa: S608 - our names
    for c in table.columns:
        if c.name in _JOINED:
            base.execute(f'CREATE INDEX "{table.name}_{c.name}" ON "{table.name}" ("{c.name}")')


def _dictionary(base: sqlite3.Connection) -> None:
    base.execute(
        'CREATE TABLE _columns ("table" TEXT, "column" TEXT, title TEXT, type TEXT, unit TEXT, meaning TEXT)'
    )
    found = [(t.name, c.name, c.zh, c.type.value, c.unit, c.en) for t in TABLES.values() for c in t.columns]
    base.executemany("INSERT INTO _columns VALUES (?, ?, ?, ?, ?, ?)", found)


def write(clean: Path, out: Path) -> list[str]:
    """Write the database file ``out``."""
    room(out)
    with whole(out) as writing, closing(sqlite3.connect(writing, isolation_level=None)) as base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("BEGIN")
        for table in TABLES.values():
            _fill(base, clean, table)
        _dictionary(base)
        for view in views(_SPREAD):
            base.execute(f"CREATE VIEW {view.name} AS {view.query}")
        base.execute("COMMIT")
    return []


SQLITE = Format("sqlite", "one SQLite file, exact numbers as text", "data/export/jixiao.sqlite", write)
