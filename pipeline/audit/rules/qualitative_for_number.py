"""A word where the row asks for a number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizers.quantity import Kind
from pipeline.audit.limits import limits
from pipeline.audit.phrase import place, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject

_SHARED = limits("shared")
_RATE = _SHARED.pattern("rate_words", r"(?:{})$")
_NO_RATE = _SHARED.pattern("no_rate_words", r"(?:{})$")
_COUNT = limits("qualitative_for_number").pattern("count_words", r"(?:{})$")
_CHANGE = limits("qualitative_for_number").pattern("change_words")
_LAST_CLAUSE = re.compile(r"^.*[，,。；;、]")
_TAIL = re.compile(r"(?:[（(][^（）()]*[）)]|[\s。；;，,：:])+$")


def _expects(line: Line) -> str | None:
    """Why the row needs a number, in words; None where a description will do."""
    name = _TAIL.sub("", line.name)
    if line.level1 == "benefit" and _CHANGE.search(_LAST_CLAUSE.sub("", name)):
        return None
    if _RATE.search(name) and not _NO_RATE.search(name):
        return "名称为比率类指标"
    if _COUNT.search(name):
        return "名称要求填写数值"
    if line.level2 == "output.quantity":
        return "属于数量指标"
    if line.is_cost:
        return "属于成本指标"
    return "属于满意度指标" if line.level1 == "satisfaction" else None


@rule(
    "qualitative_for_number",
    title="Words where a number is expected",
    severity=Severity.WARNING,
    basis="绩效指标应细化、量化：财预〔2015〕88号 [K]",
)
def qualitative_for_number(subject: Subject) -> Iterator[Draft]:
    """Quiet for effects and quality described in words, and where the value holds any number."""
    for line in subject.lines:
        value = line.target
        if value is None or value.parts or value.kind not in (Kind.QUALITATIVE, Kind.OTHER, Kind.DEADLINE):
            continue
        if re.search(r"\d", value.folded):
            continue
        why = _expects(line)
        if why is None:
            continue
        yield Draft(
            f"{place(line.row)}{why}，指标值却为定性表述{quote(value.folded)}，未作量化。",
            rows=(line.row,),
            numbers={"reason": why},
            severity=Severity.INFO if line.is_cost else None,
        )
