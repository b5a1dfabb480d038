"""JSON Lines: one file a table, one object a row, every column in declared order, null where unknown.

Exact numbers are JSON numbers with all their digits; a reader that turns them into binary floating
point loses what it loses.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from pipeline.exports.published import clear_numbered, plain, rows, whole
from pipeline.exports.registry import Format
from pipeline.schema import TABLES, Column, Type


def _value(column: Column, value: Any) -> Any:
    if column.type is Type.NUMBER and value is not None:
        return Decimal(plain(value))
    return value


def write(clean: Path, out: Path) -> list[str]:
    """Write the folder ``out`` with one ``<table>.jsonl`` each."""
    out.mkdir(parents=True, exist_ok=True)
    encoder = msgspec.json.Encoder(decimal_format="number")
    for table in TABLES.values():
        names = [c.name for c in table.columns]
        with whole(out / f"{table.name}.jsonl") as writing, writing.open("wb") as stream:
            for row in rows(clean, table):
                values = map(_value, table.columns, row)
                stream.write(encoder.encode(dict(zip(names, values, strict=True))) + b"\n")
    clear_numbered(out, "jsonl", {f"{name}.jsonl" for name in TABLES})
    return []


JSONL = Format("jsonl", "one file a table, one JSON object a line", "data/export/jsonl", write)
