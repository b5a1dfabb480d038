"""The data dictionary as Markdown, generated from the declared tables."""

from __future__ import annotations

from pipeline.schema import TABLES, Column, Table


def dictionary() -> str:
    """``dictionary.md``: every table and column with type, unit and meaning.

    >>> "amount_yuan" in dictionary()
    True
    """
    head = (
        "# Data dictionary / 数据字典\n\n"
        "Generated from the declared tables. Money is in yuan; ids are strings; an empty cell is null.\n"
        "`fiscal_year` is the partition folder, 0 where no year could be read.\n"
    )
    return head + "".join(_table(table) for table in TABLES.values())


def _table(table: Table) -> str:
    rows = "".join(_row(c) for c in table.columns)
    keys = ", ".join(f"`{k}`" for k in table.key)
    return (
        f"\n## {table.name} {table.zh}\n\n{table.en.capitalize()}. Key: {keys}.\n\n"
        f"| column | 中文 | type | unit | meaning | example |\n|---|---|---|---|---|---|\n{rows}"
    )


def _row(c: Column) -> str:
    kind = c.type.value + ("" if c.required else "?")
    cells = (f"`{c.name}`", c.zh, kind, c.unit or "", c.en, c.example or "")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
