"""Last year's goal, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.audit.goals import telling
from pipeline.audit.linked import Linked
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.similarity import skeleton

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")


@rule(
    "goal_repeated",
    title="Goal is last year's",
    severity=Severity.INFO,
    version="2",
    basis="绩效目标应结合当年工作计划编制：财预〔2015〕88号 [K]",
    relations=("next_year",),
)
def goal_repeated(pair: Linked) -> Iterator[Draft]:
    """Years aside, the same text; ``warning`` where it still speaks of last year. Quiet for short goals."""
    before, goal = (skeleton(side.form.goal or "") for side in (pair.earlier, pair.later))
    if not telling(goal) or _YEAR.sub("", before) != _YEAR.sub("", goal):
        return
    last, year = pair.earlier.form.fiscal_year, pair.later.form.fiscal_year
    stale = before == goal and {*_YEAR.findall(goal)} == {str(last)}
    then = f"，且仍写着“{last}年”" if stale else ""
    yield Draft(
        f"{year}年的年度总体目标与{last}年相同{then}，未反映当年的工作安排。",
        cells=(pair.later.field_cell("goal"), pair.earlier.field_cell("goal")),
        numbers={"characters": len(goal), "stale_year": last if stale else 0},
        severity=Severity.WARNING if stale else None,
    )
