"""A count in the words of a row against the row's own value (接待313批 | 300批)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from normalizers.quantity import Quantity
from pipeline.audit.phrase import listing, place, plain, quote, shown
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject, is_bound, is_calendar, is_money, number
from pipeline.audit.words import agree, own_counts, wording


def _pairs(line: Line) -> Iterator[tuple[list[Quantity], Quantity]]:
    """For each part of the value the counts of the words in the same unit."""
    if line.target is None:
        return
    for part in line.target.parts:
        if is_money(part) or is_calendar(part) or part.unit is None or number(part) is None:
            continue
        said = own_counts(line, part.unit, part.per_unit)
        if said:
            yield said, part


def _matches(said: list[Quantity], part: Quantity) -> bool:
    whole = sum((number(q) or Decimal(0) for q in said), Decimal(0))
    return whole == number(part) or any(agree(q, part) for q in said)


@rule(
    "text_vs_target_count",
    title="Count in the indicator's words differs from its target",
    severity=Severity.ERROR,
    basis="指标内容与指标值应一致：财预〔2021〕101号 [K]; taxonomy §7 [F]",
)
def text_vs_target_count(subject: Subject) -> Iterator[Draft]:
    """Quiet when a number of the words, or their sum, meets the value within 余 or 约."""
    for line in subject.lines:
        for said, part in _pairs(line):
            if _matches(said, part):
                continue
            loose = is_bound(part) or part.approximate or any(q.approximate for q in said)
            yield Draft(
                f"{place(line.row)}文字中写明{listing(quote(wording(line.name, q)) for q in said)}，"
                f"指标值却为{quote(shown(line.row.target.raw, line.target))}，两者不一致。",
                rows=(line.row,),
                numbers={
                    "words": plain(said[0].lower or said[0].upper or Decimal(0)),
                    "target": plain(part.lower if part.lower is not None else part.upper or Decimal(0)),
                    "unit": part.unit or "",
                },
                severity=Severity.WARNING if loose else None,
            )
