"""A satisfaction row without its target."""

from __future__ import annotations

from collections.abc import Iterator

from normalizers.quantity import Kind
from pipeline.audit.limits import limits
from pipeline.audit.phrase import place
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_SLOT = limits("template_left").pattern("blanks")


@rule(
    "satisfaction_missing",
    title="Satisfaction indicator without a target",
    severity=Severity.WARNING,
    version="2",
    basis="满意度指标应设目标值：财预〔2021〕101号 [K]",
)
def satisfaction_missing(subject: Subject) -> Iterator[Draft]:
    """Quiet when no row of the form has a target, and for ``≥**%``, of which ``template_left`` speaks.

    A missing block is ``block_missing``'s affair.
    """
    if not any(line.target is not None for line in subject.lines):
        return
    for line in subject.lines:
        if line.level1 != "satisfaction" or (line.target is not None and line.target.kind is not Kind.BLANK):
            continue
        if _SLOT.search(line.row.target.raw or ""):
            continue
        yield Draft(f"{place(line.row)}未填写指标值，满意度无法考核。", rows=(line.row,))
