"""A decision as the word that records are built with."""

from __future__ import annotations

from decimal import Decimal

from normalizers import parse_value
from normalizers.quantity import Kind as ValueKind
from normalizers.quantity import ParsedValue, Quantity
from pipeline.corrections.types import Correction, Decision, Kind
from pipeline.records.indicators import unplaced
from pipeline.records.people import Word


def word_of(made: Correction, slot: str) -> Word:
    """What records are to read in a slot; an empty word where the machine's reading is to stand."""
    given = made.set
    if made.kind is Kind.LABEL:
        return Word(node=given.node) if not slot.rpartition(":")[2].startswith("level") else Word()
    if made.kind is not Kind.VALUE or given.action is not None:
        return Word()
    if not given.in_figures:
        return Word(text=given.text)
    if slot.rpartition(":")[2] in ("target", "actual") and slot.startswith("row:"):
        return Word(value=in_figures(given))
    number = given.lower if given.lower is not None else given.upper
    unit = given.unit if given.unit is not None else ("元" if slot.count(":") == 2 and slot[0] == "f" else "")
    return Word(text=f"{number:f}{unit}")


def in_figures(given: Decision) -> ParsedValue:
    """A value given by bounds and unit: read from its usual wording where that says just this.

    >>> value = in_figures(Decision(lower="95", unit="%"))
    >>> value.kind.value, value.parts[0].base_lower
    ('percent', Decimal('0.95'))
    >>> in_figures(Decision(lower="2.88", upper="3", unit="万元")).parts[0].lower
    Decimal('28800.00')
    """
    said = _wording(given)
    value = parse_value(said)
    if len(value.parts) == 1 and _agree(value.parts[0], given):
        return unplaced(value)
    part = Quantity(
        lower=given.lower,
        upper=given.upper,
        lower_inclusive=None if given.lower is None else given.lower_inclusive is not False,
        upper_inclusive=None if given.upper is None else given.upper_inclusive is not False,
        unit=given.unit,
        unit_source="cell" if given.unit else None,
    )
    return ParsedValue(said, said, ValueKind.COUNT, (part,), parser="person")


def _wording(given: Decision) -> str:
    unit = given.unit or ""
    if given.lower is not None and given.upper is not None:
        one, other = f"{given.lower:f}", f"{given.upper:f}"
        return f"{one}{unit}" if given.lower == given.upper else f"{one}{unit}-{other}{unit}"
    if given.lower is not None:
        return f"{'>' if given.lower_inclusive is False else '≥'}{given.lower:f}{unit}"
    return f"{'<' if given.upper_inclusive is False else '≤'}{given.upper:f}{unit}"


def _agree(part: Quantity, given: Decision) -> bool:
    """Whether a quantity says what was given, in the unit given or the usual name of it."""
    ends = (
        (part.lower, given.lower, part.lower_inclusive, given.lower_inclusive),
        (part.upper, given.upper, part.upper_inclusive, given.upper_inclusive),
    )
    return (given.unit or None) in (part.unit, part.unit_raw) and all(
        _same(found, wanted, part.scale) and (wanted is None or bool(closed) == (asked is not False))
        for found, wanted, closed, asked in ends
    )


def _same(found: Decimal | None, wanted: Decimal | None, scale: Decimal) -> bool:
    return found == (None if wanted is None else wanted * scale)
