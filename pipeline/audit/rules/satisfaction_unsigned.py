"""A satisfaction target without a sign: ``90%`` where ``≥90%`` is meant."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.phrase import place, plain, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject, is_percent, number


@rule(
    "satisfaction_unsigned",
    title="Satisfaction target without a sign",
    severity=Severity.INFO,
    basis="指标值应明确：财预〔2015〕88号 [K]; taxonomy §5 (signs) [F]",
)
def satisfaction_unsigned(subject: Subject) -> Iterator[Draft]:
    """Quiet for ``100%``, which nothing can exceed, for ranges and for approximate values."""
    for line in subject.lines:
        if line.level1 != "satisfaction" or line.target is None or len(line.target.parts) != 1:
            continue
        part = line.target.parts[0]
        fraction = number(part) if is_percent(part) else None
        if fraction is None or fraction >= 1 or part.approximate or part.lower != part.upper:
            continue
        if "=" in line.target.folded:
            continue
        yield Draft(
            f"{place(line.row)}的指标值{quote(line.target.folded)}未标明“≥”等符号，满意度达标的方向不明确。",
            rows=(line.row,),
            numbers={"percent": plain(fraction * 100)},
        )
