"""Compare: all forms beside each other → findings across forms, and links between forms."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.audit.compare import Source, compare_sheaves
from pipeline.audit.sheaf import Sheaf
from pipeline.corrections.dismiss import Waiting, dismissed, unmet
from pipeline.schema import CorrectionRow, FindingRow, IssueRow, LinkRow
from pipeline.stage import Stage
from pipeline.storage.codec import rows_of


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms of a run: their columns, the number of each sheaf's first document, and where the rest is.

    ``waiting`` are people's decisions about findings that only the comparison can make.
    """

    sheaves: tuple[Sheaf, ...]
    first: tuple[int, ...]
    source: Source
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """What only shows when all forms lie side by side, and people's decisions about it."""

    findings: tuple[FindingRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()
    issues: tuple[IssueRow, ...] = ()


def compare(forms: Forms) -> Compared:
    """Findings and links over all forms, in a fixed order, dismissed findings marked."""
    findings, links = compare_sheaves(forms.sheaves, forms.first, forms.source)
    marked, rows = dismissed(findings, [row for _, row in forms.waiting])
    holders = {row.form_id: document_id for document_id, row in forms.waiting}
    issues = tuple(issue for row in rows for issue in unmet([row], holders[row.form_id]))
    return Compared(marked, links, rows, issues)


STAGE: Stage[Forms, Compared] = Stage(
    name="compare",
    version="3",
    reads=(
        "normalizers",
        "pipeline/audit",
        "pipeline/corrections",
        "pipeline/issues.yaml",
        "pipeline/records/types.py",
        "pipeline/schema",
        "package:rapidfuzz",
    ),
    call=compare,
    codec=rows_of(Compared),
)
