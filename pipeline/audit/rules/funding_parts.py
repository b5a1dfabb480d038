"""The parts of the money block against its total."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.limits import limits
from pipeline.audit.phrase import listing, money, plain
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject
from pipeline.schema import FundingRow

_TOLERANCE = limits("shared").number("money_tolerance_yuan")
_STAGES = {
    "target": "年度",
    "midterm": "中期",
    "initial": "年初预算",
    "revised": "全年预算",
    "executed": "全年执行",
    "forecast": "全年预计执行",
}
_SOURCES = {
    "fiscal": "财政拨款",
    "carryover": "上年结转",
    "other": "其他资金",
    "central": "中央财政资金",
    "local": "地方资金",
}
# The same money by what it is spent on, by task or by level of government: no part of the total.
_OTHER_VIEWS = frozenset(
    {"basic", "project", "personnel", "operating", "government_budget", "government_fund", "state_capital"}
    | {"provincial", "municipal", "county", "task", "task_fiscal", "task_other"}
)


def _sums(parts: list[FundingRow]) -> set[Decimal]:
    """Every sum the layout allows: central and local money may stand beside 财政拨款 or inside it."""
    amounts: dict[str, Decimal] = {}
    for part in parts:
        amounts[part.source] = amounts.get(part.source, Decimal(0)) + (part.amount_yuan or Decimal(0))
    everything = sum(amounts.values(), Decimal(0))
    nested = amounts.get("central", Decimal(0)) + amounts.get("local", Decimal(0))
    sums = {everything, everything - nested}
    if "fiscal" in amounts and nested:
        sums.add(everything - amounts["fiscal"])
    return sums


@rule(
    "funding_parts",
    title="Funding parts do not add up to the total",
    severity=Severity.ERROR,
    basis="taxonomy §7 (total 0 while its component is 90) [F]",
)
def funding_parts(subject: Subject) -> Iterator[Draft]:
    """Quiet without a total, without parts, or when an amount of the stage cannot be read."""
    for stage, label in _STAGES.items():
        rows = [f for f in subject.records.funding if f.stage == stage]
        totals = [f for f in rows if f.source == "total" and f.amount_yuan is not None]
        parts = [f for f in rows if f.source != "total" and f.source not in _OTHER_VIEWS]
        if not totals or not parts or any(f.amount_yuan is None for f in parts):
            continue
        tolerance = _TOLERANCE * (len(parts) + 1)
        sums = _sums(parts)
        if any(abs((t.amount_yuan or Decimal(0)) - s) <= tolerance for t in totals for s in sums):
            continue
        total, whole = totals[0].amount_yuan or Decimal(0), max(sums)
        printed = listing(
            f"{_SOURCES.get(p.source, p.source)}{money(p.amount_yuan or Decimal(0))}" for p in parts
        )
        yield Draft(
            f"{label}资金总额{money(total)}，各项来源（{printed}）合计{money(whole)}，"
            f"两者相差{money(abs(total - whole))}。",
            cells=tuple(f.cell_id for f in (*totals, *parts)),
            numbers={"total_yuan": plain(total), "parts_yuan": plain(whole), "stage": stage},
        )
