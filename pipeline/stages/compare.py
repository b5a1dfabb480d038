"""Compare: fingerprints of all forms → findings across forms, and links between forms."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.audit.compare import compare as compare_forms
from pipeline.audit.fingerprint import Fingerprint
from pipeline.codec import rows_of
from pipeline.corrections.dismiss import Waiting, dismissed, unmet
from pipeline.schema import CorrectionRow, FindingRow, IssueRow, LinkRow
from pipeline.stage import Stage


@dataclass(frozen=True, slots=True)
class Compared:
    """What only shows when all forms lie side by side, and people's decisions about it."""

    findings: tuple[FindingRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()
    issues: tuple[IssueRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Fingerprints of all forms, and the decisions that wait for findings between them."""

    prints: tuple[Fingerprint, ...]
    waiting: tuple[Waiting, ...] = ()


def compare(given: Beside) -> Compared:
    """Findings and links over all forms, in a fixed order, dismissed findings marked."""
    findings, links = compare_forms(given.prints)
    marked, rows = dismissed(findings, [row for _, row in given.waiting])
    holders = {row.form_id: document_id for document_id, row in given.waiting}
    issues = tuple(issue for row in rows for issue in unmet([row], holders[row.form_id]))
    return Compared(marked, links, rows, issues)


STAGE: Stage[Beside, Compared] = Stage(
    name="compare",
    version="1",
    reads=("pipeline/audit", "pipeline/corrections", "pipeline/issues.yaml", "pipeline/schema"),
    call=compare,
    codec=rows_of(Compared),
)
