"""Decisions to save, in processes of their own too: nothing is imported that takes them long to load."""

from __future__ import annotations

from pipeline.corrections import Correction, Decision, Ledger, Seen, Target

WHEN = "2026-11-22T08:00:00+08:00"
PATH = "2023/永宁.txt"


def made(slot: str = "row:5:target", text: str = "120次", who: str = "王", **more: object) -> Correction:
    target = {"document": "ab" * 32, "path": PATH, "form_no": 0, "slot": slot, "year": 2023}
    target |= {k: v for k, v in more.items() if k in Target.model_fields}
    rest = {k: v for k, v in more.items() if k not in Target.model_fields}
    return Correction(
        target=Target(**target),
        kind="value",
        seen=Seen(text="100余次", reading="count"),
        set=Decision(text=text),
        who=who,
        when=WHEN,
        **rest,
    )


def save_many(folder: str, who: str, first: int) -> None:
    """Twenty decisions, one after another."""
    ledger = Ledger(folder)
    for n in range(first, first + 20):
        ledger.save(made(f"row:{n}:target", who=who), ledger.revision(PATH))
