"""A printed label that is one character off from the one it must be (财政投款)."""

from __future__ import annotations

from collections.abc import Iterator

from normalizers import fold
from pipeline.audit.limits import limits
from pipeline.audit.phrase import quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.similarity import skeleton
from pipeline.audit.subject import Subject
from pipeline.schema import CellRow

_LIMITS = limits("label_typo")
_LABELS = _LIMITS.words("labels")
_RIGHT = frozenset((*_LABELS, *_LIMITS.words("also_right")))
_BEFORE = _LIMITS.words("before")
_LABEL = "noise:printed_label"


def _bare(text: str) -> str:
    """A label without 其中：, brackets at its end and signs."""
    bare = skeleton(fold(text).partition("(")[0])
    for word in _BEFORE:
        bare = bare.removeprefix(word)
    return bare


def _meant(cell: CellRow) -> str | None:
    """The one label that differs in one character; None where the cell was read by machine eyes or is right."""
    if cell.claimed_by != _LABEL or (cell.confidence_read is not None and cell.confidence_read < 1):
        return None
    bare = _bare(cell.text)
    if bare in _RIGHT:
        return None
    near = [
        label
        for label in _LABELS
        if len(label) == len(bare) and sum(a != b for a, b in zip(label, bare, strict=True)) == 1
    ]
    return near[0] if len(near) == 1 else None


@rule(
    "label_typo",
    title="Printed label with a typing fault",
    severity=Severity.INFO,
    basis="表式应按财政部门统一格式填报：财预〔2015〕88号 [K]; taxonomy §7 (财政投款) [F]",
)
def label_typo(subject: Subject) -> Iterator[Draft]:
    """Quiet for pages read by character recognition, where the fault may be the reader's, and for known variants."""
    for cell in subject.records.cells:
        meant = _meant(cell)
        if meant is not None:
            yield Draft(
                f"表中栏目名{quote(cell.text.strip())}疑为“{meant}”的笔误，数据已按“{meant}”识读，原文未作改动。",
                cells=(cell.cell_id,),
                numbers={"printed": cell.text.strip(), "suggested": meant},
            )
