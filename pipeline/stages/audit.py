"""Audit: the records of one document → findings, form by form, and what comparing forms needs of each."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.audit.fingerprint import Fingerprint, fingerprint
from pipeline.corrections.dismiss import Waiting, dismissed, unmet
from pipeline.records.types import DocumentRecords
from pipeline.schema import CorrectionRow, FindingRow, IssueRow
from pipeline.stage import Stage
from pipeline.storage.codec import rows_of


@dataclass(frozen=True, slots=True)
class Audited:
    """The findings of one document, and a fingerprint of each of its forms.

    ``corrections`` are people's decisions about these findings and what became of them, ``issues``
    those that met none; ``waiting`` are decisions about what only the comparison of forms can find.
    """

    findings: tuple[FindingRow, ...] = ()
    prints: tuple[Fingerprint, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()
    issues: tuple[IssueRow, ...] = ()
    waiting: tuple[Waiting, ...] = ()


def audit(records: DocumentRecords) -> Audited:
    """What the rules say about each form of a document, in order, dismissed findings marked. Raises RuleError."""
    from pipeline.audit.judge import audit as audit_form  # loaded by runs that have something to do
    from pipeline.audit.rule import rules

    findings: list[FindingRow] = []
    decided: list[CorrectionRow] = []
    waiting: list[Waiting] = []
    names = {rule.id for rule in rules()}
    for form in records.forms:
        mine = [row for row in form.dismissals if row.slot.split(":")[1] in names]
        waiting += [(records.document_id, row) for row in form.dismissals if row not in mine]
        marked, rows = dismissed(audit_form(form), mine, form.indicators)
        findings += marked
        decided += rows
    return Audited(
        tuple(findings),
        tuple(fingerprint(form) for form in records.forms),
        tuple(decided),
        unmet(decided, records.document_id),
        tuple(waiting),
    )


STAGE: Stage[DocumentRecords, Audited] = Stage(
    name="audit",
    version="1",
    reads=(
        "normalizers",
        "package:jieba",
        "pipeline/audit",
        "pipeline/corrections",
        "pipeline/issues.yaml",
        "pipeline/records/types.py",
        "pipeline/schema",
    ),
    call=audit,
    codec=rows_of(Audited),
)
