"""The money targets of the cost rows against the total of the money block."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from normalizers.quantity import Quantity
from pipeline.audit.limits import limits
from pipeline.audit.phrase import listing, money, plain, quote, shown
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject, amount, is_bound, number

_LIMITS = limits("cost_sum")
_UNIT_PRICE = _LIMITS.pattern("row_kinds_excluded")
_TOLERANCE = limits("shared").number("money_tolerance_yuan")
_SLIP = _LIMITS.number("unit_slip")
_WHOLE = _LIMITS.pattern("whole_words")
_LEAST_SHARE = _LIMITS.number("least_share")


def _comparable(lines: tuple[Line, ...]) -> list[tuple[Line, Quantity, Decimal]]:
    found = []
    for line in lines:
        quantity = amount(line.target)
        if quantity is None or _UNIT_PRICE.search(line.name):
            continue
        yuan = number(quantity)
        if yuan is not None:
            found.append((line, quantity, yuan))
    return found


def _explained(amounts: list[Decimal], totals: tuple[Decimal, ...]) -> bool:
    """Does the sum meet a total, or is one row itself the total and the others its parts?"""
    tolerance = _TOLERANCE * (len(amounts) + 1)
    whole = sum(amounts, Decimal(0))
    for total in totals:
        if abs(whole - total) <= tolerance:
            return True
        if len(amounts) > 1 and any(abs(a - total) <= tolerance for a in amounts) and whole <= 2 * total:
            return True
    return False


def _remark(whole: Decimal, total: Decimal) -> str:
    if total and whole in (total * _SLIP, total / _SLIP):
        return "，两者恰差一万倍，疑为“元”与“万元”混用"
    return ""


@rule(
    "cost_sum",
    title="Cost targets do not add up to the total funding",
    severity=Severity.ERROR,
    version="2",
    basis="预算与绩效目标相匹配：财预〔2021〕101号 [K]",
)
def cost_sum(subject: Subject) -> Iterator[Draft]:
    """Quiet without a total, without amounts, or when unread cost rows may hold what is missing.

    Rows that make up less than half of the total do not set out to cover it: they name one part of the
    cost, or a price. A ceiling below the total contradicts nothing; where its row means the whole cost
    (项目总成本), it is worth a look.
    """
    totals, costs = subject.totals(), subject.costs
    found = _comparable(costs)
    amounts = [yuan for _, _, yuan in found]
    if not totals or not found or _explained(amounts, totals) or subject.form.kind == "department":
        return
    whole, total = sum(amounts, Decimal(0)), totals[0]
    if whole < total and len(found) < len([c for c in costs if c.target is not None]):
        return
    remark = _remark(whole, total)
    if whole < _LEAST_SHARE * total and not remark:
        return
    below, bound = whole < total, any(q.approximate or is_bound(q) for _, q, _ in found)
    if below and bound and not remark and not any(_WHOLE.search(line.name) for line, _, _ in found):
        return
    mild = Severity.INFO if below and bound and not remark else Severity.WARNING
    rows = listing(f"{quote(line.name)}{shown(line.row.target.raw, line.target)}" for line, _, _ in found)
    yield Draft(
        f"成本指标的指标值合计{money(whole)}（{rows}），与年度资金总额{money(total)}不一致，"
        f"相差{money(abs(whole - total))}{remark}。",
        rows=tuple(line.row for line, _, _ in found),
        cells=subject.funding_cells(),
        numbers={"targets_yuan": plain(whole), "total_yuan": plain(total)},
        severity=mild if below or bound else None,
    )
