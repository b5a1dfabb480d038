"""Three confidences kept apart, and the grade they earn together.

None means not measured and never counts as 1. Combining takes the lowest of what was measured, so
no later step can raise an earlier score. The thresholds are in ``pipeline/grades.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

from extractors.grid import Cell, TextBlock
from normalizers.quantity import Kind, ParsedValue
from normalizers.reference import parsed

FILE = Path(__file__).parents[1] / "grades.yaml"


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    clean: float
    ambiguous: float
    residue: float
    unread: float


class _Grades(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    excellent: float
    good: float
    fair: float


class Thresholds(BaseModel):
    """What ``grades.yaml`` says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    grades: _Grades
    value: _Value
    form_quantile: float

    @model_validator(mode="after")
    def _in_order(self) -> Thresholds:
        g = self.grades
        if not 1 >= g.excellent > g.good > g.fair > 0:
            raise ValueError("grades must fall from excellent to fair")
        return self


@cache
def thresholds() -> Thresholds:
    """The thresholds, validated once. Raises ValueError."""
    return Thresholds.model_validate(parsed(FILE.read_text(encoding="utf-8")))


def lowest(scores: Iterable[float | None]) -> float | None:
    """The lowest of the measured scores; None where none was measured.

    >>> lowest([0.9, None, 0.7]), lowest([None])
    (0.7, None)
    """
    return min((s for s in scores if s is not None), default=None)


def weakest_part(scores: Iterable[float | None]) -> float | None:
    """The score at the low quantile of many: one bad cell does not make a bad form, a tenth does.

    >>> weakest_part([1.0] * 19 + [0.2]), weakest_part([1.0, 0.2])
    (1.0, 0.2)
    """
    measured = sorted(s for s in scores if s is not None)
    if not measured:
        return None
    return measured[int(len(measured) * thresholds().form_quantile) if len(measured) >= 10 else 0]


def grade(*scores: float | None) -> str:
    """The grade of the lowest measured confidence; nothing measured earns nothing.

    >>> grade(None, 0.97, 1.0), grade(0.9, None, 1.0), grade(None)
    ('excellent', 'good', 'poor')
    """
    low = lowest(scores)
    steps = thresholds().grades
    if low is None or low < steps.fair:
        return "poor"
    if low < steps.good:
        return "fair"
    return "good" if low < steps.excellent else "excellent"


def read_score(places: Iterable[Cell | TextBlock | None]) -> float | None:
    """The lowest read confidence of some cells; None where none was measured."""
    return lowest(p.confidence.read for p in places if p is not None)


def meaning_of(value: ParsedValue | None) -> float | None:
    """How sure the reading of a value is; None where there is no value to read.

    >>> meaning_of(ParsedValue("甲", "甲", Kind.OTHER))
    0.4
    """
    if value is None or value.kind is Kind.BLANK:
        return None
    steps = thresholds().value
    if value.kind is Kind.OTHER:
        return steps.unread
    if value.ambiguous:
        return steps.ambiguous
    return steps.residue if value.residue else steps.clean
