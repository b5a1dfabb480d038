"""Printed numbers of the slots (指标1, 指标2 …) that skip or repeat."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pipeline.audit.phrase import listing
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject
from pipeline.schema import BlankSlotRow, IndicatorRow

_Slot = IndicatorRow | BlankSlotRow


def _runs(subject: Subject) -> list[list[_Slot]]:
    """Numbered slots in printed order, cut where level 2 changes or the count starts again."""
    records = subject.records
    slots: list[_Slot] = [*records.indicators, *records.blank_slots]
    runs: list[list[_Slot]] = []
    for slot in sorted(slots, key=lambda s: s.row_no):
        last = runs[-1][-1] if runs else None
        again = slot.ordinal == 1 and last is not None and last.ordinal != 1
        if last is None or last.level2_id != slot.level2_id or again:
            runs.append([])
        runs[-1].append(slot)
    return runs


def _continuous(runs: list[list[_Slot]]) -> bool:
    """Is the whole form numbered in one go?"""
    numbers = [slot.ordinal for run in runs for slot in run]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))


@rule(
    "numbering_gap",
    title="Indicator numbers skip or repeat",
    severity=Severity.INFO,
    basis="指标应填报完整：财预〔2015〕88号 [K]; taxonomy §7 (numbering starting at 指标2) [F]",
)
def numbering_gap(subject: Subject) -> Iterator[Draft]:
    """Quiet for 指标： without numbers and for numbers that run through the whole form."""
    runs = _runs(subject)
    if _continuous(runs):
        return
    for run in runs:
        numbers = [slot.ordinal for slot in run if slot.ordinal is not None]
        if len(numbers) != len(run) or not numbers or _counts_up(numbers):
            continue
        named = [slot for slot in run if isinstance(slot, IndicatorRow)]
        label = next((slot.level2_raw or slot.level1_raw for slot in named), None) or "指标"
        yield Draft(
            f"{label}下的指标编号为{listing(f'指标{n}' for n in numbers)}，存在跳号或重号，可能有指标漏填或错位。",
            rows=tuple(named),
            cells=tuple(slot.cell_id for slot in run if isinstance(slot, BlankSlotRow)),
            numbers={"ordinals": ",".join(map(str, numbers)), "row_no": run[0].row_no},
        )


def _counts_up(numbers: list[int]) -> bool:
    return numbers[0] == 1 and all(after == before + 1 for before, after in pairwise(numbers))
