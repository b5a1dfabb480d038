"""A value or amount written twice in its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizers import fold
from pipeline.audit.phrase import place, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_SIGN = r"[≥≤><=±]{0,2}\s*"
_TWICE = re.compile(rf"{_SIGN}(?=.*?\d)(?P<once>.*?[^\d\s.,、，].*?)\s*(?:{_SIGN})(?P=once)")


def _twice(text: str | None) -> bool:
    return bool(text) and _TWICE.fullmatch(fold(text or "").strip()) is not None


@rule(
    "repeated_text",
    title="Value written twice",
    severity=Severity.WARNING,
    version="2",
    basis="绩效目标应填报准确：财预〔2015〕88号 [K]; taxonomy §7 (854万854万) [F]",
)
def repeated_text(subject: Subject) -> Iterator[Draft]:
    """Quiet for words without a number and for numbers without a unit (1010)."""
    for line in subject.lines:
        for value in (line.row.target.raw, line.row.actual.raw):
            if _twice(value):
                yield Draft(
                    f"{place(line.row)}的值{quote(value or '')}重复填写。",
                    rows=(line.row,),
                    numbers={"value": value or ""},
                )
    for item in subject.records.funding:
        if _twice(item.amount_raw):
            yield Draft(
                f"项目资金中的金额{quote(item.amount_raw)}重复填写。",
                cells=(item.cell_id,),
                numbers={"value": item.amount_raw, "source": item.source, "stage": item.stage},
            )
