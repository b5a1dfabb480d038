"""A target that is another one on the later form of the same year."""

from __future__ import annotations

from collections.abc import Iterator

from normalizers.quantity import Quantity
from pipeline.audit.linked import Linked, Match
from pipeline.audit.phrase import place, plain, said
from pipeline.audit.promise import Way, comparable, misread, sole, way
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import number

_FORMS = {"declared_as": "批复的目标表", "monitored_by": "监控表", "evaluated_by": "自评表"}


def _met_only_now(match: Match, was: Quantity, better: Way) -> bool:
    """Does the result fall short of the old target, though not of the new one?"""
    actual, new = sole(match.later.actual), sole(match.later.target)
    if actual is None or new is None or not comparable(was, actual):
        return False
    old, now, done = number(was), number(new), number(actual)
    if old is None or now is None or done is None:
        return False
    return now <= done < old if better is Way.UP else old < done <= now


@rule(
    "target_changed",
    title="Target differs between two forms of one year",
    severity=Severity.WARNING,
    basis="绩效目标批复后一般不予调整：财预〔2015〕88号 [K]",
    relations=("declared_as", "monitored_by", "evaluated_by"),
)
def target_changed(pair: Linked) -> Iterator[Draft]:
    """Quiet unless both targets are one number in one unit; a sign alone (≥90%, 90%) is no change,
    nor is a sign that was read as a digit (290%).

    ``error`` where the result keeps the new target and misses the old one; ``info`` between declaration
    and target, which an approval may well change.
    """
    for match in pair.matches:
        was, now = sole(match.earlier.target), sole(match.later.target)
        if was is None or now is None or not comparable(was, now):
            continue
        if misread(match.earlier, match.earlier.target) or misread(match.later, match.later.target):
            continue
        old, new = number(was), number(now)
        if old is None or new is None or old == new:
            continue
        better = way(match.earlier, was)
        lower = better is not None and ((new < old) == (better is Way.UP))
        saved = lower and better is not None and _met_only_now(match, was, better)
        how = "，要求降低" if lower else "，要求提高" if better is not None else ""
        then = "；按原目标衡量则未完成" if saved else ""
        severity = Severity.ERROR if saved else Severity.INFO if pair.relation == "declared_as" else None
        yield Draft(
            f"{place(match.later.row)}在{_FORMS[pair.relation]}中的指标值为{said(match.later.row.target.raw, match.later.target)}，"
            f"而此前的目标为{said(match.earlier.row.target.raw, match.earlier.target)}{how}{then}。",
            rows=(match.later.row, match.earlier.row),
            numbers={"was": plain(old), "now": plain(new), "better": better or "unknown"},
            severity=severity,
        )
