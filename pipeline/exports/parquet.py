"""Rows as hive-partitioned Parquet: the declared columns, their meaning in the field metadata.

Nothing that varies between two runs goes into a file: no time, no writer name beyond the library's
own, rows in the order of the source.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from operator import attrgetter
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
    """The rows of one fiscal year under construction; rows of other years are left out."""

    def __init__(self, year: int) -> None:
        self._year = year
        self._rows: dict[str, Rows] = {}
        self.counts: Counter[str] = Counter()

    def add(self, table: str, rows: Iterable[Any]) -> None:
        """Append rows of a table in the order in which they are to be published."""
        mine = [row for row in rows if row.fiscal_year == self._year]
        if mine:
            part = self._rows.setdefault(table, Rows(TABLES[table]))
            part.waiting += mine
            self.counts[table] += len(mine)
            if len(part.waiting) >= _FLUSH:
                part.pack()

    def files(self) -> Iterator[tuple[str, int, int, bytes]]:
        """Every part that has rows, as ``(table, year, rows, bytes)``."""
        for name in TABLES:
            if name in self._rows:
                yield name, self._year, self.counts[name], self._rows.pop(name).parquet()


class _NoPandas(MetaPathFinder):
    """Finds everything but pandas, which then counts as not installed."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG002
        if name == "pandas":
            raise ModuleNotFoundError(name)


def settle() -> None:
    """Let Arrow decide, for the life of this process, that what it packs are no pandas frames.

    Its first array would else load pandas, a second of work, to ask whether a tuple is a series. For
    processes that only write; pandas itself can still be loaded.
    """
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([""])
    finally:
        sys.meta_path.remove(finder)


def empty_part(table: str) -> bytes:
    """The bytes of a part without rows: it stands where a table has none at all, so that it can be read."""
    return Rows(TABLES[table]).parquet()
