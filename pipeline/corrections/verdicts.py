"""What became of each decision, as a published row and, where it was not applied, as an issue."""

from __future__ import annotations

from dataclasses import replace

from pipeline.corrections.locate import Standing
from pipeline.corrections.types import Correction, Seen
from pipeline.issues import issue_code
from pipeline.records.ids import indicator_id, issue_id
from pipeline.records.notes import Notes
from pipeline.schema import CorrectionRow, IssueRow

APPLIED, STALE, ORPHANED, CONFLICT = "applied", "stale", "orphaned", "conflict"
GONE = "现已无此栏位"


def now_of(seen: Seen | None) -> str:
    """What stands there now, as a clause."""
    return GONE if seen is None else f"现为原文“{seen.text}”、机读“{seen.reading}”"


def verdict(
    made: Correction,
    status: str,
    *,
    form: Standing | None = None,
    slot: str = "",
    cell_id: str | None = None,
    now: Seen | None = None,
    why: str = "",
    year: int = 0,
) -> CorrectionRow:
    """The row of a decision. ``form`` and ``slot`` say where it stands now, ``why`` why it does not apply."""
    row_no = slot.split(":")[1] if slot.startswith("row:") else ""
    known = form is not None and row_no and int(row_no) in form.indicators
    message = None
    if status != APPLIED:
        message = issue_code(f"correction_{status}").sentence(_data(made, why or now_of(now)))
    return CorrectionRow(
        correction_id=made.id,
        document_id=made.target.document,
        path=made.target.path,
        form_id=form.form_id if form else None,
        indicator_id=indicator_id(form.form_id, int(row_no)) if form and known else None,
        cell_id=cell_id,
        slot=slot or made.target.slot,
        kind=made.kind.value,
        seen_text=made.seen.text,
        seen_reading=made.seen.reading,
        machine_text=now.text if now else None,
        machine=now.reading if now else None,
        human=made.set.words(),
        who=made.who,
        decided_at=made.when,
        why=made.why,
        status=status,
        message=message,
        fiscal_year=year,
    )


def _data(made: Correction, now: str) -> dict[str, str]:
    return {
        "who": made.who,
        "when": made.when,
        "slot": made.target.slot,
        "human": made.set.words(),
        "text": made.seen.text,
        "reading": made.seen.reading,
        "now": now,
        "project": made.target.project or "无名称",
    }


def issue_of(row: CorrectionRow, path: str, document_id: str) -> IssueRow:
    """The issue of a decision that was not applied, about the document in which it was looked for."""
    entry = issue_code(f"correction_{row.status}")
    notes = Notes(path, document_id, {}, year=row.fiscal_year)
    notes.add(entry.code, {}, form_id=row.form_id, indicator_id=row.indicator_id, cell_id=row.cell_id)
    [made] = notes.take()
    key = issue_id(entry.code, document_id, row.correction_id, row.slot)
    return replace(made, issue_id=key, message=f"{path}：{row.message}")
