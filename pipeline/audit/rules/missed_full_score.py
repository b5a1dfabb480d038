"""A target that was missed, yet full points."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.phrase import place, plain, said
from pipeline.audit.promise import Way, outcome
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_WORDS = {
    (Way.UP, False): "未达到目标",
    (Way.DOWN, False): "超出目标值",
    (Way.DOWN, True): "晚于目标时间",
}


@rule(
    "missed_full_score",
    title="Target missed, yet full points",
    severity=Severity.ERROR,
    version="3",
    basis="未完成的指标按完成程度计分：财预〔2020〕10号 [K]; taxonomy §7 (target and actual in conflict yet full score) [F]",
)
def missed_full_score(subject: Subject) -> Iterator[Draft]:
    """Quiet unless target and result are in one unit and the better way is known; a deadline counts where its year is printed."""
    for line in subject.lines:
        weight, score, found = line.row.weight, line.row.score, outcome(line)
        if not weight or score is None or score < weight or found is None or not found.missed:
            continue
        yield Draft(
            f"{place(line.row)}的指标值为{said(line.row.target.raw, line.target)}，实际完成值为{said(line.row.actual.raw, line.actual)}，"
            f"{_WORDS[found.way, bool(found.written[0])]}却得满分{plain(weight)}分。",
            rows=(line.row,),
            numbers={
                "target": found.figures[0],
                "actual": found.figures[1],
                "score": plain(score),
                "better": found.way,
            },
        )
