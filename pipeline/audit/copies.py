"""Two forms of two projects: how many rows they have in common, and whether one goal stands in both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from normalizers.names import whole_project
from pipeline.audit.candidates import LEAST_EXACT
from pipeline.audit.fingerprint import GOAL_SKETCH, ROW_SKETCH, Fingerprint, RowPrint
from pipeline.audit.goals import LONG
from pipeline.audit.judge import finding
from pipeline.audit.life.identity import fit
from pipeline.audit.limits import limits
from pipeline.audit.linked import CopiedGoal, CopiedRows
from pipeline.audit.rule import linked_rules
from pipeline.audit.similarity import resemblance
from pipeline.schema import FindingRow, LinkRow

_ROWS = limits("copied_indicators")
_WEIGHT = float(_ROWS.number("least_weight"))
_SHARE = float(_ROWS.number("least_share"))
_NEAR = float(_ROWS.number("near"))
_TEMPLATE_ROWS = float(_ROWS.number("template_rows"))
_TEMPLATE_SHARE = float(_ROWS.number("template_share"))
_GOALS = limits("copied_goal")
_GOAL_NEAR = float(_GOALS.number("near"))
_ACCEPT = float(limits("life").number("accept"))


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy found between two forms: what is published of it."""

    finding: FindingRow
    link: LinkRow


def _copy(
    rule: str, subject: CopiedRows | CopiedGoal, ids: tuple[str, ...], score: float, how: str
) -> Iterator[Copy]:
    earlier, later = subject.earlier, subject.later
    link = LinkRow(
        form_id=earlier.form_id,
        other_form_id=later.form_id,
        relation="copied_from",
        score=round(score, 4),
        how=how,
        fiscal_year=later.fiscal_year,
    )
    found = next(r for r in linked_rules("copied_from") if r.id == rule)
    for draft in found(subject):
        row = finding(found, draft, later.form_id, later.fiscal_year, earlier.form_id, ids)
        yield Copy(row, link)


def same_project(one: Fingerprint, other: Fingerprint) -> bool:
    """Same name, and the same unit as far as both name one; or a fit good enough to link them.

    Phases (一期, 二期) and parts (城区部分) of what one unit carries out count as one: that they print the
    same indicators is in the nature of the thing.
    """
    units = [(a, b) for a, b in ((one.agency, other.agency), (one.department, other.department)) if a and b]
    names = [whole_project(p.project) if p.project else p.name for p in (one, other)]
    if names[0] and names[0] == names[1] and (not units or units[0][0] == units[0][1]):
        return True
    return fit(one, other).score >= _ACCEPT


def _matched(one: Fingerprint, other: Fingerprint, common: frozenset[int]) -> list[tuple[RowPrint, RowPrint]]:
    """Rows of one form with their copies in the other: same names first, then names nearly the same."""
    by_name = {row.name: row for row in reversed(other.rows)}
    exact = [(row, by_name[row.name]) for row in one.rows if row.name in by_name]
    taken = {row.indicator_id for pair in exact for row in pair}
    rest = [row for row in other.rows if row.indicator_id not in taken]
    if len(exact) < LEAST_EXACT:
        return exact
    near = []
    for row in one.rows:
        if row.indicator_id in taken or not rest or row.name in common:
            continue
        best, score = max(
            ((r, resemblance(row.sketch, r.sketch, size=ROW_SKETCH)) for r in rest),
            key=lambda found: found[1],
        )
        if score >= _NEAR:
            near.append((row, best))
            rest.remove(best)
    return exact + near


def _weight(rows: Iterable[RowPrint], common: frozenset[int]) -> float:
    return sum(row.weight for row in rows if row.name not in common)


def copied_rows(earlier: Fingerprint, later: Fingerprint, common: frozenset[int]) -> Iterator[Copy]:
    """The copy of rows between two forms, if there is one; ``common`` names count nothing."""
    if same_project(earlier, later):
        return
    rows = _matched(later, earlier, common)
    most = max(len(later.rows), len(earlier.rows))
    heavy = _weight((row for row, _ in rows), frozenset()) >= _TEMPLATE_ROWS
    template = heavy and len(rows) >= _TEMPLATE_SHARE * most
    counting = frozenset() if template else common
    weight = _weight((row for row, _ in rows), counting)
    whole = min(_weight(later.rows, counting), _weight(earlier.rows, counting))
    if weight < _WEIGHT or whole <= 0 or weight < _SHARE * whole:
        return
    ids = tuple(row.indicator_id for row, _ in rows) + tuple(other.indicator_id for _, other in rows)
    subject = CopiedRows(earlier, later, tuple(rows))
    yield from _copy(
        "copied_indicators", subject, ids, min(1.0, weight / whole), f"{len(rows)}项三级指标相同"
    )


def copied_goal(earlier: Fingerprint, later: Fingerprint) -> Iterator[Copy]:
    """The copy of a goal between two forms, if there is one."""
    exact = earlier.goal_key == later.goal_key
    long = min(earlier.goal_length, later.goal_length) >= LONG
    if not (long or (exact and later.goal_telling)) or same_project(earlier, later):
        return
    score = 1.0 if exact else resemblance(earlier.goal, later.goal, size=GOAL_SKETCH)
    if score < _GOAL_NEAR:
        return
    subject = CopiedGoal(earlier, later, score, exact)
    yield from _copy("copied_goal", subject, (), score, f"年度总体目标{subject.alike}")
