"""Which document, form and indicator of the last publish is which one of this: as tables of ids.

A replaced file has a new digest, hence new ids down to its last row. It is the same document where
it has the same path; its forms are paired by project name where that is unique in the document,
else by number; indicators by their labels where these are unique in the form, else by row. What
finds no partner keeps an id that nothing in this publish has.
"""

from __future__ import annotations

from typing import Any

_DOCUMENTS = """
CREATE TABLE pair_document_id AS
SELECT o.document_id AS old, min(n.document_id) AS new
FROM old_documents o JOIN new_documents n ON o.path = n.path AND o.member IS NOT DISTINCT FROM n.member
WHERE o.document_id <> n.document_id
    AND o.document_id NOT IN (SELECT document_id FROM new_documents)
GROUP BY o.document_id
"""
_CANDIDATES = """
CREATE OR REPLACE TABLE {side}_candidates AS
SELECT {id} AS id, {parent} AS parent, {label} AS label, {number} AS number,
    count(*) OVER (PARTITION BY {parent}, {label}) AS alike
FROM {rows}
"""
_PAIRS = """
CREATE TABLE pair_{id} AS
WITH named AS (
    SELECT o.id AS old, n.id AS new FROM old_candidates o JOIN new_candidates n USING (parent, label)
    WHERE o.alike = 1 AND n.alike = 1
), numbered AS (
    SELECT o.id AS old, n.id AS new FROM old_candidates o JOIN new_candidates n USING (parent, number)
    WHERE o.id NOT IN (SELECT old FROM named) AND n.id NOT IN (SELECT new FROM named)
), paired AS (SELECT * FROM named UNION ALL SELECT * FROM numbered)
SELECT o.id AS old, coalesce(min(p.new), 'gone/' || o.id) AS new
FROM old_candidates o LEFT JOIN paired p ON p.old = o.id GROUP BY o.id
"""
_FORM_LABEL = "kind || chr(31) || coalesce(project_name, '') || chr(31) || coalesce(title, '')"
_ROW_LABEL = "horizon || chr(31) || coalesce(level2_id, '') || chr(31) || level3"


def mapped(column: str) -> str:
    """An id column of the last publish as this publish would call it.

    >>> mapped("form_id")
    'coalesce((SELECT new FROM pair_form_id p WHERE p.old = r.form_id), r.form_id)'
    """
    table = "pair_form_id" if column == "other_form_id" else f"pair_{column}"
    return f"coalesce((SELECT new FROM {table} p WHERE p.old = r.{column}), r.{column})"


def pair(base: Any) -> None:
    """Make the tables ``pair_document_id``, ``pair_form_id`` and ``pair_indicator_id`` (old, new)."""
    base.execute(_DOCUMENTS)
    _pair(base, "forms", "form_id", "document_id", _FORM_LABEL, "form_no")
    _pair(base, "indicators", "indicator_id", "form_id", _ROW_LABEL, "row_no")


def _pair(base: Any, table: str, key: str, parent: str, label: str, number: str) -> None:
    for side, over in (("old", mapped(parent)), ("new", parent)):
        said = {"id": key, "parent": over, "label": label, "number": number, "rows": f"{side}_{table} r"}
        base.execute(_CANDIDATES.format(side=side, **said))
    base.execute(_PAIRS.format(id=key))
