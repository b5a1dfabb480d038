"""Rows as hive-partitioned Parquet: the declared columns, their meaning in the field metadata.

Nothing that varies between two runs goes into a file: no time, no writer name beyond the library's
own, rows in the order of the source. A part is named by a digest of its bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.schema import TABLES, Column, Table, Type

_TYPES: dict[Type, Any] = {
    Type.TEXT: pa.string(),
    Type.TEXTS: pa.list_(pa.field("element", pa.string(), nullable=False)),
    Type.INTEGER: pa.int64(),
    Type.REAL: pa.float64(),
    Type.FLAG: pa.bool_(),
    Type.DAY: pa.date32(),
    Type.MONEY: pa.decimal128(20, 2),
    Type.NUMBER: pa.decimal128(38, 12),
}
_FLUSH = 20_000
_YEAR = attrgetter("fiscal_year")


def arrow_field(column: Column) -> Any:
    """The Arrow field of a column, with description, unit and example as metadata."""
    metadata = {"description": column.en, "zh": column.zh}
    if column.unit:
        metadata["unit"] = column.unit
    if column.example:
        metadata["example"] = column.example
    return pa.field(column.name, _TYPES[column.type], nullable=not column.required, metadata=metadata)


def arrow_schema(table: Table) -> Any:
    """The Arrow schema of the files of a table: all its columns but the partition column.

    >>> arrow_schema(TABLES["funding"]).field("amount_yuan").type
    Decimal128Type(decimal128(20, 2))
    """
    return pa.schema(
        [arrow_field(c) for c in table.stored],
        metadata={"table": table.name, "description": table.en, "zh": table.zh},
    )


@dataclass(slots=True)
class Rows:
    """The rows of one table and year as they come in; packed into Arrow every few thousand."""

    table: Table
    waiting: list[object] = field(default_factory=list)
    packed: list[Any] = field(default_factory=list)

    def pack(self) -> None:
        """Turn what waits into a record batch."""
        schema = arrow_schema(self.table)
        if self.waiting:
            values = zip(*map(attrgetter(*(c.path for c in self.table.stored)), self.waiting), strict=True)
            arrays = [pa.array(v, type=f.type) for v, f in zip(values, schema, strict=True)]
            self.packed.append(pa.record_batch(arrays, schema=schema))
            self.waiting = []

    def parquet(self) -> bytes:
        """The bytes of the part: the same rows always give the same bytes."""
        self.pack()
        sink = pa.BufferOutputStream()
        found = pa.Table.from_batches(self.packed, schema=arrow_schema(self.table)).combine_chunks()
        pq.write_table(found, sink, compression="zstd", store_schema=True)
        return bytes(sink.getvalue())


class Parts:
    """All tables under construction: rows go to the part of their table and fiscal year."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, int], Rows] = {}
        self.counts: dict[str, int] = dict.fromkeys(TABLES, 0)

    def add(self, table: str, rows: Iterable[Any]) -> None:
        """Append rows of a table in the order in which they are to be published."""
        for year, same in groupby(rows, _YEAR):
            part = self._rows.get((table, year))
            if part is None:
                part = self._rows[table, year] = Rows(TABLES[table])
            before = len(part.waiting)
            part.waiting += same
            self.counts[table] += len(part.waiting) - before
            if len(part.waiting) >= _FLUSH:
                part.pack()

    def files(self) -> Iterator[tuple[Path, bytes]]:
        """Every part as ``(relative path, bytes)``; a table without rows has one empty part of year 0."""
        for name, table in TABLES.items():
            years = sorted(year for found, year in self._rows if found == name)
            for year in years or [0]:
                blob = self._rows.get((name, year), Rows(table)).parquet()
                part = f"part-{sha256(blob).hexdigest()[:16]}.parquet"
                yield Path(name) / f"fiscal_year={year}" / part, blob
