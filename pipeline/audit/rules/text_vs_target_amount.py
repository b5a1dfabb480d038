"""An amount in the words of a row against the row's own value (经费20万 | 10万元)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from normalizers.quantity import Quantity
from pipeline.audit.limits import limits
from pipeline.audit.phrase import listing, money, place, plain
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject, amount, is_bound, number
from pipeline.audit.words import agree, own_amounts

_TOLERANCE = limits("shared").number("money_tolerance_yuan")


def _matches(said: list[Quantity], value: Quantity, yuan: Decimal) -> bool:
    sums = sum((number(q) or Decimal(0) for q in said), Decimal(0))
    return abs(sums - yuan) <= _TOLERANCE or any(agree(q, value) for q in said)


@rule(
    "text_vs_target_amount",
    title="Amount in the indicator's words differs from its target",
    severity=Severity.ERROR,
    basis="指标内容与指标值应一致：财预〔2021〕101号 [K]; taxonomy §7 (办公经费60万 against 40万元) [F]",
)
def text_vs_target_amount(subject: Subject) -> Iterator[Draft]:
    """Quiet when one amount of the words, or their sum, is the value; prices per head are left out."""
    for line in subject.lines:
        value = amount(line.target)
        said = own_amounts(line) if value is not None else []
        yuan = None if value is None else number(value)
        if value is None or yuan is None or not said or _matches(said, value, yuan):
            continue
        amounts = [number(q) or Decimal(0) for q in said]
        loose = is_bound(value) or value.approximate or any(q.approximate for q in said)
        yield Draft(
            f"{place(line.row)}文字中的金额为{listing(map(money, amounts))}，指标值却为{money(yuan)}，"
            f"两者相差{money(abs(sum(amounts, Decimal(0)) - yuan))}。",
            rows=(line.row,),
            numbers={"words_yuan": plain(sum(amounts, Decimal(0))), "target_yuan": plain(yuan)},
            severity=Severity.WARNING if loose else None,
        )
