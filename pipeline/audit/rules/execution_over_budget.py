"""More money spent than the budget allows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.limits import limits
from pipeline.audit.phrase import money, plain
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_SHARE = limits("execution_over_budget").number("ignored_share")
_TOLERANCE = limits("shared").number("money_tolerance_yuan")
_NAMES = {"revised": "全年预算数", "initial": "年初预算数", "target": "年度资金总额"}


@rule(
    "execution_over_budget",
    title="More spent than the budget of the year",
    severity=Severity.WARNING,
    basis="未经预算不得支出：预算法第十三条; 执行率=执行数/全年预算数：财预〔2020〕10号 [K]",
)
def execution_over_budget(subject: Subject) -> Iterator[Draft]:
    """Looks at the total. Quiet where any printed budget covers it; ``info`` where only that of the year's start is printed."""
    for done in subject.records.funding:
        if done.source != "total" or done.stage != "executed" or done.amount_yuan is None:
            continue
        budgets = [
            f for f in subject.records.funding if f.source == "total" and f.stage in _NAMES and f.amount_yuan
        ]
        most = max(budgets, key=lambda f: (f.amount_yuan or Decimal(0), f.stage), default=None)
        if most is None or most.amount_yuan is None:
            continue
        over = done.amount_yuan - most.amount_yuan
        if over <= max(2 * _TOLERANCE, _SHARE * most.amount_yuan):
            continue
        yield Draft(
            f"全年执行数{money(done.amount_yuan)}超过{_NAMES[most.stage]}{money(most.amount_yuan)}，超出{money(over)}。",
            cells=(done.cell_id, *(f.cell_id for f in budgets)),
            numbers={"executed_yuan": plain(done.amount_yuan), "budget_yuan": plain(most.amount_yuan)},
            severity=None if any(f.stage == "revised" for f in budgets) else Severity.INFO,
        )
