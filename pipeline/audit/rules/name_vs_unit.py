"""The closing word of the name (次数) against the unit of the value (人次)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.audit.limits import limits
from pipeline.audit.phrase import place
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject, is_calendar, is_money, is_percent

_UNITS = {word: frozenset(units) for word, units in limits("name_vs_unit").groups("units").items()}
_ENDS = re.compile(f"(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?=[（(]|$)")


@rule(
    "name_vs_unit",
    title="Name and unit count different things",
    severity=Severity.WARNING,
    basis="指标名称与计量单位应一致：财预〔2021〕101号 [K]; taxonomy §5 (units wrong) [F]",
)
def name_vs_unit(subject: Subject) -> Iterator[Draft]:
    """Quiet when any part of the value carries a unit that goes with the name."""
    for line in subject.lines:
        match = _ENDS.search(line.name)
        if match is None or line.target is None:
            continue
        parts = [p for p in line.target.parts if p.unit and not is_calendar(p)]
        units = {unit for p in parts for unit in (p.unit, p.unit_raw)}
        if not parts or units & _UNITS[match.group()] or any(is_money(p) or is_percent(p) for p in parts):
            continue
        yield Draft(
            f"{place(line.row)}名称统计的是“{match.group()}”，指标值的单位却为“{parts[0].unit}”"
            f"（{line.row.target.raw}），口径不一致。",
            rows=(line.row,),
            numbers={"word": match.group(), "unit": parts[0].unit or ""},
        )
