"""The indicator block as rows: labels, names, read values, and the printed slots left empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from extractors.grid import Cell, TextBlock
from extractors.layout.forms import FormRow, LevelLabel, Slot
from normalizers import parse_value
from normalizers.frozen import maker
from normalizers.quantity import Kind, ParsedValue
from normalizers.values import parse_parts
from pipeline.records.confidence import grade, lowest, meaning_of, read_score
from pipeline.records.ids import indicator_id
from pipeline.records.meaning import concept_of, quantities_in
from pipeline.records.money import number_of
from pipeline.records.notes import Notes
from pipeline.records.people import NOBODY, People, Word, decided, spoken
from pipeline.records.types import BlankValue, RowReading
from pipeline.records.values import columns, too_large
from pipeline.schema import BlankSlotRow, IndicatorRow, ValueColumns

_ROW = maker(IndicatorRow)
ROLES = ("target", "actual")


@dataclass(frozen=True, slots=True)
class Printed:
    """A value cell as printed and as read, by the machine or by a person."""

    raw: str | None
    value: ParsedValue | None
    cell_id: str | None
    how: str = "machine"


@dataclass(frozen=True, slots=True)
class Where:
    """What every row of one form has in common."""

    form_id: str
    document_id: str
    year: int
    form_structure: float


def blank_row(row: FormRow, where: Where) -> BlankSlotRow:
    """The row of a printed 指标N slot without text."""
    return BlankSlotRow(
        form_id=where.form_id,
        row_no=row.row_no,
        level2_id=row.level2.node_id if row.level2 else None,
        ordinal=row.ordinal,
        cell_id=row.name_cell.id if row.name_cell else None,
        fiscal_year=where.year,
    )


def blank_values(row: FormRow) -> Iterator[BlankValue]:
    """What stands in the value cells of a slot without a name."""
    for role in ROLES:
        slot = row.slots.get(role)
        if slot is not None and slot.cell is not None and slot.text.strip():
            yield BlankValue(row.row_no, role, slot.text, slot.cell.id)


def indicator_row(
    row: FormRow, where: Where, notes: Notes, people: People = NOBODY
) -> tuple[IndicatorRow, RowReading]:
    """One indicator and how its values and words were read; doubts about them are noted."""
    key, at = indicator_id(where.form_id, row.row_no), f"row:{row.row_no}"
    printed = {role: read_role(row, role, people.get(f"{at}:{role}")) for role in ROLES}
    concept, concept_score = _concept(row, printed, people.get(f"{at}:concept"))
    for role in ROLES:
        _note_value(printed[role], where.form_id, key, notes)
    read, structure, meaning = _confidences(row, printed, where)
    cells = {role: columns(p.raw, p.value, p.cell_id, p.how) for role, p in printed.items()}
    made = _ROW(
        indicator_id=key,
        form_id=where.form_id,
        document_id=where.document_id,
        row_no=row.row_no,
        horizon=row.horizon,
        **_labels(row),
        ordinal=row.ordinal,
        level3=row.name,
        level3_raw=row.name_raw,
        concept_id=concept,
        concept_score=concept_score,
        target=cells["target"],
        actual=cells["actual"],
        **_points(row, where.form_id, key, notes, people),
        deviation=_text(spoken(row.slots.get("deviation"), people.get(f"{at}:deviation"))),
        confidence_read=read,
        confidence_structure=structure,
        confidence_meaning=meaning,
        grade=grade(read, structure, meaning),
        corrected=decided(people, at),
        level3_cell_id=row.name_cell.id if row.name_cell else None,
        fiscal_year=where.year,
    )
    target, actual = (printed[role].value for role in ROLES)
    return made, RowReading(key, row.row_no, target, actual, quantities_in(row.name), concept)


def _concept(row: FormRow, printed: dict[str, Printed], word: Word | None) -> tuple[str | None, float | None]:
    if word is not None and word.node is not None:
        return word.node, 1.0
    return concept_of(row.name, row.level2.node_id if row.level2 else None, printed["target"].value)


def _points(row: FormRow, form_id: str, key: str, notes: Notes, people: People) -> dict[str, Any]:
    slots = {
        name: spoken(row.slots.get(name), people.get(f"row:{row.row_no}:{name}"))
        for name in ("weight", "score")
    }
    return {
        name: number_of(slot, name, notes, form_id=form_id, indicator_id=key) for name, slot in slots.items()
    }


def read_role(row: FormRow, role: str, word: Word | None = None) -> Printed:
    """The target or actual value of a row; its sign and unit may stand in columns of their own.

    A person's ``word`` is read in place of what is printed; ``raw`` stays what is printed.
    """
    slot = row.slots.get(role)
    if slot is None and role == "actual":
        slot = row.slots.get("executed")  # a monitoring form prints what was reached by its month
    raw = _text(slot)
    text = raw if word is None or word.text is None else word.text
    how = "machine" if word is None else "person"
    cell_id = slot.cell.id if slot is not None and slot.cell and (raw or word) else None
    if word is not None and word.value is not None:
        return Printed(raw, word.value, cell_id, how)
    if text is None:
        return Printed(None, None, cell_id, how)
    unit = _text(row.slots.get("unit")) or row.column_unit
    level2 = (row.level2.node_id or row.level2.text) if row.level2 else None
    sign = _text(row.slots.get("sign")) if role == "target" and text is raw else None
    if sign is not None:
        return Printed(raw, parse_parts(sign, text, unit, label=row.name, level2=level2), cell_id, how)
    value = parse_value(text, column_unit=unit, label=row.name, level2=level2)
    return Printed(raw, value if text is raw else unplaced(value), cell_id, how)


def unplaced(value: ParsedValue) -> ParsedValue:
    """A value that a person gave: its quantities stand nowhere in the printed text."""
    return replace(value, parts=tuple(replace(part, start=0, end=0) for part in value.parts))


def _text(slot: Slot | None) -> str | None:
    return slot.text if slot is not None and slot.text.strip() else None


def _labels(row: FormRow) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, label in (("level1", row.level1), ("level2", row.level2)):
        found[f"{name}_id"] = label.node_id if label else None
        found[f"{name}_raw"] = (label.text or None) if label else None
        found[f"{name}_how"] = label.how if label else None
    found["level2_score"] = row.level2.score if row.level2 else None
    found["level2_cell_id"] = row.level2.cell.id if row.level2 and row.level2.cell else None
    return found


def _note_value(printed: Printed, form_id: str, key: str, notes: Notes) -> None:
    value = printed.value
    if value is None or printed.raw is None or printed.how == "person":
        return
    where = {"form_id": form_id, "indicator_id": key, "cell_id": printed.cell_id}
    if value.kind is Kind.OTHER:
        notes.add("value_unread", {"text": printed.raw, "residue": value.residue or printed.raw}, **where)
    elif value.ambiguous:
        readers = "、".join((value.parser, *value.ambiguous))
        notes.add("value_ambiguous", {"text": printed.raw, "readers": readers}, **where)
    if too_large(value):
        notes.add("number_out_of_range", {"text": printed.raw}, **where)


def _confidences(
    row: FormRow, printed: dict[str, Printed], where: Where
) -> tuple[float | None, float | None, float | None]:
    places: list[Cell | TextBlock | None] = [row.name_cell]
    places += [label.cell for label in (row.level1, row.level2) if label]
    places += [slot.cell for slot in row.slots.values() if slot.text.strip()]
    structure = lowest(
        [
            row.structure,
            where.form_structure,
            *(slot.structure for slot in row.slots.values()),
            *(place.confidence.structure for place in places if place is not None),
        ]
    )
    meaning = lowest([_label_score(row.level2), *map(_value_score, printed.values())])
    return read_score(places), structure, meaning


def _value_score(printed: Printed) -> float | None:
    return 1.0 if printed.how == "person" else meaning_of(printed.value)


def _label_score(label: LevelLabel | None) -> float | None:
    return label.score if label is not None and label.node_id is not None else None


__all__ = ["Printed", "ValueColumns", "Where", "blank_row", "blank_values", "indicator_row", "read_role"]
