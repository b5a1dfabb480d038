"""Two linked forms as the rules of ``across`` look at them: side by side, row matched to row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz.distance import Levenshtein

from normalizers.names import MATCHING, project_numbers
from pipeline.audit.fingerprint import Fingerprint, RowPrint
from pipeline.audit.limits import limits
from pipeline.audit.similarity import skeleton
from pipeline.audit.subject import Line, Subject
from pipeline.schema import FundingRow

_LIMITS = limits("linked_rows")
_ACCEPT, _MARGIN = float(_LIMITS.number("accept")), float(_LIMITS.number("margin"))
_OTHER_LEVEL = float(_LIMITS.number("other_level"))
_FOLLOWERS = {"declared_as": "批复的目标表", "monitored_by": "监控表", "evaluated_by": "自评表"}
_FORGOTTEN = float(_LIMITS.number("resembling"))


@dataclass(frozen=True, slots=True)
class Copied:
    """Two forms of two projects, one of which repeats the other."""

    earlier: Fingerprint
    later: Fingerprint

    @property
    def one_name(self) -> bool:
        """Do both projects carry one name?"""
        return bool(self.later.name) and self.later.name == self.earlier.name


@dataclass(frozen=True, slots=True)
class CopiedRows(Copied):
    """Rows that two projects have in common: (of the later form, of the earlier form)."""

    rows: tuple[tuple[RowPrint, RowPrint], ...]


@dataclass(frozen=True, slots=True)
class CopiedGoal(Copied):
    """A goal that two projects have in common, to ``score`` 0…1."""

    score: float
    exact: bool

    @property
    def alike(self) -> str:
        """How alike, in words."""
        return "完全相同" if self.exact else f"基本相同（相似度{round(100 * self.score)}%）"


@dataclass(frozen=True, slots=True)
class Match:
    """One indicator in both forms."""

    earlier: Line
    later: Line


@dataclass(frozen=True, slots=True)
class Linked:
    """Two forms of one project: ``relation`` says how the later follows the earlier.

    ``lost`` are rows of the earlier form that nothing in the later one resembles; rows that might be
    one of several are in neither list.
    """

    earlier: Subject
    later: Subject
    relation: str
    matches: tuple[Match, ...]
    lost: tuple[Line, ...]

    @property
    def origin(self) -> str:
        """What the earlier form is called in a sentence."""
        return "申报表" if self.earlier.form.kind == "declaration" else "目标表"

    @property
    def follower(self) -> str:
        """What the later form of the same year is called."""
        return _FOLLOWERS[self.relation]

    def money(self, side: Subject, *stages: str) -> FundingRow | None:
        """The one total printed for the first of the stages that has one; None where they disagree."""
        for stage in stages:
            found = [f for f in side.records.funding if (f.source, f.stage) == ("total", stage)]
            amounts = {f.amount_yuan for f in found}
            if found:
                return found[0] if len(amounts) == 1 and None not in amounts else None
        return None

    def budgets(self) -> tuple[Decimal, Decimal] | None:
        """The year's money of both forms in yuan, where each prints exactly one total."""
        both = [self.money(side, "target", "initial", "revised") for side in (self.earlier, self.later)]
        amounts = [row.amount_yuan for row in both if row is not None and row.amount_yuan is not None]
        return (amounts[0], amounts[1]) if len(amounts) == len(both) else None


Named = tuple[str, Line]
"""A row with the skeleton of its name."""


def _alike(row: Named, beside: Named) -> float:
    """How alike two indicators are by name and block; 0 where their numbers or contrary words differ."""
    (first, one), (second, other) = row, beside
    other_level = bool(one.level2 and other.level2) and one.level2 != other.level2
    if first == second:
        return _OTHER_LEVEL if other_level else 1.0
    if other_level or project_numbers(first) != project_numbers(second):
        return 0.0
    for change in Levenshtein.opcodes(first, second):
        pair = (first[change.src_start : change.src_end], second[change.dest_start : change.dest_end])
        if change.tag == "replace" and any(
            {a, b} <= group for a, b in zip(*pair, strict=False) for group in MATCHING.contrasts
        ):
            return 0.0
    found: float = Levenshtein.normalized_similarity(first, second)
    return found


def _annual(subject: Subject) -> list[Named]:
    named = ((skeleton(line.name), line) for line in subject.lines if line.row.horizon == "annual")
    return [(name, line) for name, line in named if name]


def linked(earlier: Subject, later: Subject, relation: str) -> Linked:
    """Lay two forms side by side: a row's match is the best by a margin, seen from both sides."""
    ours, theirs = _annual(earlier), _annual(later)
    table = [[_alike(one, other) for other in theirs] for one in ours]
    columns = [list(column) for column in zip(*table, strict=True)] if theirs else []
    matches, lost = [], []
    for at, ((_, one), scores) in enumerate(zip(ours, table, strict=True)):
        best = _clear(scores)
        if best is not None and _clear(columns[best]) == at:
            matches.append(Match(one, theirs[best][1]))
        elif max(scores, default=0.0) < _FORGOTTEN:
            lost.append(one)
    return Linked(earlier, later, relation, tuple(matches), tuple(lost))


def _clear(scores: list[float]) -> int | None:
    """The place of the best score, if it is good enough and no other comes near."""
    if not scores:
        return None
    best = max(range(len(scores)), key=scores.__getitem__)
    if scores[best] < _ACCEPT:
        return None
    near = sum(score > scores[best] - _MARGIN for score in scores)
    return best if near == 1 else None
