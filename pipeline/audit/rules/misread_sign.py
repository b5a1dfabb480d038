"""A number whose first digit looks like a misread sign (``292%`` for ``≥92%``)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.phrase import place, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject
from pipeline.audit.words import sign_read_as_digit

_ROLES = {"target": "指标值", "actual": "实际完成值"}


@rule(
    "misread_sign",
    title="First digit looks like a misread ≥",
    severity=Severity.WARNING,
    basis="指标值应明确：财预〔2015〕88号 [K]; taxonomy §5: seen in four documents [F]",
)
def misread_sign(subject: Subject) -> Iterator[Draft]:
    """Quiet when a sign is printed, or when the rest of the number explains nothing. Never repaired."""
    for line in subject.lines:
        for role, value in line.values():
            for part in value.parts:
                rest = sign_read_as_digit(line, part)
                if rest is None:
                    continue
                unit = part.unit_raw or part.unit or ""
                yield Draft(
                    f"{place(line.row)}的{_ROLES[role]}为{quote(value.folded)}，"
                    f"疑为“≥{rest}{unit}”的“≥”被误识为数字，数值未作改动，请对照原件。",
                    rows=(line.row,),
                    numbers={"printed": part.number_raw or "", "suggested": f"≥{rest}{unit}", "role": role},
                )
