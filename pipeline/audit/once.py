"""One finding for what one project copied or lowered, however many of its forms repeat it.

A project prints a target, a monitoring form and an evaluation; where its target was copied from another
project or is lower than last year's, all three say so. Every pair of forms stands in ``links``; the
auditor is told once a year.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Once:
    """Leaves the plainest of findings that say the same of the same projects in one year.

    ``number`` is that of each form by its id, ``project`` what :func:`projects` gives, ``when`` the year
    and the place in a project's life of each form by its number. The plainest is between forms of one
    year, of one kind, early in the project's life.
    """

    number: Mapping[str, int]
    project: Mapping[int, int]
    when: Mapping[int, tuple[int, int]]

    def copies(self, findings: Iterable[FindingRow]) -> list[FindingRow]:
        """Findings about copies: one for each pair of projects."""
        return self._plainest(findings, lambda _: "")

    def years(self, findings: Iterable[FindingRow]) -> list[FindingRow]:
        """Findings about two years of one project: one for what is said, money aside."""
        return self._plainest(findings, lambda found: found.message.partition("，")[0])

    def _plainest(
        self, findings: Iterable[FindingRow], what: Callable[[FindingRow], str]
    ) -> list[FindingRow]:
        best: dict[tuple[Hashable, ...], tuple[tuple[int, ...], FindingRow]] = {}
        for found in findings:
            one, other = self.number[found.other_form_id or ""], self.number[found.form_id]
            pair = sorted(self.project.get(form, form) for form in (one, other))
            key = (found.rule, found.fiscal_year, what(found), *pair)
            (year, kind), (later, its_kind) = self.when[one], self.when[other]
            rank = (int(year != later), int(kind != its_kind), kind + its_kind, one, other)
            if key not in best or rank < best[key][0]:
                best[key] = rank, found
        return [found for _, found in best.values()]
