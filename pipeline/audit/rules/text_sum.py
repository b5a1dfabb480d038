"""The amounts in the words of the cost rows, added up, against the total of the money block."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.limits import limits
from pipeline.audit.phrase import money, plain, total
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject, amount, number
from pipeline.audit.words import own_amounts

_TOLERANCE = limits("shared").number("money_tolerance_yuan")


def _said(line: Line) -> Decimal | None:
    """The amount the words state; None where they state none."""
    said = [yuan for yuan in map(number, own_amounts(line)) if yuan is not None]
    return sum(said, Decimal(0)) if said else None


def _valued(line: Line) -> Decimal | None:
    value = amount(line.target)
    return None if value is None else number(value)


@rule(
    "text_sum",
    title="Amounts in the words of the cost rows do not add up to the total funding",
    severity=Severity.ERROR,
    basis="预算与绩效目标相匹配：财预〔2021〕101号 [K]; taxonomy §7 [F]",
)
def text_sum(subject: Subject) -> Iterator[Draft]:
    """Quiet when fewer than two rows state amounts, when a row states none at all, or when the
    targets add up to the same sum (then ``cost_sum`` speaks).
    """
    totals = subject.totals()
    rows = [(line, _said(line), _valued(line)) for line in subject.costs]
    rows = [
        (line, said, valued) for line, said, valued in rows if said is not None or line.target is not None
    ]
    spoken = [said for _, said, _ in rows if said is not None]
    if not totals or len(spoken) < 2 or any(said is None and valued is None for _, said, valued in rows):
        return
    amounts = [said if said is not None else valued or Decimal(0) for _, said, valued in rows]
    targets = [valued if valued is not None else said or Decimal(0) for _, said, valued in rows]
    whole, tolerance = sum(amounts, Decimal(0)), _TOLERANCE * (len(rows) + 1)
    if whole == sum(targets, Decimal(0)) or any(abs(whole - t) <= tolerance for t in totals):
        return
    yield Draft(
        f"成本指标文字表述的金额合计{total(amounts)}，与年度资金总额{money(totals[0])}不符，"
        f"相差{money(abs(whole - totals[0]))}；而各项指标值合计为{money(sum(targets, Decimal(0)))}。",
        rows=tuple(line.row for line, _, _ in rows),
        cells=subject.funding_cells(),
        numbers={
            "words_yuan": plain(whole),
            "total_yuan": plain(totals[0]),
            "targets_yuan": plain(sum(targets, Decimal(0))),
        },
    )
