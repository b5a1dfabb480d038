"""The published tables read back, batch by batch in published order, and files written in one step."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.exports.parquet import arrow_field
from pipeline.schema import TABLES, Table

BATCH = 10_000


def full_schema(table: Table) -> Any:
    """The Arrow schema of a table with ``fiscal_year`` among its columns, in declared order.

    >>> full_schema(TABLES["links"]).names[-1]
    'fiscal_year'
    """
    return pa.schema([arrow_field(c) for c in table.columns])


def batches(clean: Path, table: Table, columns: tuple[str, ...] = ()) -> Iterator[Any]:
    """The rows of a table as Arrow tables of at most ``BATCH`` rows, years ascending.

    A table that an older publish did not have gives nothing, and a column it did not have is null.
    """
    schema = full_schema(table)
    schema = pa.schema([schema.field(name) for name in columns]) if columns else schema
    for file in _parts(clean / table.name):
        year = int(file.parent.name.partition("=")[2])
        with pq.ParquetFile(file) as parquet:
            names = [n for n in schema.names if n in parquet.schema_arrow.names]
            for batch in parquet.iter_batches(batch_size=BATCH, columns=names):
                yield _complete(batch, schema, year)


def _parts(folder: Path) -> list[Path]:
    found = folder.glob("fiscal_year=*/*.parquet")
    return sorted(found, key=lambda p: (int(p.parent.name.partition("=")[2]), p.name))


def _complete(batch: Any, schema: Any, year: int) -> Any:
    arrays = []
    for field in schema:
        if field.name == "fiscal_year":
            arrays.append(pa.array([year] * batch.num_rows, type=field.type))
        elif field.name in batch.schema.names:
            arrays.append(batch.column(field.name).cast(field.type))
        else:
            arrays.append(pa.nulls(batch.num_rows, type=field.type))
    nullable = pa.schema([f.with_nullable(True) for f in schema])
    return pa.Table.from_arrays(arrays, schema=nullable)


def rows(clean: Path, table: Table, columns: tuple[str, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a table as tuples in the order of its columns (or of ``columns``)."""
    for batch in batches(clean, table, columns):
        yield from zip(*(c.to_pylist() for c in batch.columns), strict=True)


def plain(number: Decimal) -> str:
    """An exact number as digits, without an exponent and without idle zeros.

    >>> plain(Decimal("100.000000000000")), plain(Decimal("0.950")), plain(Decimal("-0.00"))
    ('100', '0.95', '0')
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def printed(value: Any, money: bool = False) -> str:
    """A number, flag or date as the text all text formats share; money keeps its two places.

    >>> printed(Decimal("12.50"), money=True), printed(True), printed(0.9)
    ('12.50', 'true', '0.9')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}" if money else plain(value)
    return str(value)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file to write beside ``path`` that takes its place only when all went well."""
    writing = path.with_name(f".writing-{path.name}")
    writing.unlink(missing_ok=True)
    try:
        yield writing
        writing.replace(path)
    finally:
        writing.unlink(missing_ok=True)


def clear_numbered(folder: Path, suffix: str, keep: set[str]) -> None:
    """Remove the files of an earlier export of this kind that this one did not write again."""
    names = "|".join((*TABLES, "columns"))
    ours = re.compile(rf"(?:{names})(?:-\d+)?\.{re.escape(suffix)}")
    for file in folder.iterdir():
        if file.name not in keep and ours.fullmatch(file.name):
            file.unlink()


def room(path: Path) -> None:
    """Refuse to write a file where a folder lies. Raises IsADirectoryError."""
    if path.is_dir():
        raise IsADirectoryError(f"{path}: is a folder; give the name of a file")
    shutil.rmtree(path.with_name(f".writing-{path.name}"), ignore_errors=True)
