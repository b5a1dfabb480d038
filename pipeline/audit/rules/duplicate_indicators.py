"""The same indicator twice in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.audit.phrase import listing, place, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject

_SIGNS = re.compile(r"[\W_]+")


@rule(
    "duplicate_indicators",
    title="The same indicator twice",
    severity=Severity.WARNING,
    basis="指标不应重复设置：财预〔2021〕101号 [K]",
)
def duplicate_indicators(subject: Subject) -> Iterator[Draft]:
    """Quiet when name or block differs; other values for the same name are named in the sentence."""
    seen: dict[tuple[str, str, str], list[Line]] = {}
    for line in subject.lines:
        key = (line.row.horizon, line.level2 or line.level1, _SIGNS.sub("", line.name))
        seen.setdefault(key, []).append(line)
    for lines in seen.values():
        if len(lines) < 2:
            continue
        values = dict.fromkeys(line.row.target.raw or "空" for line in lines)
        same = "，指标值也相同" if len(values) == 1 else f"，指标值分别为{listing(map(quote, values))}"
        yield Draft(
            f"{place(lines[0].row)}在同一二级指标下重复出现{len(lines)}次{same}。",
            rows=tuple(line.row for line in lines),
            numbers={"times": len(lines)},
        )
