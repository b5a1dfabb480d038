"""DuckDB: one file with the tables in their exact types, comments on every column, and joined views.

The rows and types are the same for the same publish; the bytes are not (the format does not promise it).
"""

from __future__ import annotations

from pathlib import Path

from pipeline.exports.duck import DUCK_TYPES
from pipeline.exports.published import batches, room, whole
from pipeline.exports.registry import Format
from pipeline.exports.views import views
from pipeline.schema import TABLES, Column, Table

_SPREAD = "SELECT finding_id, form_id, unnest(cell_ids) AS cell_id FROM findings"


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _comment(column: Column) -> str:
    unit = f" [{column.unit}]" if column.unit else ""
    return _text(f"{column.zh}{unit}: {column.en}")


def _create(table: Table) -> list[str]:
    columns = ", ".join(f'"{c.name}" {DUCK_TYPES[c.type]}' for c in table.columns)
    return [
        f"CREATE TABLE {table.name} ({columns})",
        f"COMMENT ON TABLE {table.name} IS {_text(f'{table.zh}: {table.en}')}",
        *(f'COMMENT ON COLUMN {table.name}."{c.name}" IS {_comment(c)}' for c in table.columns),
    ]


def write(clean: Path, out: Path) -> list[str]:
    """Write the database file ``out``."""
    import duckdb

    room(out)
    with whole(out) as writing:
        with duckdb.connect(str(writing), config={"threads": 1}) as base:
            for table in TABLES.values():
                for statement in _create(table):
                    base.execute(statement)
                for batch in batches(clean, table):
                    base.register("batch", batch)
                    base.execute(f"INSERT INTO {table.name} SELECT * FROM batch")  # noqa: S608 - our names
                    base.unregister("batch")
            for view in views(_SPREAD):
                base.execute(f"CREATE VIEW {view.name} AS {view.query}")
                base.execute(f"COMMENT ON VIEW {view.name} IS {_text(view.meaning)}")
        writing.with_name(f"{writing.name}.wal").unlink(missing_ok=True)
    return []


DUCKDB = Format(
    "duckdb", "one DuckDB file with views and comments", "data/export/jixiao.duckdb", write, "duckdb"
)
