"""The money block as rows: every amount in yuan, its scale applied once and its origin recorded.

What the cell itself says wins (``20万`` under 万元 is 200000 元); else the unit printed for the row,
the column or the form; where none is printed anywhere the amount stays empty and an issue says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from extractors.layout.forms import FundingItem, Slot
from normalizers import parse_value
from normalizers.quantity import Kind, Quantity
from pipeline.records.notes import Notes
from pipeline.records.people import NOBODY, People, amount_key, decided, spoken
from pipeline.records.values import exact_number
from pipeline.schema import FundingRow

_CENT = Decimal("0.01")
_LIMIT = Decimal(10) ** 18
BESIDE = ("weight", "rate", "score")


def funding_rows(
    items: tuple[FundingItem, ...], form_id: str, year: int, notes: Notes, people: People = NOBODY
) -> Iterator[FundingRow]:
    """One row for each printed amount; cells without one give none."""
    for item in items:
        text, cell = item.amount.text.strip(), item.amount.cell
        if not text or cell is None:
            continue
        at = amount_key(item.source, item.stage, cell.id)
        own = spoken(item.amount, people.get(at)) or item.amount
        amount, source = amount_of(replace(item, amount=own), form_id, notes)
        beside = {name: spoken(getattr(item, name), people.get(f"{at}:{name}")) for name in BESIDE}
        corrected = decided(people, at)
        yield FundingRow(
            form_id=form_id,
            source=item.source,
            stage=item.stage,
            amount_raw=item.amount.text,
            amount_how="person" if at in people else "machine",
            amount_yuan=amount,
            scale_source=source,
            weight=_points(beside["weight"], "weight", form_id, notes),
            rate=_rate(beside["rate"], form_id, notes),
            score=_points(beside["score"], "score", form_id, notes),
            corrected=("amount", *corrected) if at in people else corrected,
            cell_id=cell.id,
            fiscal_year=year,
        )


def amount_of(item: FundingItem, form_id: str, notes: Notes) -> tuple[Decimal | None, str | None]:
    """The amount in yuan and where its scale came from; (None, None) where it cannot be told."""
    text = item.amount.text
    cell_id = item.amount.cell.id if item.amount.cell else None
    value = parse_value(text, column_unit=item.scale_word)
    if value.kind is Kind.BLANK:
        return None, None
    part = _one(value.parts)
    if part is None or part.unit not in (None, "元"):
        notes.add("amount_unread", {"text": text}, form_id=form_id, cell_id=cell_id)
        return None, None
    # In a money block 万 alone is 万元; a bare number without any printed unit is not guessed.
    if part.scale_source == "cell" or part.unit_source == "cell":
        return _cents(part, text, "cell", form_id, cell_id, notes)
    if item.scale_word is None or part.unit is None:
        notes.add("amount_without_unit", {"text": text}, form_id=form_id, cell_id=cell_id)
        return None, None
    return _cents(part, text, item.scale_source or "form", form_id, cell_id, notes)


def _one(parts: tuple[Quantity, ...]) -> Quantity | None:
    """The single exact number of a cell; a range, an approximation or several numbers are none."""
    if len(parts) != 1 or parts[0].approximate or parts[0].lower is None or parts[0].lower != parts[0].upper:
        return None
    return parts[0]


def _cents(
    part: Quantity, text: str, source: str, form_id: str, cell_id: str | None, notes: Notes
) -> tuple[Decimal | None, str | None]:
    exact = part.base_lower if part.base_lower is not None else part.lower
    if exact is None or abs(exact) >= _LIMIT:
        notes.add("number_out_of_range", {"text": text}, form_id=form_id, cell_id=cell_id)
        return None, None
    cents = exact.quantize(_CENT, rounding=ROUND_HALF_UP)
    if cents != exact:
        notes.add("amount_rounded", {"text": text, "exact": f"{exact:f}"}, form_id=form_id, cell_id=cell_id)
    return cents, source


def _points(slot: Slot | None, field: str, form_id: str, notes: Notes) -> Decimal | None:
    return number_of(slot, field, notes, form_id=form_id)


def _rate(slot: Slot | None, form_id: str, notes: Notes) -> Decimal | None:
    """An execution rate as a fraction of 1; a bare number above 1 is a percentage without its sign."""
    if slot is None or not slot.text.strip():
        return None
    value = parse_value(slot.text)
    if value.kind is Kind.PERCENT and len(value.parts) == 1:
        return value.parts[0].base_lower
    number = number_of(slot, "rate", notes, form_id=form_id)
    if number is None:
        return None
    return number if abs(number) <= 1 else number / 100


def number_of(
    slot: Slot | None, field: str, notes: Notes, *, form_id: str, indicator_id: str | None = None
) -> Decimal | None:
    """The number of a points, score or rate cell; None, with an issue, where it is none."""
    if slot is None or not slot.text.strip():
        return None
    value = parse_value(slot.text)
    number = exact_number(value)
    if number is None and value.kind is not Kind.BLANK:
        notes.add(
            "number_unread",
            {"text": slot.text, "field": field},
            form_id=form_id,
            indicator_id=indicator_id,
            cell_id=slot.cell.id if slot.cell else None,
        )
    return number


def header_amount(rows: tuple[FundingRow, ...], source: str, form_id: str, notes: Notes) -> Decimal | None:
    """The yearly amount of one source for the form's header: of the target, else of the year's budget."""
    for stage in ("target", "revised", "initial"):
        found = [r for r in rows if r.source == source and r.stage == stage and r.amount_yuan is not None]
        if not found:
            continue
        if len({r.amount_yuan for r in found}) > 1:
            notes.add("amount_twice", {"text": source}, form_id=form_id, cell_id=found[1].cell_id)
        return found[0].amount_yuan
    return None
