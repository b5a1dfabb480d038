"""The fields of a form: the slots of its header, its money and its rows, each with raw text and reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.corrections.seen import funding_slots
from pipeline.review.archive import Doubt, Row
from pipeline.review.queue import LOW
from pipeline.review.readings import money, number, value_words
from pipeline.review.words import Speaker

_HEADER = {  # published column: name of the field
    "project_name": "project_name",
    "project_code": "project_code",
    "department": "department",
    "department_code": "department_code",
    "agency": "agency",
    "agency_code": "agency_code",
    "project_nature_raw": "project_nature",
    "period_raw": "period",
    "goal": "goal",
    "goal_actual": "goal_actual",
    "total_score": "total_score",
}
ROLES = ("target", "actual")
ROW_FIELDS = ("level1", "level2", "name", "target", "actual", "weight", "score", "deviation")
_NUMBERS = ("weight", "score")


@dataclass(frozen=True, slots=True)
class Field:
    """One slot: its raw text as printed, its reading in words, where it stands, what may be decided about it.

    ``kinds`` are the kinds of correction that make sense for it. ``name`` is a word of the group ``field``.
    """

    slot: str
    name: str
    raw: str
    reading: str
    cell_id: str
    kinds: tuple[str, ...]
    how: str = ""
    node: str = ""


@dataclass(slots=True)
class Line:
    """One indicator row: its published row, its fields by name, its doubts."""

    row_no: int
    indicator: Row
    fields: dict[str, Field]
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def slot(self) -> str:
        """The slot of the row itself."""
        return f"row:{self.row_no}"

    @property
    def low(self) -> bool:
        """Whether it was read with little confidence."""
        return self.indicator["grade"] in LOW


Claims = Mapping[tuple[str, str], Row]
"""Cells by (indicator id, field), and by ("form", field)."""


def claims_of(cells: list[Row]) -> Claims:
    """Which cell stands where in the form; of several of one field the first."""
    found: dict[tuple[str, str], Row] = {}
    for cell in cells:
        kind, _, rest = cell["claimed_by"].partition(":")
        if kind == "form":
            found.setdefault(("form", rest), cell)
        elif kind == "indicator":
            indicator, _, name = rest.partition(":")
            found.setdefault((indicator, name), cell)
    return found


def header_fields(form: Row, claims: Claims, say: Speaker) -> Iterator[Field]:
    """The fields of the header that are printed, in their usual order."""
    for column, name in _HEADER.items():
        value, cell = form[column], claims.get(("form", name))
        if value is None and cell is None:
            continue
        raw = cell["text"] if cell else str(value)
        yield Field(
            slot=f"field:{name}",
            name=name,
            raw=raw,
            reading=_header_reading(form, name, value, say),
            cell_id=cell["cell_id"] if cell else "",
            kinds=("text", "label") if name == "project_nature" else ("text", "value"),
            node=form["project_nature"] or "" if name == "project_nature" else "",
        )


def _header_reading(form: Row, name: str, value: Any, say: Speaker) -> str:
    if name == "project_nature":
        return say("nature", form["project_nature"]) if form["project_nature"] else ""
    if name == "period":
        ends = [str(d) for d in (form["period_start"], form["period_end"]) if d is not None]
        return " – ".join(dict.fromkeys(ends))
    if name == "total_score" and value is not None:
        return number(value)
    return str(value or "")


def funding_fields(rows: list[Row], say: Speaker) -> Iterator[Field]:
    """The amounts of the money block, in published order."""
    for slot, row in zip(funding_slots(rows), rows, strict=True):
        yield Field(
            slot=slot,
            name=f"{say('source', row['source'])} · {say('stage', row['stage'])}",
            raw=row["amount_raw"],
            reading=money(row["amount_yuan"]),
            cell_id=row["cell_id"] or "",
            kinds=("text", "value"),
            how=say("scale", row["scale_source"]) if row["scale_source"] else "",
        )


def line_of(row: Row, claims: Claims, quantities: list[Row], say: Speaker) -> Line:
    """One indicator row; fields of which nothing is printed and nothing read are left out."""
    made: dict[str, Field] = {}
    for name in ROW_FIELDS:
        raw, reading, node, how = _row_field(row, name, quantities, say)
        cell = claims.get((row["indicator_id"], name))
        cell_id = row.get(f"{'level3' if name == 'name' else name}_cell_id") or (
            cell["cell_id"] if cell else ""
        )
        printed = raw or (cell["text"] if cell else "")
        if not printed and not reading and name not in ("target", "level2"):
            continue
        made[name] = Field(
            slot=f"row:{row['row_no']}:{name}",
            name=name,
            raw=printed,
            reading=reading,
            cell_id=cell_id or "",
            kinds=_kinds(name),
            how=how,
            node=node,
        )
    return Line(row["row_no"], row, made)


def _kinds(name: str) -> tuple[str, ...]:
    if name in ("level1", "level2"):
        return ("label",)
    if name == "name":
        return ("text", "concept", "structure")
    return ("text", "value", "structure")


def _row_field(row: Row, name: str, quantities: list[Row], say: Speaker) -> tuple[str, str, str, str]:
    """Raw text, reading in words, node and how it was matched."""
    if name in ("level1", "level2"):
        node = row[f"{name}_id"] or ""
        how = say("how", row[f"{name}_how"]) if row[f"{name}_how"] else ""
        return row[f"{name}_raw"] or "", say("level", node) if node else "", node, how
    if name == "name":
        return row["level3_raw"], row["level3"], row["concept_id"] or "", ""
    if name in ROLES:
        parts = [q for q in quantities if q["role"] == name]
        words = value_words(say, row[f"{name}_kind"], row[f"{name}_direction"], parts)
        return row[f"{name}_raw"] or "", words, "", row[f"{name}_kind"] or ""
    value = row[name]
    if name in _NUMBERS:
        return "", number(value) if value is not None else "", "", ""
    return value or "", value or "", "", ""
