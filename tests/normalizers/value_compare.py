"""How a value case of another project's suite is compared with what ``parse_value`` says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from normalizers import fold, parse_value
from normalizers.quantity import ParsedValue, Quantity
from normalizers.units import unit_table
from normalizers.values.lexicon import simplify

RELATIVE = Decimal("1e-9")


def close(mine: Decimal | None, wanted: float | None) -> bool:
    """Equal up to the relative tolerance; below 1e-12 everything is nothing, as in the suites' floats."""
    if mine is None or wanted is None:
        return mine is None and wanted is None
    other = Decimal(str(wanted))
    return abs(mine - other) <= max(abs(other) * RELATIVE, Decimal("1e-12"))


def _base(value: float | None, unit: str | None) -> float | None:
    known = unit_table().get(unit or "")
    if value is None or known is None or known.factor is None:
        return value
    return float(Decimal(str(value)) * known.factor)


def _numbers(part: Quantity, wanted: dict[str, Any]) -> list[str]:
    problems = []
    for side in ("lower", "upper"):
        mine, target = getattr(part, side), wanted[side]
        based, based_target = getattr(part, f"base_{side}"), _base(target, wanted["unit"])
        if close(mine, target) and (wanted["unit"] in (None, part.unit) or part.unit is None):
            continue
        if wanted["unit"] and close(based, based_target):
            continue
        if wanted.get(f"soft_{side}") and mine is None:
            continue
        problems.append(f"{side} {mine} for {target}")
    return problems


def _flags(part: Quantity, wanted: dict[str, Any]) -> list[str]:
    problems = []
    for side in ("lower", "upper"):
        flag = wanted[f"{side}_inclusive"]
        if (
            flag is not None
            and wanted[side] is not None
            and getattr(part, f"{side}_inclusive") not in (flag, None)
        ):
            problems.append(f"{side}_inclusive")
    if wanted.get("approx") and not part.approximate:
        problems.append("approx")
    return problems


def _unit(part: Quantity, wanted: dict[str, Any]) -> list[str]:
    unit = wanted["unit"]
    if unit is None:
        return [] if part.unit is None else [f"unit {part.unit} for none"]
    allowed = {unit, *wanted.get("alt_units", ())}
    if part.unit in allowed:
        return []
    known, mine = unit_table().get(unit), unit_table().get(part.unit or "")
    same_base = known is not None and mine is not None and known.base is not None and known.base == mine.base
    return [] if same_base else [f"unit {part.unit} for {unit}"]


def _unit_raw(part: Quantity, wanted: dict[str, Any]) -> list[str]:
    """The suites disagree whether 万 of 万元 belongs to the unit: both are right."""
    if wanted["unit_raw"] is None:
        return []
    mine, target = (
        simplify(fold(x or "")).lstrip("十百千万亿兆") for x in (part.unit_raw, wanted["unit_raw"])
    )
    return (
        []
        if mine == target or mine.removeprefix("个") == target.removeprefix("个")
        else [f"unit_raw {mine} for {target}"]
    )


def compare(case: dict[str, Any]) -> tuple[list[str], ParsedValue]:
    """Problems (empty when right) and what was read."""
    value = parse_value(case["input"])
    wanted = {**case, **case["expected"]}
    if len(value.parts) != 1:
        return [f"{len(value.parts)} parts, kind {value.kind}, residue {value.residue!r}"], value
    part = value.parts[0]
    if case["kind"] == "date_period":
        span = (str(part.date_start), str(part.date_end))
        right = span == (wanted["lower"], wanted["upper"])
        return ([] if right else [f"{span}"]), value
    problems = _numbers(part, wanted) + _flags(part, wanted) + _unit(part, wanted) + _unit_raw(part, wanted)
    if value.residue:
        problems.append(f"residue {value.residue!r}")
    return problems, value
