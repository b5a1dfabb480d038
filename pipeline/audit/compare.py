"""Forms beside each other: indicators and goals copied from another project, projects over years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.audit.fingerprint import GOAL_SKETCH, ROW_SKETCH, Fingerprint, RowPrint, fingerprint
from pipeline.audit.judge import finding
from pipeline.audit.limits import limits
from pipeline.audit.pairs import common_names, goal_pairs, row_pairs
from pipeline.audit.rule import Draft, Rule, Severity
from pipeline.audit.similarity import resemblance
from pipeline.schema import FindingRow, LinkRow

__all__ = ["COPIED_GOAL", "COPIED_INDICATORS", "Fingerprint", "compare", "fingerprint"]

_ROWS = limits("copied_indicators")
# Below two rows word for word, rows that are merely alike prove nothing.
_LEAST_EXACT = 2
_WEIGHT = float(_ROWS.number("least_weight"))
_SHARE = float(_ROWS.number("least_share"))
_NEAR = float(_ROWS.number("near"))
_TEMPLATE_ROWS = float(_ROWS.number("template_rows"))
_TEMPLATE_SHARE = float(_ROWS.number("template_share"))
_GOALS = limits("copied_goal")
_GOAL_NEAR = float(_GOALS.number("near"))
_GOAL_LENGTH = int(_GOALS.number("least_characters"))


def _across_forms(_: object) -> Iterator[Draft]:
    """These rules need two forms; :func:`compare` drafts for them."""
    yield from ()


COPIED_INDICATORS = Rule(
    id="copied_indicators",
    version="1",
    title="Indicators copied from another project",
    severity=Severity.WARNING,
    basis="绩效目标应结合项目实际编制：财预〔2015〕88号 [K]",
    since="0.1",
    check=_across_forms,
)
COPIED_GOAL = Rule(
    id="copied_goal",
    version="1",
    title="Goal copied from another project",
    severity=Severity.WARNING,
    basis="绩效目标应结合项目实际编制：财预〔2015〕88号 [K]",
    since="0.1",
    check=_across_forms,
)


@dataclass(frozen=True, slots=True)
class _Copy:
    """One copy found between two forms, the earlier first."""

    earlier: Fingerprint
    later: Fingerprint
    finding: FindingRow
    score: float
    how: str


def compare(prints: Iterable[Fingerprint]) -> tuple[tuple[FindingRow, ...], tuple[LinkRow, ...]]:
    """Find copies among forms, and link the forms of one project.

    Args:
        prints: a fingerprint of each form, in any order.

    Returns:
        Findings (``copied_indicators``, ``copied_goal``; the later form is ``form_id``, the earlier
        ``other_form_id``) and links, both in a fixed order whatever the order of the input. Forms of
        one project (same name and owner) are linked over years and kinds and never called copies.
    """
    ordered = sorted(prints, key=lambda p: (p.fiscal_year, p.form_id))
    copies = [*_copied_rows(ordered), *_copied_goals(ordered)]
    links: dict[tuple[str, str, str], LinkRow] = {}
    for copy in copies:
        link = _link(copy.earlier, copy.later, "copied_from", copy.score, copy.how)
        known = links.get((link.form_id, link.other_form_id, link.relation))
        if known is not None:
            link = _link(
                copy.earlier,
                copy.later,
                "copied_from",
                max(known.score, copy.score),
                f"{known.how}；{copy.how}",
            )
        links[link.form_id, link.other_form_id, link.relation] = link
    for link in _life(ordered):
        links[link.form_id, link.other_form_id, link.relation] = link
    findings = sorted(
        (c.finding for c in copies), key=lambda f: (f.rule, f.fiscal_year, f.form_id, f.finding_id)
    )
    return tuple(findings), tuple(links[k] for k in sorted(links))


def _link(earlier: Fingerprint, later: Fingerprint, relation: str, score: float, how: str) -> LinkRow:
    return LinkRow(
        form_id=earlier.form_id,
        other_form_id=later.form_id,
        relation=relation,
        score=round(score, 4),
        how=how,
        fiscal_year=later.fiscal_year,
    )


def _same_project(one: Fingerprint, other: Fingerprint) -> bool:
    """Same name, and the same unit as far as both name one."""
    if not one.project_key or one.project_key != other.project_key:
        return False
    return one.owner_key == other.owner_key or not (one.owner_key and other.owner_key)


def _severity(earlier: Fingerprint, later: Fingerprint) -> Severity | None:
    """One policy carried out by several units under one name may well print the same targets."""
    return Severity.INFO if later.project_key and later.project_key == earlier.project_key else None


def _matched(one: Fingerprint, other: Fingerprint, common: frozenset[int]) -> list[tuple[RowPrint, RowPrint]]:
    """Rows of one form with their copies in the other: same names first, then names nearly the same."""
    by_name = {row.name: row for row in reversed(other.rows)}
    exact = [(row, by_name[row.name]) for row in one.rows if row.name in by_name]
    taken = {row.indicator_id for pair in exact for row in pair}
    rest = [row for row in other.rows if row.indicator_id not in taken]
    if len(exact) < _LEAST_EXACT:
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


def _copied_rows(prints: Sequence[Fingerprint]) -> Iterator[_Copy]:
    common = common_names(prints)
    for a, b in row_pairs(prints, common, least=_LEAST_EXACT):
        earlier, later = prints[a], prints[b]
        if _same_project(earlier, later):
            continue
        rows = _matched(later, earlier, common)
        most = max(len(later.rows), len(earlier.rows))
        heavy = _weight((row for row, _ in rows), frozenset()) >= _TEMPLATE_ROWS
        template = heavy and len(rows) >= _TEMPLATE_SHARE * most
        counting = frozenset() if template else common
        weight = _weight((row for row, _ in rows), counting)
        whole = min(_weight(later.rows, counting), _weight(earlier.rows, counting))
        if weight < _WEIGHT or whole <= 0 or weight < _SHARE * whole:
            continue
        yield _rows_copy(earlier, later, rows, min(1.0, weight / whole))


def _rows_copy(
    earlier: Fingerprint, later: Fingerprint, rows: list[tuple[RowPrint, RowPrint]], score: float
) -> _Copy:
    with_value = sum(row.whole == other.whole for row, other in rows)
    near = sum(row.name != other.name for row, other in rows)
    kinds = f"其中{with_value}项连指标值也相同" + (f"，{near}项仅个别字词不同" if near else "")
    message = (
        f"“{later.project}”与“{earlier.project}”有{len(rows)}项三级指标雷同（{kinds}），"
        f"占前者{len(later.rows)}项的{round(100 * len(rows) / len(later.rows))}%，疑为套用同一模板，未结合项目实际编制。"
    )
    numbers = {"rows": len(rows), "with_value": with_value, "near": near, "of": len(later.rows)}
    draft = Draft(
        message,
        cells=tuple(cell for row, other in rows for cell in (row.cell_id, other.cell_id)),
        numbers=numbers,
        severity=_severity(earlier, later),
    )
    ids = tuple(row.indicator_id for row, _ in rows) + tuple(other.indicator_id for _, other in rows)
    row = finding(COPIED_INDICATORS, draft, later.form_id, later.fiscal_year, earlier.form_id, ids)
    return _Copy(earlier, later, row, score, f"{len(rows)}项三级指标相同")


def _copied_goals(prints: Sequence[Fingerprint]) -> Iterator[_Copy]:
    usable = [n for n, p in enumerate(prints) if p.goal_length >= _GOAL_LENGTH]
    for a, b in goal_pairs(prints, usable):
        earlier, later = prints[a], prints[b]
        if _same_project(earlier, later):
            continue
        exact = earlier.goal_key == later.goal_key
        score = 1.0 if exact else resemblance(earlier.goal, later.goal, size=GOAL_SKETCH)
        if score < _GOAL_NEAR:
            continue
        alike = "完全相同" if exact else f"基本相同（相似度{round(100 * score)}%）"
        draft = Draft(
            f"“{later.project}”的年度总体目标与“{earlier.project}”{alike}，疑为照搬，未体现项目自身的目标。",
            cells=(later.goal_cell, earlier.goal_cell),
            numbers={"similarity_percent": round(100 * score), "characters": later.goal_length},
            severity=_severity(earlier, later),
        )
        row = finding(COPIED_GOAL, draft, later.form_id, later.fiscal_year, earlier.form_id)
        yield _Copy(earlier, later, row, score, f"年度总体目标{alike}")


_STEPS = {
    ("declaration", "target"): "declared_as",
    ("target", "monitoring"): "monitored_by",
    ("target", "self_evaluation"): "evaluated_by",
}


def _life(prints: Sequence[Fingerprint]) -> Iterator[LinkRow]:
    """Links of one project: to the next year's form of the same kind, and along its kinds in one year.

    Only where name and owner are the same and just one form answers; otherwise nothing is said.
    """
    projects: dict[tuple[int, int], list[Fingerprint]] = {}
    for p in prints:
        if p.project_key and p.owner_key:
            projects.setdefault((p.project_key, p.owner_key), []).append(p)
    for forms in projects.values():
        for one in forms if len(forms) > 1 else ():
            next_year = [p for p in forms if p.kind == one.kind and p.fiscal_year == one.fiscal_year + 1]
            twins = [p for p in forms if p.kind == one.kind and p.fiscal_year == one.fiscal_year]
            if one.fiscal_year and len(next_year) == len(twins) == 1:
                yield _link(one, next_year[0], "next_year", 1.0, "项目名称与实施单位相同，年度相连")
            if len(twins) == 1:
                yield from _kinds(one, [p for p in forms if p.fiscal_year == one.fiscal_year])


def _kinds(one: Fingerprint, forms: list[Fingerprint]) -> Iterator[LinkRow]:
    for (kind, other_kind), relation in _STEPS.items():
        others = [p for p in forms if p.kind == other_kind]
        if one.kind == kind and len(others) == 1:
            yield _link(one, others[0], relation, 1.0, "项目名称、实施单位与年度相同")
