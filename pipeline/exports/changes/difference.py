"""Two publishes beside each other, in DuckDB: bounded memory whatever their size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.exports.changes.decided import decided
from pipeline.exports.changes.editions import Editions
from pipeline.exports.changes.pairing import mapped, pair
from pipeline.exports.changes.watched import WATCHED, Watched
from pipeline.exports.duck import DUCK_TYPES, file_literal
from pipeline.schema import TABLES, ChangeRow, Column, Type

Files = Mapping[str, Sequence[Path]]
"""The Parquet parts of each table."""
_PAIRED = ("document_id", "form_id", "other_form_id", "indicator_id")
_ABOVE = (("documents", "document_id"), ("forms", "form_id"), ("indicators", "indicator_id"))
_MEMORY = "1GB"
_FETCH = 5_000


def difference(
    old: Files, new: Files, editions: Editions, last: Editions, spill: Path
) -> Iterator[ChangeRow]:
    """The changes from the parts ``old`` to the parts ``new``, by year, table, key and column.

    Parts that both publishes share may be left out of both. ``spill`` is a folder for what does not
    fit into memory. A table or column the last publish did not have is no change.
    """
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": _MEMORY,
        "temp_directory": str(spill),
    }
    with duckdb.connect(config=config) as base:
        known: dict[str, set[str]] = {}
        for name in TABLES:
            known[name] = _open(base, f"old_{name}", name, old.get(name, ()))
            _open(base, f"new_{name}", name, new.get(name, ()))
        pair(base)
        _touched(base)
        decided(base)
        base.execute("""CREATE TABLE found (place INTEGER, fiscal_year BIGINT, "table" VARCHAR, "key" VARCHAR,
            "column" VARCHAR, "old" VARCHAR, "new" VARCHAR, because VARCHAR)""")
        for place, watched in enumerate(WATCHED):
            if old.get(watched.table) or new.get(watched.table):
                _compare(base, place, watched, known[watched.table], editions.against(last))
        cursor = base.execute("""SELECT "table", "key", "column", "old", "new", because, fiscal_year FROM found
            ORDER BY fiscal_year, place, "key", "column", "old", "new" """)
        while rows := cursor.fetchmany(_FETCH):
            for table, key, column, before, now, because, year in rows:
                yield ChangeRow(
                    table=table,
                    key=key,
                    column=column,
                    old=before,
                    new=now,
                    because=because,
                    fiscal_year=year,
                )


def _open(base: Any, name: str, table: str, files: Sequence[Path]) -> set[str]:
    """A view over parts, every column of this version in it; the names of those that are there.

    A column that an older version did not write is null.
    """
    columns = TABLES[table].columns
    if not files:
        empty = ", ".join(f'NULL::{DUCK_TYPES[c.type]} AS "{c.name}"' for c in columns)
        base.execute(f"CREATE VIEW {name} AS SELECT {empty}, 0 AS nth, '' AS part WHERE false")
        return set()
    source = "read_parquet([{}], hive_partitioning = true, union_by_name = true, filename = 'part', file_row_number = true)"
    source = source.format(", ".join(file_literal(str(f)) for f in files))
    there = {row[0] for row in base.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    picked = ", ".join(
        f'"{c.name}"::{DUCK_TYPES[c.type]} AS "{c.name}"'
        if c.name in there
        else f'NULL::{DUCK_TYPES[c.type]} AS "{c.name}"'
        for c in columns
    )
    base.execute(f"CREATE VIEW {name} AS SELECT {picked}, file_row_number AS nth, part FROM {source}")
    return there


def _touched(base: Any) -> None:
    """Tables of ids: ``touched`` is what stands in bytes that are new or gone, ``lone`` what has no partner."""
    base.execute("""CREATE TABLE touched AS
        WITH documents AS (
            (SELECT document_id AS id FROM old_documents EXCEPT SELECT document_id FROM new_documents)
            UNION ALL
            (SELECT document_id FROM new_documents EXCEPT SELECT document_id FROM old_documents)
        ), forms AS (
            SELECT form_id AS id FROM (FROM old_forms UNION ALL FROM new_forms)
            WHERE document_id IN (FROM documents)
        ), rows AS (
            SELECT indicator_id FROM (FROM old_indicators UNION ALL FROM new_indicators)
            WHERE document_id IN (FROM documents)
        ), inside AS (FROM documents UNION ALL FROM forms UNION ALL FROM rows)
        SELECT id FROM inside UNION SELECT 'gone/' || id FROM inside""")
    base.execute(
        "CREATE TABLE lone AS "
        + " UNION ALL ".join(
            f"""(SELECT id FROM (SELECT {mapped(key)} AS id FROM old_{table} r
                EXCEPT SELECT {key} FROM new_{table})
            UNION ALL (SELECT {key} AS id FROM new_{table} EXCEPT SELECT {mapped(key)} FROM old_{table} r))"""
            for table, key in _ABOVE
        )
    )


def _compare(base: Any, place: int, watched: Watched, known: set[str], otherwise: str) -> None:
    """Add what differs between the rows of one table to ``found``; ``known`` columns the last publish had."""
    table = TABLES[watched.table]
    # A document is recognised by its path: that its digest is another is what there is to say of it.
    ids = [n for n in _PAIRED if n in watched.identity + watched.parents and watched.table != "documents"]
    as_now = ", ".join(f"{mapped(n)} AS {n}" for n in ids)
    identity = " || chr(31) || ".join(f"coalesce({n}::VARCHAR, chr(30))" for n in watched.identity)
    shown = "concat_ws('/', {})".format(", ".join(f'"{n}"' for n in table.key))
    for side in ("old", "new"):
        renamed = f"REPLACE ({as_now})" if ids and side == "old" else ""
        base.execute(f"""CREATE OR REPLACE TABLE {side}_side AS
            SELECT *, {identity} AS same, row_number() OVER (PARTITION BY {identity} ORDER BY part, nth) AS which
            FROM (SELECT r.* {renamed}, {shown} AS shown FROM {side}_{watched.table} r)""")
    differs = {c: f'o."{c.name}" IS DISTINCT FROM n."{c.name}"' for c in watched.compared if c.name in known}
    said = " OR ".join(("o.same IS NULL", "n.same IS NULL", *differs.values()))
    base.execute(f"""CREATE OR REPLACE TABLE sides AS
        SELECT o, n FROM old_side o FULL JOIN new_side n ON o.same = n.same AND o.which = n.which
        WHERE {said}""")
    base.execute(_whole_rows(place, watched, otherwise))
    for column in _differing(base, differs):
        base.execute(_column(place, watched, column, differs[column], otherwise))


def _differing(base: Any, differs: Mapping[Column, str]) -> list[Column]:
    """The columns that differ in any row: most do not, and one look costs less than asking each."""
    asked = ", ".join(f"count(*) FILTER (o.same = n.same AND {said})" for said in differs.values())
    if not asked:
        return []
    counts = base.execute(f"SELECT {asked} FROM sides").fetchone()
    return [column for column, count in zip(differs, counts, strict=True) if count]


def _line(place: int, watched: Watched, column: str, values: str, otherwise: str) -> str:
    year = "coalesce(n.fiscal_year, o.fiscal_year)"
    touched = " OR ".join(
        f"{side}.{parent} IN (FROM touched)" for parent in watched.parents for side in ("o", "n")
    )
    person = touched.replace("FROM touched", "FROM decided")
    because = f"CASE WHEN {touched} THEN 'source' WHEN {person} THEN 'person' ELSE '{otherwise}' END"
    unseen = f"NOT ({touched})" if watched.placed else "true"
    return f"""INSERT INTO found SELECT {place}, {year}, '{watched.table}', coalesce(n.shown, o.shown),
        '{column}', {values}, {because} FROM sides WHERE coalesce({unseen}, true)"""


def _whole_rows(place: int, watched: Watched, otherwise: str) -> str:
    values = f'o."{watched.name}"::VARCHAR, n."{watched.name}"::VARCHAR'
    line = f"{_line(place, watched, '*', values, otherwise)} AND (o.same IS NULL) <> (n.same IS NULL)"
    if watched.listed:
        return line
    parent = watched.parents[0]
    return f"{line} AND coalesce(n.{parent}, o.{parent}) NOT IN (FROM lone)"


def _column(place: int, watched: Watched, column: Column, differs: str, otherwise: str) -> str:
    before, now = (_text(f'{side}."{column.name}"', column.type) for side in ("o", "n"))
    line = _line(place, watched, column.name, f"{before}, {now}", otherwise)
    return f"{line} AND o.same = n.same AND {differs}"


def _text(value: str, kind: Type) -> str:
    """A value as text: exact numbers without idle zeros, as the text exports print them."""
    if kind is Type.NUMBER:
        return f"rtrim(rtrim({value}::VARCHAR, '0'), '.')"
    return f"{value}::VARCHAR"
