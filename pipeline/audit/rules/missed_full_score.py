"""A target that was missed, yet full points."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from normalizers.quantity import Quantity
from pipeline.audit.phrase import place, plain, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject, is_calendar, is_money, number


def _misses(target: Quantity, actual: Quantity, line: Line) -> bool:
    """Does the result lie outside what was promised? A bare number is a floor, for costs a ceiling."""
    reached = number(actual)
    promised = number(target)
    if reached is None or promised is None or target.approximate or actual.approximate:
        return False
    if target.lower is None or line.is_cost:
        return reached > promised
    return reached < promised


@rule(
    "missed_full_score",
    title="Target missed, yet full points",
    severity=Severity.ERROR,
    basis="taxonomy §7 (target and actual in conflict yet full score) [F]",
)
def missed_full_score(subject: Subject) -> Iterator[Draft]:
    """Quiet unless target and result are one number each, in one unit, neither approximate nor a date."""
    for line in subject.lines:
        weight, score = line.row.weight, line.row.score
        if not weight or score is None or score < weight or line.target is None or line.actual is None:
            continue
        if len(line.target.parts) != 1 or len(line.actual.parts) != 1:
            continue
        target, actual = line.target.parts[0], line.actual.parts[0]
        comparable = target.unit == actual.unit or (is_money(target) and is_money(actual))
        if not comparable or is_calendar(target) or is_calendar(actual) or not _misses(target, actual, line):
            continue
        yield Draft(
            f"{place(line.row)}的指标值为{quote(line.target.folded)}，实际完成值为{quote(line.actual.folded)}，"
            f"未达到目标却得满分{plain(weight)}分。",
            rows=(line.row,),
            numbers={
                "target": plain(number(target) or Decimal(0)),
                "actual": plain(number(actual) or Decimal(0)),
                "score": plain(score),
            },
        )
