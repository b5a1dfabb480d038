"""From scored pairs to links: each form's best counterpart, if it is the best by a margin, on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.audit.limits import limits

_MARGIN = float(limits("life").number("margin"))
_STEPS = {1: "declared_as", 2: "monitored_by", 3: "evaluated_by"}
_DECLARATION, _TARGET = 0, 1
RELATIONS = ("declared_as", "monitored_by", "evaluated_by", "next_year")
# A step from a declaration straight to what follows a target, for offices that publish no target form.
_SKIPPED = {"monitored_by": "declaration monitored_by", "evaluated_by": "declaration evaluated_by"}


@dataclass(frozen=True, slots=True)
class Edge:
    """Two forms that fit; ``spelling`` is False where their names differ in more than joining words."""

    one: str
    other: str
    score: float
    spelling: bool
    how: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two forms of one project, by their numbers, the earlier in the project's life first."""

    one: int
    other: int
    relation: str
    score: float
    how: str


def resolve(
    edges: Iterable[Edge], number: Mapping[str, int], year: Sequence[int], phase: Sequence[int]
) -> list[Link]:
    """Decide which edges are links.

    Two forms are linked where each is the other's best by a margin among the forms of the same step.
    Names that differ are two projects where both spellings stand on other forms, too. A declaration
    takes the place of a target only where none of the two forms knows a target.
    """
    found = list(edges)
    attested = {n for e in found if e.spelling for n in (e.one, e.other)}
    steps: dict[str, list[Link]] = {}
    for edge in found:
        if edge.spelling or not (edge.one in attested and edge.other in attested):
            name, link = _step(edge, number, year, phase)
            steps.setdefault(name, []).append(link)
    known = {n for r in ("declared_as", *_SKIPPED) for k in steps.get(r, ()) for n in (k.one, k.other)}
    for name in _SKIPPED.values():
        steps[name] = [k for k in steps.get(name, ()) if k.one not in known and k.other not in known]
    return sorted((k for links in steps.values() for k in _best(links)), key=lambda k: (k.one, k.other))


def _step(
    edge: Edge, number: Mapping[str, int], year: Sequence[int], phase: Sequence[int]
) -> tuple[str, Link]:
    one, other = sorted((number[edge.one], number[edge.other]), key=lambda n: (year[n], phase[n]))
    if year[one] != year[other]:
        return "next_year", Link(one, other, "next_year", edge.score, edge.how)
    relation = _STEPS[phase[other]]
    skipped = phase[one] == _DECLARATION and phase[other] > _TARGET
    return _SKIPPED[relation] if skipped else relation, Link(one, other, relation, edge.score, edge.how)


def _best(links: list[Link]) -> list[Link]:
    """The links that are best by a margin for both of their forms."""
    top: dict[tuple[str, int], list[float]] = {}
    for link in links:
        for place in (("one", link.one), ("other", link.other)):
            two = sorted([*top.get(place, ()), link.score], reverse=True)[:2]
            top[place] = two
    return [k for k in links if _wins(k, top["one", k.one]) and _wins(k, top["other", k.other])]


def _wins(link: Link, top: list[float]) -> bool:
    return link.score == top[0] and (len(top) == 1 or round(top[0] - top[1], 6) >= _MARGIN)
