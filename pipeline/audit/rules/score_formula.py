"""The score of a row against the official formula."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.limits import limits
from pipeline.audit.phrase import place, plain, said
from pipeline.audit.promise import Outcome, Way, outcome
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject

_LIMITS = limits("score_formula")
_ROUNDING = _LIMITS.number("rounding")
_EXCEEDED = _LIMITS.number("far_exceeded")
_WAYS = {Way.UP: "正向", Way.DOWN: "反向"}


def _draft(line: Line, found: Outcome, expected: Decimal, severity: Severity | None) -> Draft:
    score, weight = line.row.score or Decimal(0), line.row.weight or Decimal(0)
    formula = "完成值除以目标值" if found.way is Way.UP else "目标值除以完成值"
    why = f"按{_WAYS[found.way]}指标的{formula}计算应得" if found.missed else "已达到目标，应得"
    return Draft(
        f"{place(line.row)}的指标值为{said(line.row.target.raw, line.target)}，实际完成值为{said(line.row.actual.raw, line.actual)}，"
        f"{why}{plain(round(expected, 2))}分（满分{plain(weight)}分），却得{plain(score)}分。",
        rows=(line.row,),
        numbers={
            "target": plain(found.promised),
            "actual": plain(found.reached),
            "weight": plain(weight),
            "expected": plain(round(expected, 4)),
            "score": plain(score),
            "better": found.way,
        },
        severity=severity,
    )


@rule(
    "score_formula",
    title="Score does not follow from target and result",
    severity=Severity.WARNING,
    version="2",
    basis="完成得满分；正向未完成按完成值/目标值，反向按目标值/完成值：财预〔2020〕10号 [K]; taxonomy §6 [P]",
)
def score_formula(subject: Subject) -> Iterator[Draft]:
    """Quiet where the better way is not known, within half a point, and for full points (``missed_full_score``).

    ``info`` for less than the formula gives: local rules may be stricter, and a target exceeded by far
    loses points by rule.
    """
    for line in subject.lines:
        weight, score, found = line.row.weight, line.row.score, outcome(line)
        if not weight or score is None or found is None or found.share is None:
            continue
        expected = weight * found.share if found.missed else weight
        beyond = not found.missed and found.promised > 0 and found.reached >= _EXCEEDED * found.promised
        if score >= weight or score < 0 or abs(score - expected) <= _ROUNDING or beyond:
            continue
        yield _draft(line, found, expected, Severity.INFO if score < expected else None)
