"""Compare: the records of all documents → findings across forms, and links between forms."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.audit.compare import compare as compare_forms
from pipeline.audit.fingerprint import fingerprint
from pipeline.codec import rows_of
from pipeline.records.types import FormRecords
from pipeline.schema import FindingRow, LinkRow
from pipeline.stage import Stage


@dataclass(frozen=True, slots=True)
class Compared:
    """What only shows when all forms lie side by side."""

    findings: tuple[FindingRow, ...] = ()
    links: tuple[LinkRow, ...] = ()


def compare(forms: tuple[FormRecords, ...]) -> Compared:
    """Findings and links over all forms, in a fixed order."""
    findings, links = compare_forms(map(fingerprint, forms))
    return Compared(findings, links)


STAGE: Stage[tuple[FormRecords, ...], Compared] = Stage(
    name="compare",
    version="1",
    reads=("normalizers", "pipeline/audit", "pipeline/records/types.py", "pipeline/schema"),
    call=compare,
    codec=rows_of(Compared),
)
