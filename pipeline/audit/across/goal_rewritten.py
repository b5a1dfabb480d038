"""A goal that the evaluation prints in other words."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from pipeline.audit.limits import limits
from pipeline.audit.linked import Linked
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.similarity import skeleton

_LEAST = limits("copied_goal").number("least_characters")
_ALIKE = limits("goal_rewritten").number("alike")
_LONGEST = int(limits("goal_rewritten").number("longest"))


@rule(
    "goal_rewritten",
    title="Goal of the evaluation is not that of the target form",
    severity=Severity.INFO,
    basis="自评应对照年初设定的目标：财预〔2020〕10号 [K]",
    relations=("evaluated_by",),
)
def goal_rewritten(pair: Linked) -> Iterator[Draft]:
    """Quiet for short goals, and where one text holds the other or half of it."""
    before, goal = (skeleton(side.form.goal or "")[:_LONGEST] for side in (pair.earlier, pair.later))
    if min(len(before), len(goal)) < _LEAST or before in goal or goal in before:
        return
    alike = Levenshtein.normalized_similarity(before, goal)
    if alike >= _ALIKE:
        return
    yield Draft(
        f"自评表的年度总体目标与{pair.origin}的表述不同（相似度{round(100 * alike)}%），请核对目标是否经过调整。",
        cells=(pair.later.field_cell("goal"), pair.earlier.field_cell("goal")),
        numbers={"similarity_percent": round(100 * alike)},
    )
