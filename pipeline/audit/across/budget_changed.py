"""The money of the target form against the 年初预算数 of the later form."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.limits import limits
from pipeline.audit.linked import Linked
from pipeline.audit.phrase import money, plain
from pipeline.audit.rule import Draft, Severity, rule

_TOLERANCE = limits("shared").number("money_tolerance_yuan")
_SLIP = limits("cost_sum").number("unit_slip")
_NONE = Decimal(0)


@rule(
    "budget_changed",
    title="Budget of the target form is not that of the evaluation",
    severity=Severity.WARNING,
    basis="自评表年初预算数应与批复的目标表一致：财预〔2020〕10号 [K]",
    relations=("monitored_by", "evaluated_by"),
)
def budget_changed(pair: Linked) -> Iterator[Draft]:
    """Quiet without a 年初预算数, and where any budget of the later form is that of the target form."""
    planned = pair.money(pair.earlier, "target", "initial", "revised")
    initial = pair.money(pair.later, "initial")
    if planned is None or initial is None or not planned.amount_yuan:
        return
    revised = pair.money(pair.later, "revised")
    was, now = planned.amount_yuan, initial.amount_yuan or _NONE
    later = {now, *([revised.amount_yuan] if revised is not None and revised.amount_yuan is not None else [])}
    if any(abs(was - amount) <= 2 * _TOLERANCE for amount in later):
        return
    slip = "，恰为一万倍，疑为单位填错" if now and max(was, now) == _SLIP * min(was, now) else ""
    yield Draft(
        f"{pair.origin}的年度资金总额为{money(was)}，而{pair.follower}的年初预算数为{money(now)}，两者相差{money(abs(was - now))}{slip}。",
        cells=(initial.cell_id, planned.cell_id),
        numbers={"target_yuan": plain(was), "initial_yuan": plain(now)},
    )
