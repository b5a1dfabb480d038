"""Indicators that were missed, or lost points, without a reason."""

from __future__ import annotations

from collections.abc import Iterator

from normalizers.text import is_filler
from pipeline.audit.limits import limits
from pipeline.audit.phrase import listing, quote
from pipeline.audit.promise import outcome
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject

_LABEL = limits("deviation_unexplained").pattern("labels")


def _asked(subject: Subject) -> bool:
    """Does the form have a column for reasons? Where it prints none, nobody was asked."""
    if any(line.row.deviation is not None for line in subject.lines):
        return True
    return any(_LABEL.search(cell.text) for cell in subject.records.cells)


def _explained(line: Line) -> bool:
    return line.row.deviation is not None and not is_filler(line.row.deviation)


def _short(line: Line) -> bool:
    weight, score, found = line.row.weight, line.row.score, outcome(line)
    lost = weight is not None and score is not None and 0 <= score < weight
    return lost or (found is not None and found.missed)


@rule(
    "deviation_unexplained",
    title="Missed target without a reason",
    severity=Severity.WARNING,
    version="2",
    basis="未完成的指标应说明偏差原因：财预〔2020〕10号 [K]",
)
def deviation_unexplained(subject: Subject) -> Iterator[Draft]:
    """One finding a form. Quiet for target and monitoring forms, and where the form does not ask for reasons."""
    if subject.form.kind in ("target", "declaration", "monitoring"):
        return
    silent = [line for line in subject.lines if _short(line) and not _explained(line)]
    if not silent or not _asked(subject):
        return
    yield Draft(
        f"有{len(silent)}项指标未完成或被扣分，却未说明偏差原因：{listing(quote(line.name) for line in silent)}。",
        rows=tuple(line.row for line in silent),
        numbers={"rows": len(silent)},
    )
