"""Indicators of the target form that the later form no longer has."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.limits import limits
from pipeline.audit.linked import Linked
from pipeline.audit.phrase import listing, quote
from pipeline.audit.rule import Draft, Severity, rule

_LEAST = limits("indicator_dropped").number("least_share")


@rule(
    "indicator_dropped",
    title="Indicator left out of the evaluation",
    severity=Severity.WARNING,
    basis="自评应对照批复的全部绩效指标：财预〔2020〕10号 [K]",
    relations=("monitored_by", "evaluated_by"),
)
def indicator_dropped(pair: Linked) -> Iterator[Draft]:
    """Quiet unless most indicators were found again, and for a row that any row of the later form half resembles."""
    if not pair.lost or len(pair.matches) < _LEAST * (len(pair.matches) + len(pair.lost)):
        return
    yield Draft(
        f"{pair.origin}中的{len(pair.lost)}项指标（{listing(quote(line.name) for line in pair.lost)}）"
        f"在{pair.follower}中没有对应的指标，未作{'监控' if pair.relation == 'monitored_by' else '评价'}。",
        rows=tuple(line.row for line in pair.lost),
        numbers={"dropped": len(pair.lost), "kept": len(pair.matches)},
    )
