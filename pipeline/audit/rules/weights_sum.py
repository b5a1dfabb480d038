"""The points of the indicators against 100 (or what the execution rate leaves of it)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.limits import limits
from pipeline.audit.phrase import plain
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_LIMITS = limits("weights_sum")
_SUMS = frozenset(map(Decimal, _LIMITS.words("sums")))
_SHARE = _LIMITS.number("least_share")
_FULL = Decimal(100)


@rule(
    "weights_sum",
    title="Points do not add up to 100",
    severity=Severity.WARNING,
    basis="分值合计100分：财预〔2020〕10号 [K]; taxonomy §6 (10+50+30+10) [P]; weights of 90 or 100 seen [F]",
)
def weights_sum(subject: Subject) -> Iterator[Draft]:
    """Quiet when too few rows carry points, and for 90 or 80 where no points of the rate are printed."""
    weighted = [(line, line.row.weight) for line in subject.lines if line.row.weight is not None]
    if not weighted or len(weighted) < _SHARE * len(subject.lines):
        return
    indicators = sum((weight for _, weight in weighted), Decimal(0))
    rate = next((f for f in subject.records.funding if f.weight is not None), None)
    whole = indicators + (rate.weight or Decimal(0) if rate else Decimal(0))
    if whole == _FULL or indicators == _FULL or (rate is None and indicators in _SUMS):
        return
    together = f"，加上预算执行率{plain(rate.weight or Decimal(0))}分共{plain(whole)}分" if rate else ""
    yield Draft(
        f"各项指标分值合计{plain(indicators)}分{together}，不等于100分，相差{plain(abs(whole - _FULL))}分。",
        rows=tuple(line.row for line, _ in weighted),
        cells=(rate.cell_id,) if rate else (),
        numbers={"indicators": plain(indicators), "whole": plain(whole)},
    )
