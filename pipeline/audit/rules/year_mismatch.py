"""Years that do not fit together: the form's year, the project period, dates in the values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizers import fold
from pipeline.audit.limits import limits
from pipeline.audit.phrase import place, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_LIMITS = limits("year_mismatch")
_FIRST = re.compile(
    r"^\W*(?:[^\d\W]{0,4}\d{0,2}[:,、.])?\W*(?P<year>(?:19|20)\d\d)年(?:度)?(?P<rest>.{0,6})", re.DOTALL
)
_PLAN = _LIMITS.pattern("plan_words", r"\W*(?:{})")
_SPAN = _LIMITS.pattern("span_words", r"\W{{0,1}}(?:{})")
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def _period(subject: Subject) -> Iterator[Draft]:
    form = subject.form
    start, end = form.period_start, form.period_end
    if start is None or end is None or start.year <= form.fiscal_year <= end.year:
        return
    yield Draft(
        f"表格年度为{form.fiscal_year}年，项目期却为{quote(form.period_raw or '')}，两者不一致。",
        cells=(subject.field_cell("period"), subject.field_cell("title")),
        numbers={"fiscal_year": form.fiscal_year, "period": form.period_raw or ""},
    )


def _goal(subject: Subject) -> Iterator[Draft]:
    """A goal that opens with the plan of another year and never names the form's own."""
    goal, year = fold(subject.form.goal or ""), subject.form.fiscal_year
    opening = _FIRST.match(goal)
    if opening is None or _SPAN.match(opening["rest"]) or not _PLAN.match(opening["rest"]):
        return
    if int(opening["year"]) == year or str(year) in _YEARS.findall(goal):
        return
    yield Draft(
        f"表格年度为{year}年，年度总体目标却以{quote(opening['year'] + '年')}开头，通篇未提{year}年，两者不一致。",
        cells=(subject.field_cell("goal"), subject.field_cell("title")),
        numbers={"fiscal_year": year, "goal_year": int(opening["year"])},
    )


def _dates(subject: Subject) -> Iterator[Draft]:
    form = subject.form
    first = min(form.fiscal_year, form.period_start.year if form.period_start else form.fiscal_year)
    last = max(form.fiscal_year, form.period_end.year if form.period_end else form.fiscal_year)
    for line in subject.lines:
        if line.row.horizon != "annual" or line.target is None:
            continue
        for part in line.target.parts:
            if part.date_start is None or part.date_end is None:
                continue
            # A task of the winter or a settlement may end in January of the next year.
            if part.date_end.year >= first and part.date_start.year <= last + 1:
                continue
            yield Draft(
                f"{place(line.row)}的指标值{quote(line.target.folded)}不在{form.fiscal_year}年度之内。",
                rows=(line.row,),
                numbers={"fiscal_year": form.fiscal_year, "target": line.target.folded},
            )


@rule(
    "year_mismatch",
    title="Years do not fit together",
    severity=Severity.WARNING,
    version="2",
    basis="绩效目标按预算年度填报：财预〔2015〕88号 [K]; taxonomy §7 (year of title and body differ) [F]",
)
def year_mismatch(subject: Subject) -> Iterator[Draft]:
    """Quiet when the form's year is unknown, and for dates up to the following January."""
    if subject.form.fiscal_year:
        yield from _period(subject)
        yield from _goal(subject)
        yield from _dates(subject)
