"""The views both databases carry: from a value to its cell to its document, in one line of SQL.

Written in the SQL that DuckDB and SQLite share; only the spreading of lists differs.
"""

from __future__ import annotations

from dataclasses import dataclass

_PLACE = """d.path, d.member, c.page, c.sheet, c.ref, c.line, c.x0, c.y0, c.x1, c.y1, c."row" AS cell_row,
    c."col" AS cell_col, c."text" AS cell_text, c.claimed_by"""
_JOIN = """LEFT JOIN cells c ON c.cell_id = {cell} AND c.document_id = {document}
    LEFT JOIN documents d ON d.document_id = {document} AND d.status <> 'duplicate'"""
_FIELDS = {
    "level2": ("level2_raw", "level2_cell_id"),
    "level3": ("level3_raw", "level3_cell_id"),
    "target": ("target_raw", "target_cell_id"),
    "actual": ("actual_raw", "actual_cell_id"),
}


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name, what one row is, and its query."""

    name: str
    meaning: str
    query: str


def _indicator_field(name: str, raw: str, cell: str) -> str:
    join = _JOIN.format(cell=f"i.{cell}", document="i.document_id")
    return f"""SELECT i.indicator_id, i.form_id, i.fiscal_year, f.project_name, i.level2_id, i.level3,
    '{name}' AS field, i.{raw} AS raw, i.target_kind, i.grade, {_PLACE}
    FROM indicators i JOIN forms f ON f.form_id = i.form_id {join} WHERE i.{raw} IS NOT NULL"""  # noqa: S608 - our names


def views(spread: str) -> tuple[View, ...]:
    """All views; ``spread`` is the query that gives (finding_id, form_id, cell_id) from findings.

    >>> [v.name for v in views("SELECT 1")]
    ['value_sources', 'funding_sources', 'finding_sources']
    """
    values = " UNION ALL ".join(_indicator_field(name, *pair) for name, pair in _FIELDS.items())
    money = _JOIN.format(cell="m.cell_id", document="f.document_id")
    evidence = _JOIN.format(cell="e.cell_id", document="f.document_id")
    return (
        View("value_sources", "one row per printed field of an indicator, with its cell and file", values),
        View(
            "funding_sources",
            "one row per amount of the money block, with its cell and file",
            f"""SELECT m.*, f.project_name, f.department, {_PLACE}
            FROM funding m JOIN forms f ON f.form_id = m.form_id {money}""",  # noqa: S608 - our names
        ),
        View(
            "finding_sources",
            "one row per finding and evidence cell, with its file",
            f"""SELECT n.finding_id, n.rule, n.severity, n.message, n.form_id, n.fiscal_year,
            f.project_name, f.department, e.cell_id, {_PLACE}
            FROM findings n JOIN ({spread}) e ON e.finding_id = n.finding_id
            LEFT JOIN cells own ON own.cell_id = e.cell_id
            LEFT JOIN forms f ON f.form_id = COALESCE(own.form_id, n.form_id) {evidence}""",  # noqa: S608 - our names
        ),
    )
