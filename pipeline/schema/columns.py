"""How a published column is declared: once, on the dataclass field that carries it.

From these declarations come the Arrow schema, the data dictionary, the data package and the docs.

>>> from pipeline.schema import TABLES
>>> [c.name for c in TABLES["blank_slots"].columns if c.key]
['form_id', 'row_no']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from operator import attrgetter
from typing import Any

META = "column"
NESTED = "nested"


class Type(StrEnum):
    """The storage type of a column; MONEY is decimal128(20, 2) in yuan, NUMBER decimal128(38, 12)."""

    TEXT = "text"
    TEXTS = "texts"
    INTEGER = "integer"
    REAL = "real"
    FLAG = "flag"
    DAY = "day"
    MONEY = "money"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """One published column: where its value lies on the row object and what it means."""

    name: str
    type: Type
    zh: str
    en: str
    unit: str | None = None
    example: str | None = None
    key: bool = False
    required: bool = False
    partition: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One published table: its row class, what one row is, and its columns in order."""

    name: str
    row: type
    zh: str
    en: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the key columns; rows are published sorted by them."""
        return tuple(c.name for c in self.columns if c.key)

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns inside the files: all but the partition column."""
        return tuple(c for c in self.columns if not c.partition)

    def values(self, row: object) -> tuple[Any, ...]:
        """The row's values in the order of :attr:`columns`."""
        return tuple(attrgetter(c.path)(row) for c in self.columns)


_REQUIRED: Any = object()


def published(
    kind: Type,
    zh: str,
    en: str,
    *,
    unit: str | None = None,
    example: str | None = None,
    key: bool = False,
    partition: bool = False,
    default: Any = _REQUIRED,
) -> Any:
    """Declare a published column on a dataclass field; without ``default`` it may never be null."""
    meta = {"type": kind, "zh": zh, "en": en, "unit": unit, "example": example, "key": key}
    meta |= {"partition": partition, "required": default is not None}
    if default is _REQUIRED:
        return field(metadata={META: meta})
    return field(default=default, metadata={META: meta})


def optional(kind: Type, zh: str, en: str, *, unit: str | None = None, example: str | None = None) -> Any:
    """Declare a column that is null where nothing is known."""
    return published(kind, zh, en, unit=unit, example=example, default=None)


def nested(row: type, prefix: str, zh: str) -> Any:
    """Declare a field whose own columns are published with ``prefix`` before their names."""
    return field(default_factory=row, metadata={NESTED: (row, prefix, zh)})


def declared(row: type, prefix: str = "", zh: str = "", path: str = "") -> Iterator[Column]:
    """The columns declared on a row class, nested ones spread out, in field order."""
    for f in fields(row):
        if NESTED in f.metadata:
            inner, inner_prefix, inner_zh = f.metadata[NESTED]
            yield from declared(inner, inner_prefix, inner_zh, f"{path}{f.name}.")
        elif META in f.metadata:
            meta = f.metadata[META]
            yield Column(
                name=prefix + f.name,
                type=meta["type"],
                zh=zh + meta["zh"],
                en=meta["en"],
                unit=meta["unit"],
                example=meta["example"],
                key=meta["key"],
                required=meta["required"],
                partition=meta["partition"],
                path=path + f.name,
            )


def table(name: str, row: type, zh: str, en: str) -> Table:
    """Build the :class:`Table` of a row class."""
    return Table(name=name, row=row, zh=zh, en=en, columns=tuple(declared(row)))
