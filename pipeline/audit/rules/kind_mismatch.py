"""A value of a kind that its level-2 indicator does not measure."""

from __future__ import annotations

from collections.abc import Iterator

from normalizers.quantity import Quantity
from pipeline.audit.limits import limits
from pipeline.audit.phrase import place, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject, is_percent

_COST_RATE = limits("kind_mismatch").pattern("cost_rate_words")


def _is_money(part: Quantity) -> bool:
    return part.dimension == "money"


def _odd(line: Line, parts: tuple[Quantity, ...]) -> str | None:
    """What is odd about the value, in words; None where it fits."""
    percent, money = all(map(is_percent, parts)), all(map(_is_money, parts))
    if line.level2 == "output.quantity" and percent:
        return "为百分比"
    if line.is_cost and percent and not _COST_RATE.search(line.name):
        return "为百分比"
    if line.is_cost and not any(_is_money(p) or is_percent(p) for p in parts):
        return "不是金额"
    if line.level2 == "output.timeliness" and money:
        return "为金额"
    if line.level1 == "satisfaction" and not percent and all(p.unit for p in parts) and not _scored(parts):
        return "不是百分比"
    return None


def _scored(parts: tuple[Quantity, ...]) -> bool:
    """Satisfaction may be given in points."""
    return any(part.unit in ("分", "级", "星") for part in parts)


@rule(
    "kind_mismatch",
    title="Kind of value does not fit the level-2 indicator",
    severity=Severity.INFO,
    basis="指标应与所属类别相符：财预〔2021〕101号 [K]; taxonomy §7 (quality measures under 数量) [F]",
)
def kind_mismatch(subject: Subject) -> Iterator[Draft]:
    """Quiet for words (``qualitative_for_number``) and for percentages of time (``percent_for_time``)."""
    for line in subject.lines:
        if line.target is None or not line.target.parts:
            continue
        odd = _odd(line, line.target.parts)
        if odd is None:
            continue
        yield Draft(
            f"{place(line.row)}的指标值{quote(line.target.folded)}{odd}，与所属指标类别的含义不符。",
            rows=(line.row,),
            numbers={"target": line.target.folded, "level2": line.level2},
        )
