"""Forms beside each other: what was copied, which forms are of one project, and what they say together.

Finding candidates is done anew each time over columns (:mod:`pipeline.audit.sheaf`), which is cheap.
Judging them is not: it is cut into bundles of pairs, each a pure function of the forms in it, so
that a :class:`Source` may keep what it found. What is kept is never looked at twice, and the answer
is the same bytes whether anything was kept or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from typing import Protocol, TypeVar

import msgspec
import numpy as np

from pipeline.audit.candidates import Pairs, common_names, goal_pairs, life_pairs, row_pairs
from pipeline.audit.copies import Copy, copied_goal, copied_rows
from pipeline.audit.fingerprint import Fingerprint
from pipeline.audit.judge import audit_linked
from pipeline.audit.life.identity import fit
from pipeline.audit.life.resolve import RELATIONS, Edge, Link, resolve
from pipeline.audit.limits import limits
from pipeline.audit.once import Once, projects
from pipeline.audit.rule import linked_rules
from pipeline.audit.sheaf import Field, Numbers, Sheaf, Words, sheaf
from pipeline.records import FormRecords
from pipeline.schema import FindingRow, LinkRow

T = TypeVar("T")
# Fewer forms a bundle: less to judge anew where one changes, more bundles to look up where none does.
_FORMS_A_BUNDLE = 8
_ACCEPT = float(limits("life").number("accept"))
_YEARLY = frozenset(r.id for r in linked_rules("next_year"))


class Source(Protocol):
    """Where more of a form is got than its columns, and where findings are kept."""

    def prints(self, document: int) -> Sequence[Fingerprint]:
        """The fingerprints of a document's forms."""

    def records(self, document: int) -> Sequence[FormRecords]:
        """The records of a document's forms; empty where they are not at hand."""

    def kept(self, key: str, make: Callable[[], bytes]) -> bytes:
        """What is kept under a key, else what ``make`` gives, which is then kept."""


@dataclass(frozen=True, slots=True)
class InMemory:
    """A source of forms that lie in memory; keeps nothing."""

    forms: tuple[Fingerprint, ...]
    known: dict[str, FormRecords]

    def prints(self, document: int) -> Sequence[Fingerprint]:
        """One form a document."""
        return (self.forms[document],)

    def records(self, document: int) -> Sequence[FormRecords]:
        """Those that were given."""
        found = self.known.get(self.forms[document].form_id)
        return () if found is None else (found,)

    def kept(self, key: str, make: Callable[[], bytes]) -> bytes:  # noqa: ARG002 - a protocol
        """Made anew each time."""
        return make()


def compare(
    prints: Iterable[Fingerprint], records: Iterable[FormRecords] = ()
) -> tuple[tuple[FindingRow, ...], tuple[LinkRow, ...]]:
    """Find copies among forms, link the forms of one project, and hold linked forms against each other.

    Args:
        prints: a fingerprint of each form, in any order.
        records: the forms themselves; linked forms that are not among them are not audited.

    Returns:
        Findings (the later form is ``form_id``, the earlier ``other_form_id``) and links, both in a
        fixed order whatever the order of the input. Forms of one project are never called copies.
    """
    forms = tuple(prints)
    columns = sheaf((n, 0, p.form_id.encode(), p) for n, p in enumerate(forms))
    source = InMemory(forms, {r.form.form_id: r for r in records})
    return Comparison(Field.of([columns]), source).result()


def compare_sheaves(
    sheaves: Sequence[Sheaf], first: Sequence[int], source: Source
) -> tuple[tuple[FindingRow, ...], tuple[LinkRow, ...]]:
    """The same over sheaves; ``first`` is the number of each sheaf's first document in ``source``."""
    return Comparison(Field.of(sheaves, first), source).result()


