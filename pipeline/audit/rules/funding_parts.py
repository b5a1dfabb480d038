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
_LIMITS = limits("funding_parts")
_NATION = frozenset({"central", "local"})
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
    **{source: words[0] for source, words in _LIMITS.groups("sources").items()},
}
# What the money is spent on: the same money once more, no further source of it.
_USES = frozenset(_LIMITS.words("uses"))
# Levels of government and budgets: printed beside 财政拨款 (then read as 一般公共预算) or inside it.
_LEVELS, _BUDGETS = (frozenset(_LIMITS.words(name)) for name in ("levels", "budgets"))
_WHOLE = frozenset(_LIMITS.words("whole"))


_NONE = Decimal(0)


def _of(amounts: dict[str, Decimal], sources: frozenset[str]) -> Decimal:
    return sum((amount for source, amount in amounts.items() if source in sources), _NONE)


def _sums(parts: list[FundingRow]) -> set[Decimal]:
    """Every sum the layout allows for the money of the state, and with it all else.

    It may be 财政拨款 alone; with the other budgets or the levels of government beside it; these alone;
    or 政府预算资金, which holds them all. 地方资金 holds 省级, 市级 and 县级 where they are printed, too.
    """
    amounts: dict[str, Decimal] = {}
    for part in parts:
        amounts[part.source] = amounts.get(part.source, _NONE) + (part.amount_yuan or _NONE)
    fiscal, budgets, whole = amounts.get("fiscal", _NONE), _of(amounts, _BUDGETS), _of(amounts, _WHOLE)
    levels = {_of(amounts, _LEVELS), _of(amounts, _LEVELS - {"local"}), _of(amounts, _NATION)} - {_NONE}
    state = {fiscal, fiscal + budgets} | ({whole} - {_NONE})
    state |= {base + level for base in (_NONE, fiscal, fiscal + budgets) for level in levels}
    if len(state) > 1:
        state.discard(_NONE)
    rest = _of(amounts, frozenset(amounts) - _LEVELS - _BUDGETS - _WHOLE - {"fiscal"})
    return {money_of_state + rest for money_of_state in state}


@rule(
    "funding_parts",
    title="Funding parts do not add up to the total",
    severity=Severity.ERROR,
    version="2",
    basis="资金总额应等于各来源之和：财预〔2015〕88号表式 [K]; taxonomy §7 (total 0 while its component is 90) [F]",
)
def funding_parts(subject: Subject) -> Iterator[Draft]:
    """Quiet without a total, without parts, or when an amount of the stage cannot be read."""
    for stage, label in _STAGES.items():
        rows = [f for f in subject.records.funding if f.stage == stage]
        totals = [f for f in rows if f.source == "total" and f.amount_yuan is not None]
        parts = [f for f in rows if f.source != "total" and f.source not in _USES]
        if not totals or not parts or any(f.amount_yuan is None for f in parts):
            continue
        tolerance = _TOLERANCE * (len(parts) + 1)
        sums = _sums(parts)
        if any(abs((t.amount_yuan or Decimal(0)) - s) <= tolerance for t in totals for s in sums):
            continue
        total = totals[0].amount_yuan or Decimal(0)
        whole = min(sums, key=lambda found: (abs(found - total), found))
        printed = listing(
            f"{_SOURCES.get(p.source, p.source)}{money(p.amount_yuan or Decimal(0))}" for p in parts
        )
        yield Draft(
            f"{label}资金总额{money(total)}，各项来源（{printed}）合计{money(whole)}，"
            f"两者相差{money(abs(total - whole))}。",
            cells=tuple(f.cell_id for f in (*totals, *parts)),
            numbers={"total_yuan": plain(total), "parts_yuan": plain(whole), "stage": stage},
        )
