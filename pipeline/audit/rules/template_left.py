"""Advice or blanks of the template that were left standing."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.limits import limits
from pipeline.audit.phrase import place, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_WORDS = limits("template_left").pattern("words")
_BLANKS = limits("template_left").pattern("blanks")
_FIELDS = {"project_name": "项目名称", "goal": "年度总体目标"}


@rule(
    "template_left",
    title="Text of the template left in",
    severity=Severity.WARNING,
    basis="绩效目标应结合项目填报：财预〔2015〕88号 [K]; taxonomy §7 (advice text of the template left in), §5 (≥**%) [F]",
)
def template_left(subject: Subject) -> Iterator[Draft]:
    """Looks at project name, goal, indicator names and values; printed empty slots are none."""
    for field, title in _FIELDS.items():
        text = getattr(subject.form, field) or ""
        if _WORDS.search(text) or _BLANKS.search(text):
            yield Draft(
                f"{title}{quote(text)}疑为模板中的填写提示，未按项目填写。",
                cells=(subject.field_cell(field),),
                numbers={"field": field},
            )
    for line in subject.lines:
        texts = (line.row.level3_raw, line.row.target.raw or "", line.row.actual.raw or "")
        left = next((t for t in texts if _WORDS.search(t) or _BLANKS.search(t)), None)
        if left is not None:
            yield Draft(
                f"{place(line.row)}中的{quote(left)}疑为模板中的填写提示或未填的空位。",
                rows=(line.row,),
                numbers={"text": left},
            )
