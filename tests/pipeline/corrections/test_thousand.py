"""Random corrections: all applied after a re-run; after changing some sources exactly those stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.corrections.thousand import trial

CORRECTIONS, CHANGED = 150, 15  # a thousand and a hundred: benchmarks/review/thousand.py


@pytest.mark.parametrize("seed", [7])
def test_random_corrections_apply_and_exactly_the_changed_come_back(tmp_path: Path, seed: int) -> None:
    made = trial(tmp_path, CORRECTIONS, seed)
    made.archive.run()
    rows = made.archive.table("corrections")
    assert [(r["path"], r["slot"], r["status"], r["message"]) for r in rows if r["status"] != "applied"] == []
    assert len(rows) == CORRECTIONS
    assert made.wrong() == []
    changed = made.change(CHANGED)
    made.archive.run()
    rows = made.archive.table("corrections")
    assert {r["correction_id"] for r in rows if r["status"] == "stale"} == changed
    assert sum(r["status"] == "applied" for r in rows) == CORRECTIONS - CHANGED
    assert made.wrong() == []
