"""The printed total score against the scores of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.limits import limits
from pipeline.audit.phrase import plain
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_TOLERANCE = limits("total_score").number("tolerance")


@rule(
    "total_score",
    title="Total score is not the sum of the scores",
    severity=Severity.ERROR,
    basis="总分为各项得分之和：财预〔2020〕10号 [K]; taxonomy §7 (points that do not match) [F]",
)
def total_score(subject: Subject) -> Iterator[Draft]:
    """Quiet without a total and when a row that carries points has no score."""
    printed = subject.form.total_score
    lines = [line for line in subject.lines if line.row.score is not None]
    unscored = [line for line in subject.lines if line.row.score is None and line.row.weight]
    if printed is None or not lines or unscored:
        return
    rows = sum((line.row.score or Decimal(0) for line in lines), Decimal(0))
    rate = sum((f.score or Decimal(0) for f in subject.records.funding), Decimal(0))
    if min(abs(printed - rows), abs(printed - rows - rate)) <= _TOLERANCE:
        return
    yield Draft(
        f"总分填为{plain(printed)}分，而各项指标得分{plain(rows)}分与预算执行率得分{plain(rate)}分合计"
        f"{plain(rows + rate)}分，两者不一致。",
        rows=tuple(line.row for line in lines),
        cells=(subject.field_cell("total_score"),),
        numbers={"printed": plain(printed), "sum": plain(rows + rate)},
    )
