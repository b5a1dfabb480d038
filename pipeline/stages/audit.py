"""Audit: the records of one document → findings, form by form, and what comparing forms needs of each."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.audit.fingerprint import Fingerprint, fingerprint
from pipeline.codec import rows_of
from pipeline.records.types import DocumentRecords
from pipeline.schema import FindingRow
from pipeline.stage import Stage


@dataclass(frozen=True, slots=True)
class Audited:
    """The findings of one document, and a fingerprint of each of its forms."""

    findings: tuple[FindingRow, ...] = ()
    prints: tuple[Fingerprint, ...] = ()


def audit(records: DocumentRecords) -> Audited:
    """What the rules say about each form of a document, in order. Raises RuleError."""
    from pipeline.audit.judge import audit as audit_form  # loaded by runs that have something to do

    return Audited(
        tuple(finding for form in records.forms for finding in audit_form(form)),
        tuple(fingerprint(form) for form in records.forms),
    )


STAGE: Stage[DocumentRecords, Audited] = Stage(
    name="audit",
    version="1",
    reads=("normalizers", "pipeline/audit", "pipeline/records/types.py", "pipeline/schema", "package:jieba"),
    call=audit,
    codec=rows_of(Audited),
)
