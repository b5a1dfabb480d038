"""A percentage above 100 where the whole cannot be exceeded."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.limits import limits
from pipeline.audit.phrase import place, plain, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject, is_percent, number
from pipeline.audit.words import sign_read_as_digit

_MAY_EXCEED = limits("percent_over_100").pattern("may_exceed")
_ROLES = {"target": "指标值", "actual": "实际完成值"}


@rule(
    "percent_over_100",
    title="Percentage above 100",
    severity=Severity.WARNING,
    basis="指标值应合理可行：财预〔2015〕88号 [K]; taxonomy §5 [F]",
)
def percent_over_100(subject: Subject) -> Iterator[Draft]:
    """Quiet for growth, yield and over-fulfilment, and where ``misread_sign`` explains the number."""
    for line in subject.lines:
        for role, value in line.values():
            for part in value.parts:
                fraction = number(part) if is_percent(part) else None
                if fraction is None or fraction <= 1 or sign_read_as_digit(line, part) is not None:
                    continue
                if _MAY_EXCEED.search(line.name) or _MAY_EXCEED.search(value.folded):
                    continue
                yield Draft(
                    f"{place(line.row)}的{_ROLES[role]}{quote(value.folded)}超过100%，请核实是否填写或识读有误。",
                    rows=(line.row,),
                    numbers={"percent": plain(fraction * 100), "role": role},
                )
