"""The same indicator with a lower promise in the next year."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.linked import Linked, Match
from pipeline.audit.phrase import money, place, plain, said
from pipeline.audit.promise import Way, comparable, differ, misread, sole, way
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import number

_Lowered = tuple[Decimal, Decimal, Way]


def _lowered(match: Match) -> _Lowered | None:
    """The promise of last year, the lower one of this year, and which way is better; else None."""
    was, now = sole(match.earlier.target), sole(match.later.target)
    if match.later.is_cost or was is None or now is None or not comparable(was, now) or not differ(was, now):
        return None
    if misread(match.earlier, match.earlier.target) or misread(match.later, match.later.target):
        return None
    old, new, better = number(was), number(now), way(match.later, now)
    if old is None or new is None or better is None or better is not way(match.earlier, was):
        return None
    lower = new < old if better is Way.UP else new > old
    return (old, new, better) if lower else None


def _follows(found: _Lowered, budgets: tuple[Decimal, Decimal]) -> bool:
    """Did the money fall at least as much as the promise?"""
    old, new, better = found
    if budgets[1] >= budgets[0]:
        return False
    return better is Way.DOWN or old <= 0 or new * budgets[0] >= old * budgets[1]


@rule(
    "lowered_target",
    title="Lower promise than last year",
    severity=Severity.WARNING,
    version="2",
    basis="绩效目标应与预算资金量相匹配：财预〔2015〕88号 [K]",
    relations=("next_year",),
)
def lowered_target(pair: Linked) -> Iterator[Draft]:
    """Quiet for costs, where the better way is not known, and where the money fell as much.

    ``info`` where the money of a year is not printed, or fell, though less than the promise.
    """
    budgets = pair.budgets()
    years = (pair.earlier.form.fiscal_year, pair.later.form.fiscal_year)
    for match in pair.matches:
        found = _lowered(match)
        if found is None or (budgets is not None and _follows(found, budgets)):
            continue
        spent = "" if budgets is None else _money(budgets)
        mild = budgets is None or budgets[1] < budgets[0]
        yield Draft(
            f"{place(match.later.row)}的指标值由{years[0]}年的{said(match.earlier.row.target.raw, match.earlier.target)}"
            f"放宽为{years[1]}年的{said(match.later.row.target.raw, match.later.target)}{spent}。",
            rows=(match.later.row, match.earlier.row),
            cells=() if budgets is None else (*pair.later.funding_cells(), *pair.earlier.funding_cells()),
            numbers={"was": plain(found[0]), "now": plain(found[1]), "better": found[2]} | _numbers(budgets),
            severity=Severity.INFO if mild else None,
        )


def _money(budgets: tuple[Decimal, Decimal]) -> str:
    was, now = map(money, budgets)
    if budgets[0] == budgets[1]:
        return f"，资金仍为{now}"
    if budgets[1] < budgets[0]:
        return f"，降幅大于资金（由{was}减至{now}）"
    return f"，资金却由{was}增至{now}"


def _numbers(budgets: tuple[Decimal, Decimal] | None) -> dict[str, str]:
    return {} if budgets is None else {"was_yuan": plain(budgets[0]), "now_yuan": plain(budgets[1])}
