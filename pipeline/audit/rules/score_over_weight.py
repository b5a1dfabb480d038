"""More points given than the row carries, or fewer than none."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.phrase import place, plain
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject


@rule(
    "score_over_weight",
    title="Score above the points of the row",
    severity=Severity.ERROR,
    basis="得分最高不超过分值：财预〔2020〕10号 [K]; taxonomy §6: never above the points [P]",
)
def score_over_weight(subject: Subject) -> Iterator[Draft]:
    """Quiet where points or score are not printed."""
    for line in subject.lines:
        weight, score = line.row.weight, line.row.score
        if weight is None or score is None or Decimal(0) <= score <= weight:
            continue
        yield Draft(
            f"{place(line.row)}得分{plain(score)}分，超出0至{plain(weight)}分的分值范围。",
            rows=(line.row,),
            numbers={"score": plain(score), "weight": plain(weight)},
        )
    for item in subject.records.funding:
        if item.weight is None or item.score is None or Decimal(0) <= item.score <= item.weight:
            continue
        yield Draft(
            f"预算执行率得分{plain(item.score)}分，超出0至{plain(item.weight)}分的分值范围。",
            cells=(item.cell_id,),
            numbers={"score": plain(item.score), "weight": plain(item.weight)},
        )
