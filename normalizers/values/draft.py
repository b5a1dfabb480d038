"""A quantity under construction. Positions are in the folded text until :func:`finish`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from normalizers.frozen import maker
from normalizers.numerals import EXACT
from normalizers.quantity import Kind, ParsedValue, Quantity
from normalizers.text import Folded
from normalizers.units import Unit

ONE = Decimal(1)
make_value = maker(ParsedValue)
_quantity = maker(Quantity)


@dataclass(slots=True)
class Draft:
    """Mutable twin of :class:`~normalizers.quantity.Quantity`; ``deadline`` remembers 内 / 前."""

    start: int
    end: int
    lower: Decimal | None = None
    upper: Decimal | None = None
    lower_inclusive: bool | None = None
    upper_inclusive: bool | None = None
    approximate_word: str | None = None
    number_raw: str | None = None
    scale: Decimal = ONE
    scale_source: str | None = None
    unit: Unit | None = None
    unit_raw: str | None = None
    unit_source: str | None = None
    per_count: Decimal | None = None
    per_unit: str | None = None
    label: str | None = None
    joiner: str | None = None
    date_start: date | None = None
    date_end: date | None = None
    kind: Kind | None = None
    deadline: bool = False
    signed: bool = False  # a comparator was printed
    parser: str = "count"
    rival: str | None = None

    def point(self, low: Decimal, high: Decimal | None = None) -> None:
        """Both bounds, both included."""
        self.lower, self.upper = low, low if high is None else high
        self.lower_inclusive = self.upper_inclusive = True

    def bound(self, side: str) -> None:
        """Open one end of a point: ``ge`` and ``gt`` keep the lower bound, ``le`` and ``lt`` the upper."""
        if side in ("ge", "gt"):
            self.upper = self.upper_inclusive = None
            self.lower_inclusive = side == "ge"
        elif side in ("le", "lt"):
            self.lower = self.lower_inclusive = None
            self.upper_inclusive = side == "le"
        self.signed = True

    def times(self, factor: Decimal) -> None:
        """Multiply both bounds exactly."""
        if self.lower is not None:
            self.lower = EXACT.multiply(self.lower, factor)
        if self.upper is not None:
            self.upper = EXACT.multiply(self.upper, factor)


def part_kind(draft: Draft) -> Kind:
    """Kind of one part from its unit; time with 内 / 前 is a deadline."""
    if draft.kind is not None:
        return draft.kind
    kind = draft.unit.kind if draft.unit is not None else Kind.COUNT
    return Kind.DEADLINE if draft.deadline and kind is Kind.DURATION else kind


def finish(draft: Draft, folded: Folded) -> Quantity:
    """The frozen quantity, its span in the raw text, its bounds in the base unit."""
    unit, lower, upper = draft.unit, draft.lower, draft.upper
    base = None
    base_lower, base_upper = lower, upper
    if unit is not None:
        base = unit.base or unit.id
        factor = unit.factor
        if factor is not None and factor != 1:
            base_lower = None if lower is None else EXACT.multiply(lower, factor)
            base_upper = None if upper is None else EXACT.multiply(upper, factor)
    start, end = folded.span(draft.start, draft.end)
    return _quantity(
        lower,
        upper,
        draft.lower_inclusive,
        draft.upper_inclusive,
        draft.approximate_word is not None,
        draft.approximate_word,
        draft.number_raw,
        draft.scale,
        draft.scale_source,
        draft.unit_raw,
        None if unit is None else unit.id,
        draft.unit_source,
        None if unit is None else unit.dimension,
        base_lower,
        base_upper,
        base,
        draft.per_count,
        draft.per_unit,
        draft.label,
        draft.joiner,
        draft.date_start,
        draft.date_end,
        part_kind(draft),
        start,
        end,
    )
