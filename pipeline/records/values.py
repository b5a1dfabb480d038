"""Read values as columns: the first quantity of a value, all its quantities, numbers that fit.

Published numbers are decimal(38, 12). A longer fraction is rounded to twelve places; a number too
large to hold is left out and reported, never cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal

from normalizers.frozen import maker
from normalizers.quantity import Kind, ParsedValue, Quantity
from pipeline.schema import QuantityRow, ValueColumns

_QUANTITY, _COLUMNS = maker(QuantityRow), maker(ValueColumns)
_NOTHING, _NO_PART = ValueColumns(), Quantity(unit=None)
_PLACES = Decimal(1).scaleb(-12)
_LIMIT = Decimal(10) ** 26


def fit(number: Decimal | None) -> Decimal | None:
    """The number as decimal(38, 12) can hold it, or None.

    >>> fit(Decimal("2.88")), fit(Decimal(2) / 3), fit(Decimal("1e26"))
    (Decimal('2.88'), Decimal('0.666666666667'), None)
    """
    if number is None or not number.is_finite() or abs(number) >= _LIMIT:
        return None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -12:
        return number.quantize(_PLACES, rounding=ROUND_HALF_EVEN)
    return number


def too_large(value: ParsedValue) -> bool:
    """Whether some number of the value is too large to publish."""
    numbers = (n for p in value.parts for n in (p.lower, p.upper, p.base_lower, p.base_upper, p.per_count))
    return any(n is not None and fit(n) is None for n in numbers)


def columns(
    raw: str | None, value: ParsedValue | None, cell_id: str | None, how: str = "machine"
) -> ValueColumns:
    """The columns of a target or actual value: printed text, who read it, kind, first quantity.

    >>> columns(None, None, None) == ValueColumns()
    True
    """
    if value is None:
        if raw is None and cell_id is None and how != "person":
            return _NOTHING
        return ValueColumns(raw=raw, how=how if how == "person" else None, cell_id=cell_id)
    part = value.parts[0] if value.parts else _NO_PART
    return _COLUMNS(
        raw=raw,
        how=how,
        kind=value.kind.value,
        lower=fit(part.lower),
        upper=fit(part.upper),
        lower_inclusive=part.lower_inclusive,
        upper_inclusive=part.upper_inclusive,
        approximate=part.approximate if value.parts else None,
        unit=part.unit,
        base_lower=fit(part.base_lower),
        base_upper=fit(part.base_upper),
        base_unit=part.base_unit,
        direction=value.direction.value if value.direction else None,
        date_start=part.date_start,
        date_end=part.date_end,
        cell_id=cell_id,
    )


def quantities(indicator_id: str, role: str, value: ParsedValue | None, year: int) -> Iterator[QuantityRow]:
    """One row for each quantity of a value, in printed order."""
    for part_no, part in enumerate(value.parts if value else ()):
        yield _QUANTITY(
            indicator_id=indicator_id,
            role=role,
            part_no=part_no,
            joiner=part.joiner,
            label=part.label,
            lower=fit(part.lower),
            upper=fit(part.upper),
            lower_inclusive=part.lower_inclusive,
            upper_inclusive=part.upper_inclusive,
            approximate=part.approximate,
            approximate_word=part.approximate_word,
            number_raw=part.number_raw,
            scale=fit(part.scale) or Decimal(1),
            scale_source=part.scale_source,
            unit_raw=part.unit_raw,
            unit=part.unit,
            unit_source=part.unit_source,
            dimension=part.dimension,
            base_lower=fit(part.base_lower),
            base_upper=fit(part.base_upper),
            base_unit=part.base_unit,
            per_count=fit(part.per_count),
            per_unit=part.per_unit,
            date_start=part.date_start,
            date_end=part.date_end,
            start=part.start,
            end=part.end,
            fiscal_year=year,
        )


def exact_number(value: ParsedValue) -> Decimal | None:
    """The one number a cell states, or None when it states several, a range, or none.

    >>> exact_number(ParsedValue("10", "10", Kind.COUNT, (Quantity(Decimal(10), Decimal(10)),)))
    Decimal('10')
    """
    if len(value.parts) != 1 or value.kind is Kind.OTHER:
        return None
    part = value.parts[0]
    return fit(part.lower) if part.lower is not None and part.lower == part.upper else None
