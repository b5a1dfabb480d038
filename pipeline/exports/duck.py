"""What DuckDB is told in SQL: the types of our columns, the paths of our files."""

from __future__ import annotations

import re

from pipeline.schema import Type

DUCK_TYPES = {
    Type.TEXT: "VARCHAR",
    Type.TEXTS: "VARCHAR[]",
    Type.INTEGER: "BIGINT",
    Type.REAL: "DOUBLE",
    Type.FLAG: "BOOLEAN",
    Type.DAY: "DATE",
    Type.MONEY: "DECIMAL(20, 2)",
    Type.NUMBER: "DECIMAL(38, 12)",
}


def file_literal(path: str) -> str:
    """A path as a literal that means this one file, whatever quotes and wildcards its name holds.

    >>> file_literal("/data/o'neil [2024]/a.parquet")
    "'/data/o''neil [[]2024]/a.parquet'"
    """
    return "'" + re.sub(r"[\[*?]", r"[\g<0>]", path).replace("'", "''") + "'"
