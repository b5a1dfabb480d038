"""A goal in common with another project."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.linked import CopiedGoal
from pipeline.audit.rule import Draft, Severity, rule


@rule(
    "copied_goal",
    title="Goal copied from another project",
    severity=Severity.WARNING,
    version="2",
    basis="绩效目标应结合项目实际编制：财预〔2015〕88号 [K]",
    relations=("copied_from",),
)
def copied_goal(copy: CopiedGoal) -> Iterator[Draft]:
    """``info`` where both projects carry one name."""
    who = "疑有一方照搬" if copy.earlier.fiscal_year == copy.later.fiscal_year else "疑为照搬"
    yield Draft(
        f"“{copy.later.project}”的年度总体目标与“{copy.earlier.project}”{copy.alike}，{who}，未体现项目自身的目标。",
        cells=(copy.later.goal_cell, copy.earlier.goal_cell),
        numbers={"similarity_percent": round(100 * copy.score), "characters": copy.later.goal_length},
        severity=Severity.INFO if copy.one_name else None,
    )
