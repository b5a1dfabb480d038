"""Reading of one 指标值 cell: :func:`parse_value` and, for forms with three columns, :func:`parse_parts`."""

from __future__ import annotations

from dataclasses import replace

from normalizers.quantity import Kind, ParsedValue
from normalizers.text import fold_map, is_filler
from normalizers.values.assemble import assemble
from normalizers.values.context import NOTHING, build
from normalizers.values.lexicon import simplify
from normalizers.values.scan import Scan, has_number, scan
from normalizers.values.single import read_single

__all__ = ["parse_parts", "parse_value"]


def parse_value(
    text: str, *, column_unit: str | None = None, label: str | None = None, level2: str | None = None
) -> ParsedValue:
    """Read one value cell.

    Args:
        text: the cell as printed.
        column_unit: unit printed in the column head, the row label or a unit column (``万元``).
        label: name of the indicator, which may carry the unit (``面积(亩)``) or say what is counted.
        level2: node id (``output.cost``) or printed label of the level-2 indicator.

    Returns:
        What the cell says. The three contexts fill a missing unit or scale and never override the
        cell. ``kind`` is ``other`` when something that matters was left unread (``residue``), as is
        what stands behind the 64th quantity of one cell.
        Never raises on a ``str``.

    Example:
        >>> value = parse_value("≥2.88万元")
        >>> value.kind, value.parts[0].lower, value.parts[0].unit, value.parts[0].unit_raw
        (<Kind.MONEY: 'money'>, Decimal('28800.00'), '元', '万元')
        >>> parse_value("进一步").parts, parse_value("20", column_unit="万元").parts[0].lower
        ((), Decimal('200000'))
    """
    folded = fold_map(text)
    plain = simplify(folded.text)
    context = NOTHING
    if column_unit is not None or label is not None or level2 is not None:
        context = build(column_unit, label, level2)
    single = read_single(text, folded, plain, context)
    if single is not None:
        return single
    if is_filler(folded.text):
        return ParsedValue(text, folded.text, Kind.BLANK, parser="blank")
    scanned = scan(plain) if has_number(plain) else Scan(plain, [(0, len(plain))])
    return assemble(text, folded, scanned, context)


def parse_parts(
    sign: str | None,
    number: str,
    unit: str | None,
    *,
    label: str | None = None,
    level2: str | None = None,
) -> ParsedValue:
    """Read sign, number and unit that stand in three columns, by the same reader.

    The sign (``≥``, ``大于等于``, ``定性`` …) and the unit count as printed for the cell unless the
    number cell says so itself. ``raw``, ``start`` and ``end`` are those of the **number** cell.

    Example:
        >>> part = parse_parts("≥", "95", "%").parts[0]
        >>> part.lower, part.upper, part.unit, part.unit_source, (part.start, part.end)
        (Decimal('95'), None, '%', 'column', (0, 2))
    """
    alone = parse_value(number, column_unit=unit, label=label, level2=level2)
    lead = (sign or "").strip()
    if not lead or len(alone.parts) != 1 or alone.residue:
        return alone
    first = alone.parts[0]
    if first.lower is None or first.lower != first.upper:
        return alone  # the number cell carries its own comparator
    joined = parse_value(lead + number, column_unit=unit, label=label, level2=level2)
    if len(joined.parts) != 1 or joined.residue or joined.kind is Kind.OTHER:
        return alone
    return _rebase(joined, alone)


def _rebase(joined: ParsedValue, alone: ParsedValue) -> ParsedValue:
    """``joined`` with text and spans of the number cell."""
    first = alone.parts[0]
    part = replace(joined.parts[0], start=first.start, end=first.end, label=first.label)
    return replace(joined, raw=alone.raw, folded=alone.folded, parts=(part,))
