"""A score where a value belongs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from normalizers.quantity import Kind
from pipeline.audit.phrase import place, plain, quote
from pipeline.audit.promise import sole
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject

_ROLES = {"target": "指标值", "actual": "实际完成值"}


def _bare(text: str | None) -> Decimal | None:
    """The number of a cell that holds nothing but digits, perhaps with 分."""
    plain_text = (text or "").strip().removesuffix("分")
    digits = plain_text.replace(".", "", 1)
    return Decimal(plain_text) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None


def _foreign(line: Line, role: str, found: Decimal) -> bool:
    """Is the row's other value of a kind with which a bare number does not go?"""
    other = line.actual if role == "target" else line.target
    if other is None or not other.parts:
        return other is not None and other.kind is Kind.QUALITATIVE
    part = sole(other)
    return part is not None and part.unit is not None and part.unit != "分" and part.lower != found


@rule(
    "score_as_value",
    title="Score in place of a value",
    severity=Severity.WARNING,
    basis="taxonomy §7 (scores in place of values) [F]",
)
def score_as_value(subject: Subject) -> Iterator[Draft]:
    """Quiet unless a bare number is the row's points or score and its other value has a unit or is words."""
    for line in subject.lines:
        for role, printed in (("target", line.row.target), ("actual", line.row.actual)):
            found = _bare(printed.raw)
            if found is None or found not in (line.row.weight, line.row.score):
                continue
            if _foreign(line, role, found):
                yield Draft(
                    f"{place(line.row)}的{_ROLES[role]}填为{quote(printed.raw or '')}，与该行分值或得分{plain(found)}分相同，"
                    "疑为将得分填入了指标值栏。",
                    rows=(line.row,),
                    numbers={"role": role, "value": plain(found)},
                )
