"""``datapackage.json``: the published folder described for machines (Data Package v1 terms)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.exports.changes.editions import Editions
from pipeline.schema import TABLES, Column, Table, Type

_UNKNOWN = Editions()
_TYPES = {
    Type.TEXT: "string",
    Type.TEXTS: "array",
    Type.INTEGER: "integer",
    Type.REAL: "number",
    Type.FLAG: "boolean",
    Type.DAY: "date",
    Type.MONEY: "number",
    Type.NUMBER: "number",
}


def datapackage(files: Iterable[Path], editions: Editions = _UNKNOWN) -> str:
    """The descriptor of a published folder; ``files`` are its Parquet parts, relative to it.

    ``editions`` stand under ``madeBy``: by them the next publish tells what it puts a change down to.

    >>> '"name": "indicators"' in datapackage([])
    True
    """
    parts = sorted(f.as_posix() for f in files)
    package = {
        "profile": "data-package",
        "name": "jixiao",
        "title": "Chinese government budget-performance forms",
        "madeBy": asdict(editions),
        "resources": [
            _resource(t, [p for p in parts if p.startswith(f"{t.name}/")]) for t in TABLES.values()
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(table: Table, parts: list[str]) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.zh,
        "description": table.en,
        "path": parts,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "partitionedBy": [c.name for c in table.columns if c.partition],
        "schema": {"fields": [_field(c) for c in table.columns], "primaryKey": list(table.key)},
    }


def _field(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.type],
        "title": column.zh,
        "description": column.en,
    }
    extra = {"unit": column.unit, "example": column.example}
    found |= {name: value for name, value in extra.items() if value}
    if column.required:
        found["constraints"] = {"required": True}
    return found
