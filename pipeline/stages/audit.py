"""Audit: the records of one document → findings, form by form."""

from __future__ import annotations

from pipeline.audit.judge import audit as audit_form
from pipeline.codec import rows_of
from pipeline.records.types import DocumentRecords
from pipeline.schema import FindingRow
from pipeline.stage import Stage


def audit(records: DocumentRecords) -> tuple[FindingRow, ...]:
    """What the rules say about each form of a document, in order."""
    return tuple(finding for form in records.forms for finding in audit_form(form))


STAGE: Stage[DocumentRecords, tuple[FindingRow, ...]] = Stage(
    name="audit",
    version="1",
    reads=("normalizers", "pipeline/audit", "pipeline/records/types.py", "pipeline/schema"),
    call=audit,
    codec=rows_of(tuple[FindingRow, ...]),
)
