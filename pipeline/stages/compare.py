"""Compare: fingerprints of all forms → findings across forms, and links between forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.audit.compare import compare as compare_forms
from pipeline.audit.fingerprint import Fingerprint
from pipeline.codec import rows_of
from pipeline.schema import FindingRow, LinkRow
from pipeline.stage import Stage


@dataclass(frozen=True, slots=True)
class Compared:
    """What only shows when all forms lie side by side."""

    findings: tuple[FindingRow, ...] = ()
    links: tuple[LinkRow, ...] = ()


def compare(prints: Iterable[Fingerprint]) -> Compared:
    """Findings and links over all forms, in a fixed order."""
    findings, links = compare_forms(prints)
    return Compared(findings, links)


STAGE: Stage[Iterable[Fingerprint], Compared] = Stage(
    name="compare",
    version="1",
    reads=("pipeline/audit", "pipeline/schema"),
    call=compare,
    codec=rows_of(Compared),
)
