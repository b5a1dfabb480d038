"""The points of an indicator that are others in the evaluation."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.linked import Linked
from pipeline.audit.phrase import listing, plain, quote
from pipeline.audit.promise import outcome
from pipeline.audit.rule import Draft, Severity, rule


@rule(
    "points_changed",
    title="Points of an indicator changed at the evaluation",
    severity=Severity.WARNING,
    basis="分值权重应在设定目标时确定：财预〔2020〕10号 [K]",
    relations=("evaluated_by",),
)
def points_changed(pair: Linked) -> Iterator[Draft]:
    """Quiet where either form prints no points, and where all changed in one proportion (90 points became 100)."""
    both = [
        (m, m.earlier.row.weight, m.later.row.weight)
        for m in pair.matches
        if m.earlier.row.weight and m.later.row.weight is not None
    ]
    if len({now / was for _, was, now in both if was and now is not None}) < 2:
        return
    changed = [(m, was, now) for m, was, now in both if was != now and was and now is not None]
    missed = [m for m, was, now in changed if now < was and (o := outcome(m.later)) is not None and o.missed]
    said = listing(f"{quote(m.later.name)}由{plain(was)}分改为{plain(now)}分" for m, was, now in changed)
    then = f"，其中{len(missed)}项未完成的指标分值被调低" if missed else ""
    yield Draft(
        f"自评表中有{len(changed)}项指标的分值与{pair.origin}不同（{said}）{then}。",
        rows=tuple(m.later.row for m, _, _ in changed) + tuple(m.earlier.row for m, _, _ in changed),
        numbers={"changed": len(changed), "missed_and_lowered": len(missed)},
    )
