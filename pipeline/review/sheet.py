"""One form laid out for a person: header, money and rows, each field with raw text, reading and doubts.

Names of slots are those of the ledger (``field:goal``, ``funding:total:target``, ``row:5:target``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.review.archive import Archive, Doubt, Row, name_of
from pipeline.review.fields import (
    ROW_FIELDS,
    Claims,
    Field,
    Line,
    claims_of,
    funding_fields,
    header_fields,
    line_of,
)
from pipeline.review.queue import WEIGHTY
from pipeline.review.words import Speaker

WHOLE = "form"


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
            yield from ((slot_of(line, d), d) for d in line.doubts)


def sheet(archive: Archive, form_id: str, say: Speaker) -> Sheet | None:
    """The layout of a form; None where there is no such form."""
    form = archive.forms.get(form_id)
    if form is None:
        return None
    document = archive.documents[form["document_id"]]
    cells = archive.rows("cells", form_id)
    claims = claims_of(cells)
    indicators = archive.rows("indicators", form_id)
    quantities: defaultdict[str, list[Row]] = defaultdict(list)
    for part in archive.quantities(indicators):
        quantities[part["indicator_id"]].append(part)
    lines = [line_of(i, claims, quantities[i["indicator_id"]], say) for i in indicators]
    made = Sheet(
        form=form,
        document=document,
        path=name_of(document),
        header=list(header_fields(form, claims, say)),
        funding=list(funding_fields(archive.rows("funding", form_id), say)),
        lines=lines,
        blanks=len(archive.rows("blank_slots", form_id)),
        doubts=[],
        field_doubts={},
        files=archive.of_files.get(form["document_id"], []),
        cells=cells,
    )
    _place_doubts(made, archive.doubts.get(form_id, []), claims)
    return made


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


def slot_of(line: Line, doubt: Doubt) -> str:
    """The slot of a row with which a doubt about it is shown: the one whose cell it names, else its value."""
    role = doubt.row.get("numbers") or ""
    by_cell = {f.cell_id: f for f in line.fields.values() if f.cell_id}
    if doubt.kind == "issue" and doubt.cells and doubt.cells[0] in by_cell:
        return by_cell[doubt.cells[0]].slot
    if '"role": "actual"' in role and "actual" in line.fields:
        return line.fields["actual"].slot
    named = line.fields.get("target") or line.fields.get("name")
    return named.slot if named else line.slot
