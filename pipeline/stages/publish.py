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


class Publication:
    """A publish under construction: documents come in the order in which they are to stand.

    Rows are packed as they come, so the records of a document need not outlive it.
    """

    def __init__(self) -> None:
        self._parts = Parts()
        self.tally = Tally()

    def add(
        self, row: DocumentRow, records: DocumentRecords | None = None, findings: Iterable[FindingRow] = ()
    ) -> None:
        """Add one document: its row, and if it was read its records and findings."""
        self._parts.add("documents", (row,))
        if records is None:
            return
        self._group(records)
        for form in records.forms:
            self._parts.add("forms", (form.form,))
            self._parts.add("funding", form.funding)
            self._parts.add("indicators", form.indicators)
            self._parts.add("quantities", form.quantities)
            self._parts.add("blank_slots", form.blank_slots)
            self._group(form)
        self._findings(findings)

    def _group(self, group: DocumentRecords | FormRecords) -> None:
        self._parts.add("cells", group.cells)
        self._parts.add("issues", group.issues)
        self.tally.cells_claimed += sum(c.claimed_by != "issue:cell_unclaimed" for c in group.cells)
        self.tally.issues.update(i.severity for i in group.issues)

    def _findings(self, findings: Iterable[FindingRow]) -> None:
        found = tuple(findings)
        self._parts.add("findings", found)
        self.tally.findings.update(f.severity for f in found)

    def finish(self, out: Path, findings: Iterable[FindingRow], links: Iterable[LinkRow]) -> Tally:
        """Write all tables under ``out`` and switch to them.

        Raises PublishError when the folder is taken, and OSError when it cannot be written; the
        last publish then stands.
        """
        self._findings(findings)
        self._parts.add("links", links)
        files = list(self._parts.files())
        package = datapackage(path for path, _ in files)
        files.append((Path("dictionary.md"), dictionary().encode()))
        files.append((Path("datapackage.json"), package.encode()))
        self.tally.digest = publish_files(out, files)
        self.tally.rows = self._parts.counts
        return self.tally
