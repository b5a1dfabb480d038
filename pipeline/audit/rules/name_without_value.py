"""A named indicator without a target, or without a result where results are reported."""

from __future__ import annotations

from collections.abc import Iterator

from normalizers.quantity import Kind
from pipeline.audit.limits import limits
from pipeline.audit.phrase import place
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject

_SLOT = limits("template_left").pattern("blanks")


def _empty(line: Line, role: str) -> bool:
    value = line.target if role == "target" else line.actual
    return value is None or value.kind is Kind.BLANK


@rule(
    "name_without_value",
    title="Indicator without a value",
    severity=Severity.WARNING,
    version="2",
    basis="绩效指标应有指标值：财预〔2015〕88号 [K]",
)
def name_without_value(subject: Subject) -> Iterator[Draft]:
    """Quiet when no row of the form has a target at all: then the form has no such column.

    Satisfaction rows are left to ``satisfaction_missing``, and ``≥**%`` to ``template_left``.
    """
    results = subject.form.kind == "self_evaluation" and not all(_empty(x, "actual") for x in subject.lines)
    targets = not all(_empty(line, "target") for line in subject.lines)
    for line in subject.lines:
        for role, due, word in (("target", targets, "指标值"), ("actual", results, "实际完成值")):
            if not due or not _empty(line, role) or (line.level1 == "satisfaction" and role == "target"):
                continue
            if _SLOT.search((line.row.target if role == "target" else line.row.actual).raw or ""):
                continue
            yield Draft(
                f"{place(line.row)}未填写{word}，无法考核。", rows=(line.row,), numbers={"role": role}
            )
