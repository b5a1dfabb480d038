"""What ``jixiao review --check`` says: decisions that the last publish did not apply, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.corrections.ledger import Ledger
from pipeline.corrections.types import Correction
from pipeline.corrections.verdicts import APPLIED
from pipeline.exports.published import rows
from pipeline.schema import TABLES

_COLUMNS = ("correction_id", "path", "slot", "who", "decided_at", "human", "status", "message")


def check(review: str | Path, clean: str | Path) -> list[str]:
    """One sentence for each stale, orphaned or conflicting decision, and for each that no run has seen.

    ``review`` is the folder of the ledger, ``clean`` that of the published tables. Empty where all
    decisions are applied: the command then leaves with 0, else with 3. Raises LedgerError (a
    SettingsError, 2) for a file that is no YAML or holds no corrections.
    """
    found = Ledger(review).all()
    published = _published(Path(clean))
    said = [_sentence(row) for row in published if row["status"] != APPLIED]
    known = {row["correction_id"] for row in published}
    return [*said, *(_unseen(one) for one in found if one.id not in known)]


def _published(clean: Path) -> list[dict[str, Any]]:
    """The published decisions; none where nothing, or nothing of this version, is published."""
    if not (clean / "corrections").is_dir():
        return []
    found = [dict(zip(_COLUMNS, r, strict=True)) for r in rows(clean, TABLES["corrections"], _COLUMNS)]
    return sorted(found, key=lambda row: (row["status"], row["path"], row["slot"], row["correction_id"]))


def _sentence(row: dict[str, Any]) -> str:
    return f"{row['status']}: {row['path']}：{row['message']}"


def _unseen(one: Correction) -> str:
    target = one.target
    return f"unread: {target.path}：{one.who} 于 {one.when} 对“{target.slot}”的更正尚未经过运行，请先执行 jixiao extract。"
