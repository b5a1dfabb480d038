"""The points of the execution rate against the rate itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.limits import limits
from pipeline.audit.phrase import plain
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import PLANNED, Subject
from pipeline.schema import FundingRow

_LIMITS = limits("execution_score")
_ROUNDING, _FULL_FROM = _LIMITS.number("rounding"), _LIMITS.number("full_from")
_ALL, _PERCENT = Decimal(1), Decimal(100)


def _rates(subject: Subject, done: FundingRow) -> list[Decimal]:
    """The rate as printed, and as each printed budget gives it."""
    found = [done.rate] if done.rate is not None else []
    for item in subject.records.funding:
        if item.source == done.source and item.stage in PLANNED and item.amount_yuan:
            found += [done.amount_yuan / item.amount_yuan] if done.amount_yuan is not None else []
    return found


@rule(
    "execution_score",
    title="Points of the execution rate do not follow from the rate",
    severity=Severity.WARNING,
    basis="预算执行率得分=执行率×分值，最高不超过分值：财预〔2020〕10号 [K]; taxonomy §6 [P]",
)
def execution_score(subject: Subject) -> Iterator[Draft]:
    """More points than the highest of the rates gives. Quiet within half a point and for fewer: local bands may be stricter.

    ``info`` from nine tenths on, where some offices give full points.
    """
    for done in subject.records.funding:
        weight, score = done.weight, done.score
        if done.stage != "executed" or not weight or score is None or not 0 <= score <= weight:
            continue
        rates = _rates(subject, done)
        if not rates:
            continue
        rate = min(_ALL, max(rates))
        expected = weight * rate
        if score - expected <= _ROUNDING:
            continue
        yield Draft(
            f"预算执行率为{plain(round(rate * _PERCENT, 2))}%，分值{plain(weight)}分，按执行率计算应得"
            f"{plain(round(expected, 2))}分，却得{plain(score)}分。",
            cells=(done.cell_id,),
            numbers={
                "rate": plain(round(rate, 4)),
                "weight": plain(weight),
                "expected": plain(round(expected, 4)),
                "score": plain(score),
            },
            severity=Severity.INFO if rate >= _FULL_FROM else None,
        )
