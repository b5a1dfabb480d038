"""The printed execution rate against the amounts it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.limits import limits
from pipeline.audit.phrase import money, plain
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject
from pipeline.schema import FundingRow

_LIMITS = limits("execution_rate")
_TOLERANCE, _WHOLE = _LIMITS.number("tolerance"), _LIMITS.number("whole_percent")
_PERCENT = Decimal(100)


def _tolerance(subject: Subject, rate: Decimal) -> Decimal:
    """Half of the last place printed: 80% may be 80.47%, 80.00% may not."""
    percent = rate * _PERCENT
    if percent != int(percent):
        return _TOLERANCE
    exact = {f"{int(percent)}.{'0' * places}{sign}" for places in (1, 2) for sign in ("", "%", "％")}
    return _TOLERANCE if any(cell.text.strip() in exact for cell in subject.records.cells) else _WHOLE


def _budgets(subject: Subject, source: str) -> list[FundingRow]:
    stages = ("revised", "initial", "target")
    rows = [f for f in subject.records.funding if f.source == source and f.stage in stages and f.amount_yuan]
    return sorted(rows, key=lambda f: stages.index(f.stage))


@rule(
    "execution_rate",
    title="Execution rate does not follow from the amounts",
    severity=Severity.ERROR,
    version="2",
    basis="执行率=执行数/全年预算数：财预〔2020〕10号; taxonomy §7 (100% against 80.45%) [F]",
)
def execution_rate(subject: Subject) -> Iterator[Draft]:
    """Quiet when the rate fits any printed budget (revised or initial), within rounding."""
    for done in subject.records.funding:
        if done.stage != "executed" or done.rate is None or done.amount_yuan is None:
            continue
        budgets = _budgets(subject, done.source)
        rates = [done.amount_yuan / budget.amount_yuan for budget in budgets if budget.amount_yuan]
        if not rates:
            continue
        room = _tolerance(subject, done.rate)
        if any(abs(rate - done.rate) <= room for rate in rates):
            continue
        yield Draft(
            f"预算执行率填为{plain(round(done.rate * _PERCENT, 2))}%，但执行数{money(done.amount_yuan)}"
            f"除以预算数{money(budgets[0].amount_yuan or Decimal(0))}为{plain(round(rates[0] * _PERCENT, 2))}%，两者不一致。",
            cells=(done.cell_id, *(budget.cell_id for budget in budgets)),
            numbers={"printed": plain(done.rate), "computed": plain(round(rates[0], 4))},
        )
