"""Amounts that go on in smaller units: ``27分钟7秒``, ``六斤八两``, ``五元三毛``, ``两年零三个月``."""

from __future__ import annotations

from decimal import Decimal

from normalizers.numerals import DIVIDE, EXACT
from normalizers.quantity import Kind
from normalizers.units import Unit
from normalizers.values.amount import Amount, elided_money, read_amount
from normalizers.values.draft import ONE
from normalizers.values.lexicon import CHAIN, UNITS

_MINUTE, _SECOND = UNITS["分钟"], UNITS["秒"]
_HUNDREDTH = Decimal("0.01")
_SUMMED = frozenset({"time", "mass", "length", "money"})


def add_smaller_units(text: str, amount: Amount) -> None:
    """Add what continues the amount in smaller units: 27分钟7秒, 六斤八两, 五元三毛, 两年零三个月."""
    last = amount.unit
    if (
        last is None
        or (last.factor is None and last.id != "分" and last.kind is not Kind.MONEY)
        or amount.word
    ):
        return
    step = last.factor or ONE
    whole = amount.unit
    while last is not None:
        more = read_amount(text, CHAIN.match(text, amount.end).end())  # type: ignore[union-attr]
        unit = _continues(last, more)
        if more is None or unit is None or unit.factor is None or whole is None:
            break
        if whole.id == "分" and whole.dimension == "score":
            whole, step = _MINUTE, Decimal(60)
        amount = _absorb(amount, more, unit, whole)
        whole, last, step = amount.unit, unit, unit.factor
    if whole is not None and whole.dimension == "money" and whole.factor is not None:
        extra = elided_money(text, amount, step)
        if extra is not None:
            amount.add(DIVIDE.divide(extra, whole.factor))


def _absorb(amount: Amount, more: Amount, unit: Unit, whole: Unit) -> Amount:
    """``amount`` + ``more``; money stays in its unit, everything else is summed in the base."""
    if whole.kind is Kind.MONEY:
        amount.add(EXACT.multiply(more.low, unit.factor or ONE))
    else:
        amount.map(whole.factor or ONE)
        amount.add(EXACT.multiply(more.low, unit.factor or ONE))
        amount.unit = UNITS[whole.base or whole.id]
    amount.unit_raw = (amount.unit_raw or "") + more.number_raw + (more.unit_raw or "")
    amount.end = more.end
    return amount


def _continues(last: Unit, more: Amount | None) -> Unit | None:
    """The unit of ``more`` if it is a smaller unit of the same kind (分 by its neighbour), else None."""
    if more is None or more.unit is None or more.word:
        return None
    unit = more.unit
    if unit.id == "分" and unit.dimension == "score":
        if last.dimension == "money":
            return Unit("分", "money", Kind.MONEY, "元", _HUNDREDTH)
        return _MINUTE if last.id == "小时" else None
    if unit.chain:
        return unit if last.kind is Kind.MONEY else None
    if last.id == "分" and last.dimension == "score":
        return _SECOND if unit.id == "秒" else None
    same = unit.dimension == last.dimension and unit.dimension in _SUMMED and unit.base == last.base
    return (
        unit
        if same and unit.factor is not None and last.factor is not None and unit.factor < last.factor
        else None
    )
