"""Dismissals: findings that are no fault, issues that somebody has looked at. Nothing vanishes.

A dismissed finding or issue stays published with who dismissed it and why. It is known by what it
says and about what, so one that says something else tomorrow is not dismissed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pipeline.corrections.locate import Standing
from pipeline.corrections.seen import finding_slot, issue_slot
from pipeline.corrections.types import Action, Correction, Seen
from pipeline.corrections.verdicts import APPLIED, CONFLICT, ORPHANED, STALE, issue_of, verdict
from pipeline.records.types import DocumentRecords, FormRecords
from pipeline.schema import CorrectionRow, FindingRow, IndicatorRow, IssueRow

Waiting = tuple[str, CorrectionRow]
"""A document's id, and a decision about one of its forms that waits for what comparing forms finds."""
Find = Callable[[Correction], Standing | None]
NO_FINDING, NO_ISSUE = "现已无此疑点", "现已无此问题"


def with_dismissals(
    records: DocumentRecords, made: Sequence[Correction], clashing: set[Correction], form_of: Find
) -> tuple[DocumentRecords, list[CorrectionRow]]:
    """The records with accepted issues marked and decisions about findings laid beside their forms.

    The rows are those of issues, of findings whose form is gone, and of contradictions.
    """
    rows: list[CorrectionRow] = []
    waiting: dict[int, list[CorrectionRow]] = {}
    accepted: dict[tuple[int | None, str], Correction] = {}
    placed: list[tuple[Correction, Standing | None]] = []
    for one in made:
        form = form_of(one) if one.target.form_no is not None else None
        year = form.natural[0] if form else records.fiscal_year
        if one in clashing:
            rows.append(verdict(one, CONFLICT, form=form, year=year))
        elif form is None and one.target.form_no is not None:
            rows.append(verdict(one, ORPHANED, year=year))
        elif one.target.slot.startswith("finding:") and form is not None:
            row = verdict(one, STALE, form=form, why=NO_FINDING, year=year)
            waiting.setdefault(form.form_no, []).append(row)
        else:
            accepted[form.form_no if form else None, one.target.slot] = one
            placed.append((one, form))
    met: dict[Correction, IssueRow] = {}
    issues = tuple(_accept(i, accepted, records.cells, (), None, met) for i in records.issues)
    forms = tuple(_form(form, accepted, waiting, met) for form in records.forms)
    rows += [_of_issue(one, form, met.get(one), records.fiscal_year) for one, form in placed]
    return replace(records, forms=forms, issues=issues), rows


def _form(
    form: FormRecords,
    accepted: dict[tuple[int | None, str], Correction],
    waiting: dict[int, list[CorrectionRow]],
    met: dict[Correction, IssueRow],
) -> FormRecords:
    number = form.form.form_no
    found = tuple(_accept(i, accepted, form.cells, form.indicators, number, met) for i in form.issues)
    return replace(form, issues=found, dismissals=tuple(waiting.get(number, ())))


def _accept(
    issue: IssueRow,
    accepted: dict[tuple[int | None, str], Correction],
    cells: Iterable[object],
    indicators: Iterable[IndicatorRow],
    form_no: int | None,
    met: dict[Correction, IssueRow],
) -> IssueRow:
    if not accepted:
        return issue
    text = next((c.text for c in cells if c.cell_id == issue.cell_id), "")  # type: ignore[attr-defined]
    name = next((r.level3_raw for r in indicators if r.indicator_id == issue.indicator_id), "")
    one = accepted.get((form_no, issue_slot({"code": issue.code, "message": issue.message}, name, text)))
    if one is None:
        return issue
    met[one] = issue
    return replace(issue, dismissed_by=one.who, dismissed_why=one.why)


def _of_issue(one: Correction, form: Standing | None, issue: IssueRow | None, year: int) -> CorrectionRow:
    year = form.natural[0] if form else year
    if issue is None:
        return verdict(one, STALE, form=form, why=NO_ISSUE, year=year)
    made = verdict(one, APPLIED, form=form, now=Seen(text=issue.message), year=year)
    return replace(made, cell_id=issue.cell_id, indicator_id=issue.indicator_id)


def dismissed(
    findings: Sequence[FindingRow],
    dismissals: Iterable[CorrectionRow],
    indicators: Iterable[IndicatorRow] = (),
) -> tuple[tuple[FindingRow, ...], tuple[CorrectionRow, ...]]:
    """The findings with dismissed ones marked, and the decisions with those that were met marked applied.

    All are about one form, or compare it with another; ``indicators`` are the form's.
    """
    waiting = {(row.form_id, row.slot): row for row in dismissals}
    if not waiting:
        return tuple(findings), ()
    rows = [
        {"indicator_id": r.indicator_id, "level3_raw": r.level3_raw, "target_raw": r.target.raw}
        for r in indicators
    ]
    marked = []
    for one in findings:
        said = {name: getattr(one, name) for name in _FINDING}
        key = (one.form_id, finding_slot(said, rows))
        row = waiting.get(key)
        if row is not None:
            waiting[key] = replace(row, status=APPLIED, message=None, machine_text=one.message)
            if row.human != Action.ACCEPT:  # an accepted finding stands, and somebody has looked at it
                one = replace(one, dismissed_by=row.who, dismissed_why=row.why)
        marked.append(one)
    return tuple(marked), tuple(waiting.values())


def unmet(rows: Iterable[CorrectionRow], document_id: str) -> tuple[IssueRow, ...]:
    """The issues of decisions that met no finding in this document."""
    return tuple(issue_of(row, row.path, document_id) for row in rows if row.status != APPLIED)


_FINDING = ("rule", "message", "numbers", "indicator_ids", "other_form_id")
