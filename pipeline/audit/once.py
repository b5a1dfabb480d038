"""One finding for what one project copied from another, however many forms repeat it.

A project prints a target, a monitoring form and an evaluation; where its target was copied, all three
repeat it. Every pair of forms stands in ``links``; the auditor is told once a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.audit.life.resolve import Link
from pipeline.schema import FindingRow


def projects(links: Sequence[Link]) -> dict[int, int]:
    """For each linked form the smallest number of a form of its project."""
    head: dict[int, int] = {}

    def top(form: int) -> int:
        while (above := head.get(form, form)) != form:
            head[form] = head.get(above, above)
            form = above
        return form

    for link in links:
        one, other = sorted((top(link.one), top(link.other)))
        head[other] = one
    return {form: top(form) for link in links for form in (link.one, link.other)}


def once(
    findings: Sequence[FindingRow],
    number: Mapping[str, int],
    project: Mapping[int, int],
    when: Mapping[int, tuple[int, int]],
) -> list[FindingRow]:
    """The findings about copies, for each pair of projects and year of the later form only the plainest.

    ``number`` is that of each form by its id, ``project`` what :func:`projects` gives, ``when`` the year
    and the place in a project's life of each form by its number. The plainest is between forms of one year, of one kind, early in the project's life.
    """
    best: dict[tuple[str, int, int, int], tuple[tuple[bool, bool, int, int, int], FindingRow]] = {}
    for found in findings:
        one, other = number[found.other_form_id or ""], number[found.form_id]
        pair = sorted((project.get(one, one), project.get(other, other)))
        key = (found.rule, found.fiscal_year, pair[0], pair[1])
        (year, kind), (later, its_kind) = when[one], when[other]
        rank = (year != later, kind != its_kind, kind + its_kind, one, other)
        if key not in best or rank < best[key][0]:
            best[key] = rank, found
    return [found for _, found in best.values()]
