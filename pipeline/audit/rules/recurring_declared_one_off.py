"""Running costs declared as a one-off project (新增一次性项目)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.limits import limits
from pipeline.audit.phrase import quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_LIMITS = limits("recurring_declared_one_off")
_ONE_OFF = _LIMITS.pattern("one_off_words")
_GOAL = _LIMITS.pattern("goal_words")
_EXCLUDED = _LIMITS.pattern("excluded_words")
_RUNNING = limits("shared").pattern("running_words")


@rule(
    "recurring_declared_one_off",
    title="Recurring costs declared as a one-off project",
    severity=Severity.WARNING,
    basis="taxonomy §4 (values of 项目属性) [F]; 项目分类应与支出性质一致 [K]",
)
def recurring_declared_one_off(subject: Subject) -> Iterator[Draft]:
    """Quiet unless the nature says 一次性, and for purchases, buildings and special funds."""
    form = subject.form
    nature, name, goal = form.project_nature_raw or "", form.project_name or "", form.goal or ""
    if not _ONE_OFF.search(nature) or _EXCLUDED.search(name):
        return
    in_name, in_goal = _RUNNING.search(name), _GOAL.search(goal)
    word = in_name or in_goal
    if word is None:
        return
    where = "项目名称" if in_name else "年度总体目标"
    yield Draft(
        f"项目属性填为{quote(nature)}，但{where}中的“{word.group()}”属于每年都会发生的经常性支出，属性与内容不符。",
        cells=tuple(subject.field_cell(f) for f in ("project_nature", "project_name" if in_name else "goal")),
        numbers={"nature": nature, "word": word.group()},
        severity=None if in_name else Severity.INFO,
    )
