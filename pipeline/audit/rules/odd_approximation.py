"""``45余条``: more-or-less after a number that is not round."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.limits import limits
from pipeline.audit.phrase import place, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_WORDS = frozenset(limits("odd_approximation").words("words"))


@rule(
    "odd_approximation",
    title="余 or 多 after a number that is not round",
    severity=Severity.INFO,
    basis="指标值应明确：财预〔2015〕88号 [K]",
)
def odd_approximation(subject: Subject) -> Iterator[Draft]:
    """Quiet for round numbers (100余次), for one digit, and for fractions (3.5余万 is rare and clear)."""
    for line in subject.lines:
        for role, value in line.values():
            for part in value.parts:
                printed = part.number_raw or ""
                if part.approximate_word not in _WORDS or len(printed) < 2 or not printed.isdigit():
                    continue
                if printed.endswith("0"):
                    continue
                yield Draft(
                    f"{place(line.row)}填为{quote(value.folded)}，“{part.approximate_word}”一般接在整数之后，"
                    "指标值不明确，难以考核。",
                    rows=(line.row,),
                    numbers={"number": printed, "role": role},
                )
