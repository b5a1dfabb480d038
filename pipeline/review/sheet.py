"""One form laid out for a person: header, money and rows, each field with raw text, reading and doubts.

Names of slots are those of the ledger (``field:goal``, ``funding:total:target``, ``row:5:target``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.review.archive import Archive, Doubt, Row, name_of
from pipeline.review.queue import LOW, WEIGHTY
from pipeline.review.readings import money, number, value_words
from pipeline.review.suggestions import suggestion
from pipeline.review.words import Speaker

WHOLE = "form"
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
_BY_TEXT = ("deviation",)
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


@dataclass(slots=True)
class Sheet:
    """One form. ``doubts`` are those of no single row or field; ``at`` says which slot each doubt is shown with."""

    form: Row
    document: Row
    path: str
    header: list[Field]
    funding: list[Field]
    lines: list[Line]
    blanks: int
    doubts: list[Doubt]
    field_doubts: dict[str, list[Doubt]]
    files: list[Doubt]
    cells: list[Row]

    @property
    def fields(self) -> Iterator[Field]:
        """All fields in printed order."""
        yield from self.header
        yield from self.funding
        for line in self.lines:
            yield from line.fields.values()

    def field(self, slot: str) -> Field | None:
        """The field of a slot, or None."""
        return next((f for f in self.fields if f.slot == slot), None)

    def line(self, row_no: int) -> Line | None:
        """The row with this number, or None."""
        return next((line for line in self.lines if line.row_no == row_no), None)

    def cell(self, cell_id: str) -> Row | None:
        """A cell of the form, or None."""
        return next((c for c in self.cells if c["cell_id"] == cell_id), None)

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns of the table of rows: those that some row has something in."""
        said = {name for line in self.lines for name, f in line.fields.items() if f.raw or f.reading}
        return tuple(n for n in ROW_FIELDS if n in said and n not in ("level1", "level2"))

    def all_doubts(self) -> Iterator[tuple[str, Doubt]]:
        """Every doubt of the form with the slot it is shown with, in the order a person meets them."""
        yield from ((WHOLE, d) for d in self.doubts)
        for slot, found in self.field_doubts.items():
            yield from ((slot, d) for d in found)
        for line in self.lines:
            yield from ((slot_of(line, d, self), d) for d in line.doubts)


def sheet(archive: Archive, form_id: str, say: Speaker) -> Sheet | None:
    """The layout of a form; None where there is no such form."""
    form = archive.forms.get(form_id)
    if form is None:
        return None
    document = archive.documents[form["document_id"]]
    cells = archive.rows("cells", form_id)
    claims = _claims(cells)
    indicators = archive.rows("indicators", form_id)
    quantities = {i["indicator_id"]: archive.quantities(i["indicator_id"]) for i in indicators}
    lines = [_line(i, claims, quantities[i["indicator_id"]], say) for i in indicators]
    made = Sheet(
        form=form,
        document=document,
        path=name_of(document),
        header=list(_header(form, claims, say)),
        funding=list(_funding(archive.rows("funding", form_id), say)),
        lines=lines,
        blanks=len(archive.rows("blank_slots", form_id)),
        doubts=[],
        field_doubts={},
        files=archive.of_files.get(form["document_id"], []),
        cells=cells,
    )
    _place_doubts(made, archive.doubts.get(form_id, []), claims)
    return made


Claims = Mapping[tuple[str, str], Row]
"""Cells by (indicator id, field), and by ("form", field)."""


def _claims(cells: list[Row]) -> Claims:
    found: dict[tuple[str, str], Row] = {}
    for cell in cells:
        kind, _, rest = cell["claimed_by"].partition(":")
        if kind == "form":
            found.setdefault(("form", rest), cell)
        elif kind == "indicator":
            indicator, _, name = rest.partition(":")
            found.setdefault((indicator, name), cell)
    return found


def _header(form: Row, claims: Claims, say: Speaker) -> Iterator[Field]:
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


def _funding(rows: list[Row], say: Speaker) -> Iterator[Field]:
    count: Counter[str] = Counter()
    for row in rows:
        base = f"funding:{row['source']}:{row['stage']}"
        count[base] += 1
        slot = base if count[base] == 1 else f"{base}#{count[base]}"
        yield Field(
            slot=slot,
            name=f"{say('source', row['source'])} · {say('stage', row['stage'])}",
            raw=row["amount_raw"],
            reading=money(row["amount_yuan"]),
            cell_id=row["cell_id"] or "",
            kinds=("text", "value"),
            how=say("scale", row["scale_source"]) if row["scale_source"] else "",
        )


def _line(row: Row, claims: Claims, quantities: list[Row], say: Speaker) -> Line:
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


def _place_doubts(made: Sheet, doubts: list[Doubt], claims: Claims) -> None:
    lines = {line.indicator["indicator_id"]: line for line in made.lines}
    of_cell: dict[str, Line] = {}
    for (owner, _), cell in claims.items():
        if owner in lines:
            of_cell.setdefault(cell["cell_id"], lines[owner])
    slots = {f.cell_id: f.slot for f in (*made.funding, *made.header) if f.cell_id}
    fields: defaultdict[str, list[Doubt]] = defaultdict(list)
    for doubt in sorted(doubts, key=_weight):
        concerned = [lines[i] for i in doubt.indicators if i in lines]
        if not concerned and len(doubt.cells) == 1 and doubt.cells[0] in of_cell:
            concerned = [of_cell[doubt.cells[0]]]
        slot = next((slots[c] for c in doubt.cells if c in slots), None)
        if len(concerned) == 1:
            concerned[0].doubts.append(doubt)
        elif not concerned and slot is not None:
            fields[slot].append(doubt)
        else:
            made.doubts.append(doubt)
    made.field_doubts = {f.slot: fields[f.slot] for f in (*made.header, *made.funding) if f.slot in fields}


def _weight(doubt: Doubt) -> tuple[int, bool]:
    return (WEIGHTY.index(doubt.severity) if doubt.severity in WEIGHTY else 2, doubt.kind == "issue")


def slot_of(line: Line, doubt: Doubt, made: Sheet) -> str:
    """The slot of a row with which a doubt about it is shown: the one whose cell it names, else its value."""
    role = doubt.row.get("numbers") or ""
    by_cell = {f.cell_id: f for f in line.fields.values() if f.cell_id}
    if doubt.kind == "issue" and doubt.cells and doubt.cells[0] in by_cell:
        return by_cell[doubt.cells[0]].slot
    if '"role": "actual"' in role and "actual" in line.fields:
        return line.fields["actual"].slot
    named = line.fields.get("target") or line.fields.get("name")
    return named.slot if named else line.slot


__all__ = ["ROLES", "Field", "Line", "Sheet", "sheet", "slot_of", "suggestion"]
