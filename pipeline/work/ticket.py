"""The ticket of a document: what became of it in a few hundred bytes, with the keys of its records.

A run that finds a ticket has nothing else to look up for the document: not its stages, not its
records. Publishing is planned from tickets alone; records are read where a part must be written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.records.types import DocumentRecords
from pipeline.schema import DocumentRow, FormRow
from pipeline.stages.audit import Audited
from pipeline.stages.collect import Entry
from pipeline.storage.codec import rows_of
from pipeline.storage.store import key_of
from pipeline.storage.versions import digest_of
from pipeline.work.chain import Processed, audited_key

NAME = "ticket"
Natural = tuple[int, str, str]
_READS = (
    "pipeline/work/chain.py",
    "pipeline/issues.py",
    "pipeline/issues.yaml",
    "pipeline/schema",
    "pipeline/work/ticket.py",
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A document's row; keys of its records and of what the audit said; how many rows it has where.

    ``rows`` counts by fiscal year and table, ``claimed`` the cells accounted for, ``issues`` and
    ``findings`` by severity. ``naturals`` are the natural keys of its forms: year, department, project.
    ``waiting`` says that decisions of people wait for what the comparison of forms finds; ``lasting``
    is False where the next run should look again.
    """

    row: DocumentRow
    records: str = ""
    audited: str = ""
    rows: dict[int, dict[str, int]] = field(default_factory=dict)
    claimed: int = 0
    issues: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    naturals: tuple[Natural, ...] = ()
    waiting: bool = False
    lasting: bool = True


CODEC = rows_of(Ticket)


def ticket_key(entry: Entry) -> str:
    """The key of the ticket of a collected file: everything its row and its records depend on."""
    return key_of(
        NAME, digest_of(_READS), audited_key(entry), entry.path, entry.member or "", str(entry.size)
    )


def rows_by_table(
    row: DocumentRow, records: DocumentRecords | None, audited: Audited
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Everything one document publishes, table by table, in the order in which it is to stand."""
    yield "documents", (row,)
    if records is None:
        return
    yield "cells", records.cells
    yield "issues", records.issues
    for form in records.forms:
        yield "forms", (form.form,)
        yield "funding", form.funding
        yield "indicators", form.indicators
        yield "quantities", form.quantities
        yield "blank_slots", form.blank_slots
        yield "cells", form.cells
        yield "issues", form.issues
    yield "findings", audited.findings
    met = {r.correction_id for r in (*audited.corrections, *(r for _, r in audited.waiting))}
    unmet = tuple(r for form in records.forms for r in form.dismissals if r.correction_id not in met)
    yield "corrections", (*records.corrections, *audited.corrections, *unmet)
    yield "issues", audited.issues


def ticket_of(done: Processed) -> Ticket:
    """Sum up what was made of a document."""
    rows: dict[int, Counter[str]] = {}
    issues: Counter[str] = Counter()
    claimed = 0
    for table, found in rows_by_table(done.row, done.records, done.audited):
        for row in found:
            rows.setdefault(row.fiscal_year, Counter())[table] += 1
        if table == "issues":
            issues.update(i.severity for i in found)
        elif table == "cells":
            claimed += sum(c.claimed_by != "issue:cell_unclaimed" for c in found)
    return Ticket(
        row=done.row,
        records=done.normalised,
        audited=done.key,
        rows={year: dict(counts) for year, counts in sorted(rows.items())},
        claimed=claimed,
        issues=dict(sorted(issues.items())),
        findings=dict(sorted(Counter(str(f.severity) for f in done.audited.findings).items())),
        naturals=tuple(_natural(form.form) for form in done.records.forms) if done.records else (),
        waiting=bool(done.audited.waiting),
        lasting=done.lasting,
    )


def _natural(form: FormRow) -> Natural:
    return (form.fiscal_year, form.department or "", form.project_name or "")
