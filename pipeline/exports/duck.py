"""The types of our columns in DuckDB."""

from __future__ import annotations

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