class Comparison:
    """One comparison of all forms of a field."""

    def __init__(self, field: Field, source: Source) -> None:
        self._field, self._source = field, source

    def result(self) -> tuple[tuple[FindingRow, ...], tuple[LinkRow, ...]]:
        """Findings and links in their fixed order."""
        copies = [*self._copied_rows(), *self._copied_goals()]
        life = self._life()
        findings = self._told([c.finding for c in copies], self._audited(life), life)
        findings.sort(key=lambda f: (f.rule, f.fiscal_year, f.form_id, f.other_form_id or "", f.finding_id))
        links: dict[tuple[str, str, str], LinkRow] = {}
        for link in (*(c.link for c in copies), *(self._row(link) for link in life)):
            place = (link.form_id, link.other_form_id, link.relation)
            links[place] = _both(links[place], link) if place in links else link
        return tuple(findings), tuple(links[place] for place in sorted(links))

    @cached_property
    def _common(self) -> Words:
        return common_names(self._field)

    @cached_property
    def _common_set(self) -> frozenset[int]:
        return frozenset(self._common.tolist())

    def _copied_rows(self) -> list[Copy]:
        names = self._field.ragged["names"]
        flagged = np.where(np.isin(names.values, self._common), names.values, np.uint64(0))
        sums = np.concatenate(([np.uint64(0)], np.cumsum(flagged, dtype=np.uint64)))
        marks = sums[names.starts[1:]] - sums[names.starts[:-1]]
        pairs = row_pairs(self._field, self._common)
        return self._judged("rows", pairs, marks, self._rows_of, list[Copy])

    def _copied_goals(self) -> list[Copy]:
        pairs = goal_pairs(self._field)
        return self._judged("goals", pairs, None, lambda a, b: copied_goal(*self._prints(a, b)), list[Copy])

    def _rows_of(self, a: int, b: int) -> Iterator[Copy]:
        return copied_rows(*self._prints(a, b), self._common_set)

    def _life(self) -> list[Link]:
        pairs = life_pairs(self._field)
        edges = self._judged("life", pairs, None, self._edge, list[Edge])
        number = {form: n for n, form in enumerate(self._field.ids())} if edges else {}
        year, phase = (self._field.plain[name].tolist() for name in ("year", "phase"))
        return resolve(edges, number, year, phase)

    def _told(
        self, copies: list[FindingRow], audited: list[FindingRow], life: Sequence[Link]
    ) -> list[FindingRow]:
        """All findings, those about copies and about two years of one project once for all its forms."""
        yearly = [f for f in audited if f.rule in _YEARLY]
        told = {form for f in (*copies, *yearly) for form in (f.form_id, f.other_form_id)}
        number = {form: n for n, form in enumerate(self._field.ids()) if form in told} if told else {}
        year, phase = (self._field.plain[name] for name in ("year", "phase"))
        once = Once(number, projects(life), {n: (int(year[n]), int(phase[n])) for n in number.values()})
        rest = [f for f in audited if f.rule not in _YEARLY]
        return [*once.copies(copies), *once.years(yearly), *rest]

    def _edge(self, a: int, b: int) -> Iterator[Edge]:
        one, other = self._prints(a, b)
        found = fit(one, other)
        if found.score >= _ACCEPT:
            yield Edge(one.form_id, other.form_id, found.score, found.spelling, found.how)

    def _audited(self, life: Sequence[Link]) -> list[FindingRow]:
        pairs = Pairs(np.array([k.one for k in life], np.int64), np.array([k.other for k in life], np.int64))
        relation = {(k.one, k.other): k.relation for k in life}
        marks = np.zeros(len(self._field), np.uint64)
        for link in life:
            # A form's mark is the set of relations that lead to it: a form met twice is judged twice.
            marks[link.other] |= np.uint64(1 << RELATIONS.index(link.relation))

        def judged(a: int, b: int) -> Iterator[FindingRow]:
            forms = [self._source.records(d)[p : p + 1] for d, p in (self._where(a), self._where(b))]
            if all(forms):
                yield from audit_linked(forms[0][0], forms[1][0], relation[a, b])

        # Bundled by project, so that the records of a form are read once for all of its links.
        head = projects(life)
        home = np.array([head[k.one] for k in life], np.int64)
        return self._judged("linked", pairs, marks, judged, list[FindingRow], home)

    def _row(self, link: Link) -> LinkRow:
        ids, year = self._field.plain["form_id"], self._field.plain["year"]
        return LinkRow(
            form_id=ids[link.one].decode(),
            other_form_id=ids[link.other].decode(),
            relation=link.relation,
            score=link.score,
            how=link.how,
            fiscal_year=int(year[link.other]),
        )

    def _where(self, form: int) -> tuple[int, int]:
        return int(self._field.plain["document"][form]), int(self._field.plain["place"][form])

    def _prints(self, a: int, b: int) -> tuple[Fingerprint, Fingerprint]:
        (one, first), (other, second) = self._where(a), self._where(b)
        return self._source.prints(one)[first], self._source.prints(other)[second]

    def _judged(
        self,
        name: str,
        pairs: Pairs,
        marks: Words | None,
        judge: Callable[[int, int], Iterable[T]],
        kind: type[list[T]],
        home: Numbers | None = None,
    ) -> list[T]:
        """What ``judge`` says of all pairs, bundle by bundle, as far as it is not kept.

        ``home`` is the form by whose id a pair is bundled, else its later form.
        """
        found: list[T] = []
        decode = msgspec.msgpack.Decoder(kind).decode
        for key, some in self._bundles(name, pairs, marks, pairs.later if home is None else home):
            both = list(zip(some.earlier.tolist(), some.later.tolist(), strict=True))

            def made(both: list[tuple[int, int]] = both) -> bytes:
                return msgspec.msgpack.encode([item for a, b in both for item in judge(a, b)])

            found += decode(self._source.kept(key, made))
        return found

    def _bundles(
        self, name: str, pairs: Pairs, marks: Words | None, home: Numbers
    ) -> Iterator[tuple[str, Pairs]]:
        """The pairs in bundles, by the id of their home, each with a key made of all it depends on."""
        if not len(pairs):
            return
        count = 1 << max(0, (len(self._field) // _FORMS_A_BUNDLE - 1)).bit_length()
        bundle = _spread(self._field.plain["form_id"][home]) & np.uint64(count - 1)
        order = np.lexsort((pairs.earlier, pairs.later, bundle))
        pairs, bundle = Pairs(pairs.earlier[order], pairs.later[order]), bundle[order]
        digest = self._field.plain["digest"]
        columns = [digest[pairs.earlier], digest[pairs.later]]
        if marks is not None:
            columns += [marks[pairs.earlier], marks[pairs.later]]
        content = np.stack(columns, axis=1)
        edges = np.flatnonzero(np.concatenate(([True], bundle[1:] != bundle[:-1], [True])))
        for start, end in pairwise(edges.tolist()):
            key = blake2b(name.encode() + content[start:end].tobytes(), digest_size=16).hexdigest()
            yield key, Pairs(pairs.earlier[start:end], pairs.later[start:end])


def _spread(form_ids: Words) -> Words:
    """A number for each form id that says nothing but spreads evenly."""
    characters = np.ascontiguousarray(form_ids).view(np.uint8).reshape(len(form_ids), -1).astype(np.uint64)
    powers = np.array([pow(0x100000001B3, n, 1 << 64) for n in range(characters.shape[1])], np.uint64)
    mixed = (characters * powers).sum(axis=1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    found: Words = mixed >> np.uint64(32)
    return found


def _both(one: LinkRow, other: LinkRow) -> LinkRow:
    """One link of two that say the same of two forms."""
    return LinkRow(
        form_id=one.form_id,
        other_form_id=one.other_form_id,
        relation=one.relation,
        score=max(one.score, other.score),
        how=f"{one.how}；{other.how}",
        fiscal_year=one.fiscal_year,
    )
