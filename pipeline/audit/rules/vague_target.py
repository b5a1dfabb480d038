"""Targets in words that name no standard: nobody could later say whether they were met."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.limits import limits
from pipeline.audit.phrase import listing, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject

_LIMITS = limits("vague_target")
_WORDS = frozenset(_LIMITS.words("words"))
_LEVELS = frozenset(_LIMITS.words("levels"))
_CUT_OFF = frozenset(_LIMITS.words("cut_off"))


def _is_vague(line: Line) -> bool:
    """A vague word where something was produced, or a word cut off anywhere."""
    if line.target is None or line.target.parts:
        return False
    text = line.target.folded.strip("。；;，, ")
    return text in _CUT_OFF or (line.level2 in _LEVELS and text in _WORDS)


@rule(
    "vague_target",
    title="Targets in words that cannot be checked",
    severity=Severity.INFO,
    basis="绩效指标应细化、量化、可考核：财预〔2015〕88号 [K]",
)
def vague_target(subject: Subject) -> Iterator[Draft]:
    """One finding for the form. Quiet for effects described in words and for values with a number."""
    vague = [line for line in subject.lines if _is_vague(line)]
    if not vague:
        return
    rows = listing(f"{quote(line.name)}填“{line.row.target.raw}”" for line in vague)
    yield Draft(
        f"有{len(vague)}项指标的指标值只有笼统或残缺的定性表述，无法考核：{rows}。",
        rows=tuple(line.row for line in vague),
        numbers={"rows": len(vague)},
    )
