"""A result in words (部分达成, 未达成) against the points it was given."""

from __future__ import annotations

from collections.abc import Iterator

from normalizers import fold
from pipeline.audit.limits import limits
from pipeline.audit.phrase import place, plain, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_LIMITS = limits("grade_score")
_GRADES = (
    ("未达成", _LIMITS.pattern("missed", r"\s*(?:{})"), _LIMITS.number("missed_most")),
    ("部分达成", _LIMITS.pattern("partly", r"\s*(?:{})"), _LIMITS.number("partly_most")),
)
_PERCENT = 100


@rule(
    "grade_score",
    title="Result in words does not go with the points",
    severity=Severity.WARNING,
    basis="定性指标分三档：达成100%-80%、部分达成80%-60%、未达成60%-0%：财预〔2020〕10号 [K]; taxonomy §6 [P]",
)
def grade_score(subject: Subject) -> Iterator[Draft]:
    """``error`` for full points. Looks at results that begin with the words of a grade; quiet at the edge of a band."""
    for line in subject.lines:
        weight, score = line.row.weight, line.row.score
        if not weight or score is None or not 0 <= score <= weight:
            continue
        said = fold(line.row.actual.raw or "")
        grade = next(((name, most) for name, words, most in _GRADES if words.match(said)), None)
        if grade is None or score <= grade[1] * weight:
            continue
        full = "满分" if score == weight else ""
        yield Draft(
            f"{place(line.row)}的实际完成值为{quote(line.row.actual.raw or '')}，属“{grade[0]}”，得分一般不超过分值的"
            f"{plain(grade[1] * _PERCENT)}%（{plain(grade[1] * weight)}分），却得{full}{plain(score)}分。",
            rows=(line.row,),
            numbers={
                "grade": grade[0],
                "weight": plain(weight),
                "most": plain(grade[1] * weight),
                "score": plain(score),
            },
            severity=Severity.ERROR if full else None,
        )
