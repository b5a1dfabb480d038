"""The same indicator with a lower promise in the next year."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.linked import Linked
from pipeline.audit.phrase import money, place, plain, quote
from pipeline.audit.promise import Way, comparable, misread, sole, way
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import number


@rule(
    "lowered_target",
    title="Lower promise than last year",
    severity=Severity.WARNING,
    basis="绩效目标应与预算资金量相匹配：财预〔2015〕88号 [K]",
    relations=("next_year",),
)
def lowered_target(pair: Linked) -> Iterator[Draft]:
    """Quiet for costs, where the better way is not known, and where the money fell, too.

    ``info`` where the money of a year is not printed.
    """
    budgets = pair.budgets()
    if budgets is not None and budgets[1] < budgets[0]:
        return
    years = (pair.earlier.form.fiscal_year, pair.later.form.fiscal_year)
    for match in pair.matches:
        was, now = sole(match.earlier.target), sole(match.later.target)
        if match.later.is_cost or was is None or now is None or not comparable(was, now):
            continue
        if misread(match.earlier, match.earlier.target) or misread(match.later, match.later.target):
            continue
        old, new, better = number(was), number(now), way(match.later, now)
        if (
            old is None
            or new is None
            or old == new
            or better is None
            or better is not way(match.earlier, was)
        ):
            continue
        if (new < old) != (better is Way.UP):
            continue
        spent = "" if budgets is None else _money(budgets)
        yield Draft(
            f"{place(match.later.row)}的指标值由{years[0]}年的{quote(match.earlier.row.target.raw or '')}"
            f"放宽为{years[1]}年的{quote(match.later.row.target.raw or '')}{spent}。",
            rows=(match.later.row, match.earlier.row),
            cells=() if budgets is None else (*pair.later.funding_cells(), *pair.earlier.funding_cells()),
            numbers={"was": plain(old), "now": plain(new), "better": better} | _numbers(budgets),
            severity=Severity.INFO if budgets is None else None,
        )


def _money(budgets: tuple[Decimal, Decimal]) -> str:
    same = budgets[0] == budgets[1]
    return f"，资金{'仍为' if same else f'却由{money(budgets[0])}增至'}{money(budgets[1])}"


def _numbers(budgets: tuple[Decimal, Decimal] | None) -> dict[str, str]:
    return {} if budgets is None else {"was_yuan": plain(budgets[0]), "now_yuan": plain(budgets[1])}
