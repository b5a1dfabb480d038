"""Publish: everything → the tables, their dictionary and package, switched in as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.exports.datapackage import datapackage
from pipeline.exports.dictionary import dictionary
from pipeline.exports.parquet import Parts
from pipeline.exports.snapshot import publish_files
from pipeline.records.types import DocumentRecords, FormRecords
from pipeline.schema import DocumentRow, FindingRow, LinkRow


@dataclass(slots=True)
class Tally:
    """What was published, counted on the way for the summary."""

    rows: dict[str, int] = field(default_factory=dict)
    cells_claimed: int = 0
    issues: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """One document as it goes into the tables; ``records`` is None where there is nothing to publish."""

    row: DocumentRow
    records: DocumentRecords | None = None
    findings: tuple[FindingRow, ...] = ()


def publish(
    out: Path, documents: Iterable[Published], findings: Iterable[FindingRow], links: Iterable[LinkRow]
) -> Tally:
    """Write all tables under ``out`` and switch to them; documents come in the order to be published.

    Raises PublishError when the folder is taken, and OSError when it cannot be written; the last
    publish then stands.
    """
    parts, tally = Parts(), Tally()
    for document in documents:
        _add(parts, document, tally)
    _add_findings(parts, findings, tally)
    parts.add("links", links)
    files = list(parts.files())
    files.append((Path("dictionary.md"), dictionary().encode()))
    files.append((Path("datapackage.json"), datapackage(f for f, _ in files[:-1]).encode()))
    tally.digest = publish_files(out, files)
    tally.rows = parts.counts
    return tally


def _add(parts: Parts, document: Published, tally: Tally) -> None:
    parts.add("documents", (document.row,))
    records = document.records
    if records is None:
        return
    parts.add("cells", records.cells)
    parts.add("issues", records.issues)
    for form in records.forms:
        parts.add("forms", (form.form,))
        parts.add("funding", form.funding)
        parts.add("indicators", form.indicators)
        parts.add("quantities", form.quantities)
        parts.add("blank_slots", form.blank_slots)
        parts.add("cells", form.cells)
        parts.add("issues", form.issues)
    _add_findings(parts, document.findings, tally)
    groups: tuple[DocumentRecords | FormRecords, ...] = (records, *records.forms)
    for group in groups:
        tally.cells_claimed += sum(c.claimed_by != "issue:cell_unclaimed" for c in group.cells)
        tally.issues.update(i.severity for i in group.issues)


def _add_findings(parts: Parts, findings: Iterable[FindingRow], tally: Tally) -> None:
    found = tuple(findings)
    parts.add("findings", found)
    tally.findings.update(f.severity for f in found)
