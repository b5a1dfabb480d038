"""Compare: all forms beside each other → findings across forms, and links between forms."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.audit.compare import Source, compare_sheaves
from pipeline.audit.sheaf import Sheaf
from pipeline.codec import rows_of
from pipeline.schema import FindingRow, LinkRow
from pipeline.stage import Stage


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms of a run: their columns, the number of each sheaf's first document, and where the rest is."""

    sheaves: tuple[Sheaf, ...]
    first: tuple[int, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Compared:
    """What only shows when all forms lie side by side."""

    findings: tuple[FindingRow, ...] = ()
    links: tuple[LinkRow, ...] = ()


def compare(forms: Forms) -> Compared:
    """Findings and links over all forms, in a fixed order."""
    return Compared(*compare_sheaves(forms.sheaves, forms.first, forms.source))


STAGE: Stage[Forms, Compared] = Stage(
    name="compare",
    version="2",
    reads=(
        "normalizers",
        "pipeline/audit",
        "pipeline/records/types.py",
        "pipeline/schema",
        "package:rapidfuzz",
    ),
    call=compare,
    codec=rows_of(Compared),
)
