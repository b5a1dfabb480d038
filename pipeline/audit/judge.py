"""All rules over one form, or over two linked ones: drafts become findings with stable ids, in a fixed order."""

from __future__ import annotations

import json

from pipeline.audit.linked import linked
from pipeline.audit.rule import Draft, Rule, RuleError, linked_rules, rules
from pipeline.audit.subject import subject_of
from pipeline.records import FormRecords
from pipeline.records.ids import finding_id
from pipeline.schema import FindingRow, FormRow


def finding(
    rule: Rule,
    draft: Draft,
    form_id: str,
    fiscal_year: int,
    other: str | None = None,
    indicator_ids: tuple[str, ...] = (),
) -> FindingRow:
    """Turn a draft into a published row; the id is a digest of rule, forms, rows and numbers."""
    numbers = json.dumps(dict(draft.numbers), ensure_ascii=False, sort_keys=True)
    rows = indicator_ids or tuple(row.indicator_id for row in draft.rows)
    cells = [cell for row in draft.rows for cell in (row.level3_cell_id, row.target.cell_id)]
    cells += [row.actual.cell_id for row in draft.rows]
    return FindingRow(
        finding_id=finding_id(rule.id, form_id, other, *rows, numbers),
        rule=rule.id,
        rule_version=rule.version,
        title=rule.title,
        severity=str(draft.severity or rule.severity),
        form_id=form_id,
        other_form_id=other,
        indicator_ids=rows,
        cell_ids=tuple(dict.fromkeys(cell for cell in (*cells, *draft.cells) if cell)),
        numbers=numbers,
        message=draft.message,
        fiscal_year=fiscal_year,
    )


def _drafts(rule: Rule, subject: object, form: FormRow) -> list[Draft]:
    try:
        return list(rule(subject))
    except Exception as error:
        name = form.project_name or "?"
        raise RuleError(f"rule {rule.id} failed on form {form.form_id} ({name}): {error!r}") from error


def audit(records: FormRecords) -> tuple[FindingRow, ...]:
    """Run every rule over one form.

    Args:
        records: one normalised form.

    Returns:
        The findings sorted by rule id, then in the order of the rows concerned; none twice.

    Raises:
        RuleError: a rule broke; the message names the rule and the form.
    """
    subject = subject_of(records)
    form = records.form
    found: dict[str, FindingRow] = {}
    for rule in rules():
        for draft in _drafts(rule, subject, form):
            row = finding(rule, draft, form.form_id, form.fiscal_year)
            found.setdefault(row.finding_id, row)
    return tuple(found.values())


def audit_linked(earlier: FormRecords, later: FormRecords, relation: str) -> tuple[FindingRow, ...]:
    """Run every rule that looks at two forms linked so.

    Args:
        earlier: the form that comes first in the project's life, as ``links.form_id``.
        later: the one that follows it; the findings are its own, the other stands in ``other_form_id``.
        relation: as in ``links``.

    Returns:
        The findings sorted by rule id, then in the order of the rows concerned; none twice.

    Raises:
        RuleError: a rule broke; the message names the rule and the later form.
    """
    subject = linked(subject_of(earlier), subject_of(later), relation)
    form = later.form
    found: dict[str, FindingRow] = {}
    for rule in linked_rules(relation):
        for draft in _drafts(rule, subject, form):
            row = finding(rule, draft, form.form_id, form.fiscal_year, earlier.form.form_id)
            found.setdefault(row.finding_id, row)
    return tuple(found.values())
