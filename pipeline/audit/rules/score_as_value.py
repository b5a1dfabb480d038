"""A score where a value belongs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.audit.phrase import listing, place, plain, quote
from pipeline.audit.promise import bare_number, is_score
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject, is_percent

_ROLES = {"target": "指标值", "actual": "实际完成值"}


def _raw(line: Line, role: str) -> str | None:
    return line.row.target.raw if role == "target" else line.row.actual.raw


def _told(line: Line, role: str) -> bool:
    """Does the row's other value alone tell that a bare number cannot be meant: words, or a percentage?"""
    other = line.actual if role == "target" else line.target
    return other is not None and (not other.parts or is_percent(other.parts[0]))


def _found(subject: Subject, role: str) -> list[Line]:
    """The rows whose value looks like their points; counts only where the column prints units elsewhere."""
    bare = [line for line in subject.lines if bare_number(_raw(line, role)) is not None]
    alike = [line for line in bare if is_score(line, role)]
    unitless = len(bare) > len(alike)
    return [line for line in alike if not unitless or _told(line, role)]


@rule(
    "score_as_value",
    title="Score in place of a value",
    severity=Severity.WARNING,
    version="2",
    basis="指标值与分值、得分各填各栏：财预〔2020〕10号自评表 [K]; seen in real forms [F]",
)
def score_as_value(subject: Subject) -> Iterator[Draft]:
    """One finding a column. Quiet unless a bare number is the row's points and its other value has a unit or is words.

    A column that prints other bare numbers has its units elsewhere: there a count that happens to equal
    the points says nothing.
    """
    for role, title in _ROLES.items():
        lines = _found(subject, role)
        if not lines:
            continue
        first = lines[0]
        points = bare_number(_raw(first, role)) or Decimal(0)
        if len(lines) == 1:
            said = f"{place(first.row)}的{title}填为{quote(_raw(first, role) or '')}，与该行分值或得分{plain(points)}分相同"
        else:
            each = listing(f"{quote(line.name)}填为{quote(_raw(line, role) or '')}" for line in lines)
            said = f"有{len(lines)}项指标的{title}与该行分值或得分相同（{each}）"
        yield Draft(
            f"{said}，疑为将得分填入了{title}栏。",
            rows=tuple(line.row for line in lines),
            numbers={"role": role, "value": listing(_raw(line, role) or "" for line in lines)},
        )
