"""The lines of an explanation: the value, its cell in the source, and why each step decided so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors.layout.forms import Form, FormRow, Slot
from pipeline.issues import issue_code
from pipeline.provenance.lookup import Field, Row, rows
from pipeline.records.indicators import ROLES, read_role
from pipeline.settings import SettingsError
from pipeline.stage import key_for
from pipeline.stages import assemble, read
from pipeline.stages.collect import Entry
from pipeline.storage.store import NAME, Store
from pipeline.summary import read_run
from pipeline.work.chain import read_key

# Columns of forms whose cells stand under another name in the layout's form: sources of money, fields.
MONEY = {
    "funding_total_yuan": "total",
    "funding_fiscal_yuan": "fiscal",
    "funding_carryover_yuan": "carryover",
    "funding_other_yuan": "other",
}
SLOTS = {
    "project_nature_raw": "project_nature",
    "period_raw": "period",
    "period_start": "period",
    "period_end": "period",
}


def trail_of(clean: Path, work: Path, form: Row, field: Field, row_no: int | None) -> list[str]:
    """The explanation of one field of one form. Raises SettingsError when the row is not there."""
    document, layout = form_and_document(clean, work, form)
    cells = {c["cell_id"]: c for c in rows(clean, "cells", document_id=form["document_id"])}
    lines = [
        f"{form['fiscal_year']} {form['project_name']} · {field.zh} ({field.table}.{field.column})",
        f"  file     {document['path']} ({document['media_type']}, read by {document['reader']})",
        f"  form     no. {form['form_no']}, kind {form['kind']}, family {form['family']}, tree {form['taxonomy_version']}",
    ]
    if field.table == "forms":
        lines += _form_field(clean, form, field.column, cells, layout)
        lines += _decided(clean, form, None, SLOTS.get(field.column, MONEY.get(field.column, field.column)))
    else:
        found = [
            r
            for r in rows(clean, "indicators", form_id=form["form_id"])
            if row_no is None or r["row_no"] == row_no
        ]
        if not found:
            raise SettingsError(f"form {form['form_id']} has no indicator row {row_no}")
        for indicator in sorted(found, key=lambda r: int(r["row_no"])):
            lines += _indicator(indicator, field.column, cells, layout)
            role = field.column.partition("_")[0]
            lines += _decided(clean, form, indicator, "name" if role == "level3" else role)
    if layout is None:
        lines.append("  (the work folder no longer holds the reasons; run jixiao extract to have them again)")
    return lines


def _decided(clean: Path, form: Row, indicator: Row | None, name: str) -> Iterator[str]:
    """What people decided about the slot, and what became of it."""
    if not (clean / "corrections").is_dir():
        return  # published by an earlier version
    start = "row" if indicator else "fi" if name not in MONEY.values() else "funding"
    for one in rows(clean, "corrections", form_id=form["form_id"]):
        parts = one["slot"].split(":")
        here = indicator is None or one["indicator_id"] == indicator["indicator_id"]
        if here and name in parts[1:] and parts[0].startswith(start):
            yield (
                f"  person   {one['who']} at {one['decided_at']}: {one['human']!r} instead of {one['machine_text']!r} "
                f"({one['machine']}), {one['status']}" + (f"; {one['why']}" if one["why"] else "")
            )


def form_and_document(clean: Path, work: Path, form: Row) -> tuple[Row, Form | None]:
    """The published document of a published form, and the form as the layout understood it."""
    document = next(
        d for d in rows(clean, "documents", document_id=form["document_id"]) if d["status"] != "duplicate"
    )
    settings = (read_run(clean) or {}).get("settings", {})
    return document, stored_form(work, document, form["form_no"], settings.get("second_opinion", ""))


def stored_form(work: Path, document: Row, form_no: int, asked: str) -> Form | None:
    """The form as the layout understood it, from the stage results; None where they are gone.

    ``asked`` is the second reader of the run that published the document, empty for none.
    """
    if not (work / NAME).is_file():
        return None
    entry = Entry(
        document["path"],
        Path(),
        document["bytes"],
        document["document_id"],
        member=document["member"],
        second_opinion=asked,
    )
    with Store(work) as store:
        key = key_for(assemble.STAGE, key_for(read.STAGE, read_key(entry)))
        stored = store.get(key)
    if stored is None or stored.refused:
        return None
    forms = {form.form_no: form for form in assemble.STAGE.codec.decode(stored.blob).forms}
    return forms.get(form_no)


def _form_field(
    clean: Path, form: Row, column: str, cells: dict[str, Row], layout: Form | None
) -> Iterator[str]:
    yield f"  value    {form[column]}"
    if column in MONEY:
        for amount in rows(clean, "funding", form_id=form["form_id"], source=MONEY[column]):
            yield (
                f"  amount   {amount['stage']}: printed {amount['amount_raw']!r} → {amount['amount_yuan']} 元, "
                f"scale from {amount['scale_source'] or 'nowhere'}"
            )
            yield from _cell(cells.get(amount["cell_id"]))
        if layout is not None:
            for item in layout.funding:
                if item.source == MONEY[column]:
                    yield from _why("layout", item.amount)
        return
    name = SLOTS.get(column, column)
    slot = layout.fields.get(name) if layout is not None else None
    if layout is None:
        for cell in cells.values():
            if cell["form_id"] == form["form_id"] and cell["claimed_by"] == f"form:{name}":
                yield from _cell(cell)
    if slot is not None:
        yield from _cell(cells.get(slot.cell.id) if slot.cell else None)
        yield from _why("layout", slot)


def _indicator(row: Row, column: str, cells: dict[str, Row], layout: Form | None) -> Iterator[str]:
    yield f"  row {row['row_no']:<4} {row['level3']}"
    yield f"  value    {row[column]}"
    role = column.partition("_")[0]
    cell_id = row[f"{role}_cell_id"] if role in (*ROLES, "level2", "level3") else row["level3_cell_id"]
    yield from _cell(cells.get(cell_id))
    yield (
        f"  scores   read {_score(row['confidence_read'])}, structure {_score(row['confidence_structure'])}, "
        f"meaning {_score(row['confidence_meaning'])} → {row['grade']}"
    )
    printed = next((r for r in layout.rows if r.row_no == row["row_no"]), None) if layout else None
    if printed is not None:
        yield from _reasons(printed, role)


def _reasons(printed: FormRow, role: str) -> Iterator[str]:
    for name, label in (("level 1", printed.level1), ("level 2", printed.level2)):
        if label is not None:
            yield f"  {name}  {label.text!r} → {label.node_id} ({label.how}, {label.score:.2f}) {label.reason}"
    for reason in printed.reasons:
        yield f"  layout   {reason}: {issue_code(reason).title}"
    slot = printed.slots.get(role)
    if slot is not None:
        yield from _why("slot", slot)
    if role in ROLES:
        value = read_role(printed, role).value
        if value is not None:
            yield f"  reading  {value.kind.value} by {value.parser or 'no reader'}: {_parts(value)}"


def _parts(value: Any) -> str:
    said = []
    for p in value.parts:
        low, high = ("" if n is None else f"{n:f}" for n in (p.lower, p.upper))
        said.append(
            f"{low}…{high} {p.unit or ''}".strip() if low != high else f"{low} {p.unit or ''}".strip()
        )
    said += [s.word for s in value.states]
    return "; ".join(said) + (f" (left over: {value.residue})" if value.residue else "")


def _why(step: str, slot: Slot) -> Iterator[str]:
    if slot.how:
        yield f"  {step:8} {slot.how} (structure {slot.structure:.2f})"
    if slot.label_cell is not None and slot.label_cell.text.strip():
        yield f"  label    {slot.label_cell.text!r}"


def _cell(cell: Row | None) -> Iterator[str]:
    if cell is None:
        yield "  cell     none: nothing is printed there"
        return
    place = [f"{name} {cell[name]}" for name in ("page", "sheet", "ref", "line") if cell[name] is not None]
    if cell["x0"] is not None:
        place.append(f"box {cell['x0']:.1f},{cell['y0']:.1f},{cell['x1']:.1f},{cell['y1']:.1f} pt")
    if cell["row"] is not None:
        place.append(f"grid row {cell['row']} column {cell['col']}")
    yield f"  cell     {', '.join(place)}: {cell['text']!r}"
    yield f"  claimed  {cell['claimed_by']}" + (
        f", inferred: {', '.join(cell['inferred'])}" if cell["inferred"] else ""
    )


def _score(score: float | None) -> str:
    return "not measured" if score is None else f"{score:.2f}"
