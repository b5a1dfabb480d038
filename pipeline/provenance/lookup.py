"""The published tables asked about single rows, and the columns that can be asked about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.schema import TABLES
from pipeline.settings import SettingsError

Row = dict[str, Any]


def rows(clean: Path, table: str, **equal: Any) -> list[Row]:
    """The rows of one published table whose columns equal what is given, as plain dicts."""
    import pyarrow.dataset as ds

    found = ds.dataset(clean / table, format="parquet", partitioning="hive")
    condition = None
    for name, value in equal.items():
        term = ds.field(name) == value
        condition = term if condition is None else condition & term
    listed: list[Row] = found.to_table(filter=condition).to_pylist()
    return listed


@dataclass(frozen=True, slots=True)
class Field:
    """A column that can be explained: its table, its name, and the column with its cell."""

    table: str
    column: str
    zh: str


def field_named(name: str) -> Field:
    """The explainable column of a Chinese title or a column name. Raises SettingsError.

    >>> field_named("指标值").column, field_named("财政拨款").table
    ('target_raw', 'forms')
    """
    wanted = {"指标值": "target_raw", "实际完成值": "actual_raw"}.get(name, name)
    for table in ("indicators", "forms"):
        for column in TABLES[table].columns:
            if wanted in (column.name, column.zh):
                return Field(table, column.name, column.zh)
    raise SettingsError(f"no field {name!r}; see jixiao schema forms, jixiao schema indicators")
