"""A timeliness row whose value is a percentage although its name is no rate."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.limits import limits
from pipeline.audit.phrase import place, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject, is_percent

_RATE = limits("percent_for_time").pattern("rate_words")


@rule(
    "percent_for_time",
    title="Percentage for a timeliness indicator",
    severity=Severity.INFO,
    basis="时效指标反映完成时间：财预〔2015〕88号 [K]",
)
def percent_for_time(subject: Subject) -> Iterator[Draft]:
    """Quiet for 及时率 and other rates, and where the value also holds a date or a duration."""
    for line in subject.lines:
        if line.level2 != "output.timeliness" or line.target is None or not line.target.parts:
            continue
        if _RATE.search(line.name) or not all(map(is_percent, line.target.parts)):
            continue
        yield Draft(
            f"{place(line.row)}为时效指标，指标值却为百分比{quote(line.target.folded)}，未明确完成时间。",
            rows=(line.row,),
            numbers={"target": line.target.folded},
        )
