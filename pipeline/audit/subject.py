"""One form as the rules look at it: its rows with what their words and values say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from normalizers.quantity import Kind, ParsedValue, Quantity
from pipeline.records import FormRecords
from pipeline.schema import FormRow, IndicatorRow

COST = frozenset({"output.cost", "cost.economic", "cost"})


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator row: ``words`` are the quantities in its name, ``target``/``actual`` its values."""

    row: IndicatorRow
    target: ParsedValue | None
    actual: ParsedValue | None
    words: tuple[Quantity, ...]

    @property
    def name(self) -> str:
        """The level-3 name without number and closing marks."""
        return self.row.level3

    @property
    def level2(self) -> str:
        """Id of the level-2 node, ``""`` where none was found."""
        return self.row.level2_id or ""

    @property
    def level1(self) -> str:
        """Id of the level-1 node, ``""`` where none was found."""
        return self.row.level1_id or self.level2.partition(".")[0]

    @property
    def is_cost(self) -> bool:
        """Does the row state a direct money cost (not harm to society or nature)?"""
        return self.level2 in COST or (not self.level2 and self.level1 == "cost")

    def values(self) -> tuple[tuple[str, ParsedValue], ...]:
        """The values printed, each with its role ``target`` or ``actual``."""
        both = (("target", self.target), ("actual", self.actual))
        return tuple((role, value) for role, value in both if value is not None)


@dataclass(frozen=True, slots=True)
class Subject:
    """The form under audit."""

    records: FormRecords
    lines: tuple[Line, ...]

    @property
    def form(self) -> FormRow:
        """The published header row of the form."""
        return self.records.form

    @property
    def costs(self) -> tuple[Line, ...]:
        """The yearly cost rows."""
        return tuple(line for line in self.lines if line.is_cost and line.row.horizon == "annual")

    def totals(self, *stages: str) -> tuple[Decimal, ...]:
        """The totals printed in the money block for the given stages, in yuan, without repeats."""
        found = (
            f.amount_yuan
            for f in self.records.funding
            if f.source == "total" and f.stage in (stages or PLANNED)
        )
        amounts = [amount for amount in found if amount is not None]
        if not amounts and self.form.funding_total_yuan is not None:
            amounts = [self.form.funding_total_yuan]
        return tuple(dict.fromkeys(amounts))

    def funding_cells(self, source: str = "total") -> tuple[str, ...]:
        """The cells of the money block that state ``source``."""
        return tuple(f.cell_id for f in self.records.funding if f.source == source)

    def field_cell(self, name: str) -> str | None:
        """The cell of a header field, if it is printed."""
        return self.records.field_cells.get(name)


_SMALL, _LARGE = 9, 15
PLANNED = ("target", "initial", "revised")


def subject_of(records: FormRecords) -> Subject:
    """Lay a form out for the rules."""
    readings = {reading.indicator_id: reading for reading in records.readings}
    lines = []
    for row in records.indicators:
        reading = readings.get(row.indicator_id)
        if reading is None:
            lines.append(Line(row, None, None, ()))
        else:
            lines.append(Line(row, reading.target, reading.actual, reading.name))
    return Subject(records, tuple(lines))


def is_money(quantity: Quantity) -> bool:
    """Is it a plain amount: money, not per head or per day, with a bound?"""
    return quantity.dimension == "money" and quantity.per_unit is None and number(quantity) is not None


def is_percent(quantity: Quantity) -> bool:
    """Is it a percentage?"""
    return quantity.unit == "%"


def is_calendar(quantity: Quantity) -> bool:
    """Is it a date or a span of dates rather than an amount of time?"""
    return quantity.date_start is not None or quantity.kind in (Kind.DATE_PERIOD, Kind.DEADLINE)


def number(quantity: Quantity) -> Decimal | None:
    """The number printed, in the base unit where there is one: a bound, or both if they are one.

    None for a range of two numbers, for a date, and for a number that no form can mean.

    >>> number(Quantity(lower=Decimal(95), unit="%", base_lower=Decimal("0.95"), base_unit="1"))
    Decimal('0.95')
    """
    lower = quantity.base_lower if quantity.base_lower is not None else quantity.lower
    upper = quantity.base_upper if quantity.base_upper is not None else quantity.upper
    if lower is None or upper is None:
        value = upper if lower is None else lower
    else:
        value = lower if lower == upper else None
    # Beyond these sizes a number is damage, and exact arithmetic would no longer hold it.
    return value if value is not None and -_SMALL <= value.adjusted() <= _LARGE else None


def amount(value: ParsedValue | None) -> Quantity | None:
    """The one plain amount a value states, or None where it states none or several."""
    if value is None:
        return None
    found = [part for part in value.parts if is_money(part)]
    return found[0] if len(found) == 1 else None


def is_bound(quantity: Quantity) -> bool:
    """Is only one end given (``≤30万元``, ``100余次``)?"""
    return (quantity.lower is None) != (quantity.upper is None)
