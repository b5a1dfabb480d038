"""Which decisions of people may be about which file of a run, and which are about none any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from pipeline.corrections.ledger import Ledger
from pipeline.corrections.types import Correction
from pipeline.corrections.verdicts import ORPHANED, verdict
from pipeline.schema import CorrectionRow
from pipeline.settings import Settings
from pipeline.stages.collect import Entry
from pipeline.work.ticket import Natural, Ticket

Place = tuple[str, str | None]


class _Takes(Protocol):
    def take(self, entries: Sequence[Entry]) -> list[Ticket]: ...


@dataclass(slots=True)
class Decisions:
    """All decisions of one run, loaded once. ``whole`` is False where the run reads one file alone."""

    found: tuple[Correction, ...] = ()
    whole: bool = True
    _placed: set[Correction] = field(default_factory=set)

    @classmethod
    def load(cls, settings: Settings) -> Decisions:
        """The ledger of these settings. Raises LedgerError, a SettingsError, for a broken file."""
        return cls(Ledger(settings.review).all(), whole=not Path(settings.raw).is_file())

    def on(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """The entries, each with the decisions that may be about it.

        A decision goes with the bytes it was made about, wherever they lie now; else with its path;
        of several files with the same bytes to the first, which alone is read.
        """
        entries = tuple(entries)
        if not self.found:
            return entries
        first: dict[str, Entry] = {}
        for entry in entries:
            if entry.problem is None:
                first.setdefault(entry.document_id, entry)
        named = {e.name: first[e.document_id] for e in entries if e.problem is None}
        given: dict[Place, list[Correction]] = defaultdict(list)
        self._placed.clear()
        for one in self.found:
            about = first.get(one.target.document) or named.get(one.target.path)
            if about is not None:
                given[about.path, about.member].append(one)
                self._placed.add(one)
        return tuple(_with(entry, given.get((entry.path, entry.member), ())) for entry in entries)

    def take(self, documents: _Takes, entries: Sequence[Entry]) -> tuple[list[Ticket], list[CorrectionRow]]:
        """The ticket of every entry, and the rows of decisions that are about none of them.

        A decision whose bytes and path are gone goes to the one document that holds a form with its
        natural key (year, department, project), which is then taken once more, with it.
        """
        tickets = documents.take(entries)
        homeless = [one for one in self.found if one not in self._placed]
        led = _by_name(homeless, tickets)
        again = {n: _with(entries[n], (*entries[n].corrections, *more)) for n, more in sorted(led.items())}
        if again:
            for n, ticket in zip(again, documents.take(list(again.values())), strict=True):
                tickets[n] = ticket
        found = {one for more in led.values() for one in more}
        unread = [
            one
            for n, (entry, ticket) in enumerate(zip(entries, tickets, strict=True))
            if not ticket.records
            for one in again.get(n, entry).corrections
        ]
        lost = [one for one in homeless if one not in found] if self.whole else []
        return tickets, [verdict(one, ORPHANED, year=one.target.year) for one in (*lost, *unread)]


def _with(entry: Entry, more: Sequence[Correction]) -> Entry:
    return replace(entry, corrections=tuple(sorted(more, key=lambda c: (c.id, c.when)))) if more else entry


def _by_name(homeless: Iterable[Correction], tickets: Sequence[Ticket]) -> dict[int, list[Correction]]:
    """The homeless decisions by the number of the one ticket that has a form of their natural key.

    Decisions about one form stay together: its name may have been corrected between them.
    """
    groups: dict[tuple[str, int | None], list[Correction]] = defaultdict(list)
    for one in homeless:
        groups[one.target.document, one.target.form_no].append(one)
    holders: dict[Natural, set[int]] = defaultdict(set)
    for n, ticket in enumerate(tickets) if groups else ():
        for natural in ticket.naturals:
            holders[natural].add(n)
    found: dict[int, list[Correction]] = defaultdict(list)
    for group in groups.values():
        names = {one.target.natural for one in group if one.target.project}
        numbers = set().union(*(holders.get(name, set()) for name in names))
        if len(numbers) == 1:
            found[numbers.pop()] += group
    return found
