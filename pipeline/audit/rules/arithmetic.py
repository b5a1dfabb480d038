"""Per-day, per-month and per-head amounts in the words of a row, worked out against its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from normalizers.quantity import Quantity
from pipeline.audit.limits import limits
from pipeline.audit.phrase import money, place, plain, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject, amount, number
from pipeline.audit.words import clause

_LIMITS = limits("arithmetic")
_MONTHS = _LIMITS.number("months")
_DAYS = _LIMITS.number("days")
_EVERY = re.compile(r"每(?:个?工作)?(?P<unit>日|天|个?月|年)")
_SLASH = re.compile(r"元?/(?:人|名)?[·*×/]?(?P<unit>天|日|月|年)")
_HEADS = frozenset({"人", "名", "位"})


@dataclass(frozen=True, slots=True)
class _Rate:
    """``yuan`` for every ``unit`` (天, 月 or 年) of one person."""

    yuan: Decimal
    unit: str


def _rate(line: Line) -> _Rate | None:
    """The one regular payment the words state; None where they state none, or several."""
    found = []
    for quantity in line.words:
        yuan = number(quantity) if quantity.dimension == "money" else None
        if not yuan or quantity.approximate or quantity.lower != quantity.upper:
            continue
        start, _ = clause(line.name, quantity.start)
        every = _EVERY.search(line.name, start, quantity.start) or _SLASH.match(line.name, quantity.end)
        if every is not None:
            unit = {"日": "天", "个月": "月"}.get(every["unit"], every["unit"])
            found.append(_Rate(yuan, unit))
    return found[0] if len(found) == 1 else None


def _heads(subject: Subject) -> set[Decimal]:
    """Numbers of persons printed anywhere in the form, and one person."""
    parts = [p for line in subject.lines if line.target is not None for p in line.target.parts]
    parts += [q for line in subject.lines for q in line.words]
    counts = (number(p) for p in parts if p.unit in _HEADS)
    return {n for n in counts if n is not None and n > 0} | {Decimal(1)}


def _monthly_days(subject: Subject) -> tuple[Line, Quantity] | None:
    """The row that promises days in every month (每月驻村时间 | ≥20天)."""
    for line in subject.lines:
        if "每月" not in line.name or line.target is None:
            continue
        for part in line.target.parts:
            if part.unit in ("天", "日") and part.lower is not None:
                return line, part
    return None


def _by_month(line: Line, rate: _Rate, times: Decimal, subject: Subject) -> Draft | None:
    """Whole months, of one year or of a printed number of persons, or any number of persons' years."""
    if times == times.to_integral_value() and (times <= _MONTHS or times % _MONTHS == 0):
        return None
    heads = _heads(subject)
    if any(times % head == 0 and times / head <= _MONTHS for head in heads):
        return None
    printed = sorted(heads - {Decimal(1)})
    year = rate.yuan * _MONTHS
    why = f"按{plain(_MONTHS)}个月计算应为{money(year)}的整倍数"
    if len(printed) == 1:
        why = f"按表中{plain(printed[0])}人、{plain(_MONTHS)}个月计算应为{money(year * printed[0])}"
    return _broken(line, rate, times, why)


def _by_day(line: Line, rate: _Rate, times: Decimal, subject: Subject) -> Draft | None:
    promised = _monthly_days(subject)
    if times != times.to_integral_value():
        return _broken(line, rate, times, "天数不是整数")
    if promised is not None:
        return _against_promise(line, rate, times, promised, _heads(subject))
    if any(times <= _DAYS * head for head in _heads(subject)) or len(_heads(subject)) == 1:
        return None
    return _broken(line, rate, times, f"超过全年{plain(_DAYS)}天与表中人数之积")


def _against_promise(
    line: Line, rate: _Rate, times: Decimal, promised: tuple[Line, Quantity], heads: set[Decimal]
) -> Draft | None:
    other, part = promised
    days = (part.lower or Decimal(0)) * _MONTHS
    if any(times == days * head for head in heads):
        return None
    return Draft(
        f"{place(line.row)}：按每天{money(rate.yuan)}计算，指标值{line.row.target.raw}相当于{plain(times)}天"
        f"（1人时每月{plain(round(times / _MONTHS, 2))}天）；而{quote(other.name)}的指标值为{other.row.target.raw}，"
        f"按{plain(_MONTHS)}个月、1人计为{plain(days)}天，合{money(rate.yuan * days)}，请核对人数与天数。",
        rows=(other.row, line.row) if other.row.row_no < line.row.row_no else (line.row, other.row),
        numbers={
            "rate_yuan": plain(rate.yuan),
            "days": plain(times),
            "target_yuan": plain(rate.yuan * times),
            "promised_days": plain(days),
            "promised_yuan": plain(rate.yuan * days),
            "assumption": "12个月、1人",
        },
        severity=Severity.INFO,
    )


def _broken(line: Line, rate: _Rate, times: Decimal, why: str) -> Draft:
    return Draft(
        f"{place(line.row)}：按每{rate.unit}{money(rate.yuan)}计算，指标值{line.row.target.raw}相当于"
        f"{plain(round(times, 2))}{'个月' if rate.unit == '月' else rate.unit}，{why}，两者无法对应。",
        rows=(line.row,),
        numbers={"rate_yuan": plain(rate.yuan), "unit": rate.unit, "times": plain(round(times, 4))},
    )


@rule(
    "arithmetic",
    title="Per-day or per-month amount does not give the value",
    severity=Severity.WARNING,
    basis="taxonomy §7; 预算测算依据 [K]",
)
def arithmetic(subject: Subject) -> Iterator[Draft]:
    """Quiet when months, days and persons printed in the form explain the value.

    What rests on an assumption (one person, twelve months) is ``info`` and says so.
    """
    for line in subject.lines:
        value, rate = amount(line.target), _rate(line)
        yuan = None if value is None else number(value)
        if value is None or rate is None or yuan is None or value.approximate or yuan <= rate.yuan:
            continue
        times = yuan / rate.yuan
        draft = None
        if rate.unit == "月":
            draft = _by_month(line, rate, times, subject)
        elif rate.unit == "天":
            draft = _by_day(line, rate, times, subject)
        elif times != times.to_integral_value():
            draft = _broken(line, rate, times, "年数不是整数")
        if draft is not None:
            yield draft
