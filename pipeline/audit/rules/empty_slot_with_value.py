"""A value beside a printed slot that has no name."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.phrase import quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_ROLES = {"target": "指标值", "actual": "实际完成值"}


@rule(
    "empty_slot_with_value",
    title="Value without an indicator name",
    severity=Severity.WARNING,
    basis="指标应填报完整：财预〔2015〕88号 [K]; taxonomy §7 (empty indicators with a value) [F]",
)
def empty_slot_with_value(subject: Subject) -> Iterator[Draft]:
    """Quiet for slots that are wholly empty."""
    slots = {slot.row_no: slot for slot in subject.records.blank_slots}
    for value in subject.records.blank_values:
        slot = slots.get(value.row_no)
        label = "" if slot is None or slot.ordinal is None else f"（指标{slot.ordinal}）"
        yield Draft(
            f"有一行三级指标{label}未填写名称，却填有{_ROLES.get(value.role, '数值')}{quote(value.text)}。",
            cells=(slot.cell_id if slot else None, value.cell_id),
            numbers={"row_no": value.row_no, "value": value.text},
        )
