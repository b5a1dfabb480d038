"""Years that do not fit together: the form's year, the project period, dates in the values."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.phrase import place, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject


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
    basis="taxonomy §7 (year of title and body differ) [F]",
)
def year_mismatch(subject: Subject) -> Iterator[Draft]:
    """Quiet when the form's year is unknown, and for dates up to the following January."""
    if subject.form.fiscal_year:
        yield from _period(subject)
        yield from _dates(subject)
