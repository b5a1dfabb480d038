"""All documents of a run: tickets found or made, whatever becomes of the workers on the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.engines.outcome import CRASH, MEMORY, OK, TIMEOUT, Outcome
from pipeline.running.crew import Crew
from pipeline.running.decisions import Decisions
from pipeline.running.sources import source_of
from pipeline.settings import Settings
from pipeline.stage import Refusal
from pipeline.stages.collect import Entry
from pipeline.storage.store import Store, key_of, packed
from pipeline.watch import Watch
from pipeline.work.chain import duplicate, refused
from pipeline.work.job import DocumentTask
from pipeline.work.ticket import CODEC, NAME, Ticket, ticket_key, ticket_of

FAULTS = {
    CRASH: ("crashed", "the reader ended its process again and again"),
    TIMEOUT: ("timeout", "not read within the time limit"),
    MEMORY: ("out_of_memory", "reading it took more memory than the limit"),
}
_STAGES = ("read", "assemble", "normalise", "audit")


def fault_key(key: str, bounds: tuple[float, int]) -> str:
    """Where a document that broke its worker is remembered: until it, our code or the limits change.

    ``key`` is that of its ticket, ``bounds`` the seconds and megabytes that it had.
    """
    return key_of("fault", key, f"{bounds[0]:g} {bounds[1]}")


class Documents:
    """The documents of one run, ``decisions`` what people decided about them. ``readers`` adds up documents and seconds of work by reader."""

    def __init__(
        self, settings: Settings, store: Store, crew: Crew, watch: Watch, force: frozenset[str]
    ) -> None:
        self.crew, self.watch, self.store = crew, watch, store
        self.source = source_of(settings, store, crew.keep)
        self._anew = bool(force & set(_STAGES))
        self._bounds = settings.document_seconds, settings.memory_mb
        self.decisions = Decisions.load(settings)
        self._found: dict[Entry, Ticket] = {}
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._read: Counter[str] = Counter()

    @property
    def readers(self) -> dict[str, dict[str, float]]:
        """Documents worked on in this run and seconds they took, by reader."""
        return {
            name: {"documents": self._read[name], "seconds": round(self._seconds[name], 3)}
            for name in sorted(self._read)
        }

    def known(self, entry: Entry) -> Ticket | None:
        """The ticket of an earlier run, if everything it depends on is as it was."""
        if self._anew:
            return None
        if entry in self._found:
            return self._found.pop(entry)
        key = ticket_key(entry)
        stored = self.store.get(key) or self.store.get(fault_key(key, self._bounds))
        return None if stored is None else CODEC.decode(stored.blob)

    def ahead(self, entry: Entry) -> bool:
        """Whether the ticket is there; it is kept at hand until it is asked for."""
        ticket = self.known(entry)
        if ticket is not None:
            self._found[entry] = ticket
        return ticket is not None

    def take(self, entries: Sequence[Entry]) -> list[Ticket]:
        """The ticket of every entry, in order."""
        self.watch.step("documents", len(entries))
        found: dict[int, Ticket] = {}
        todo: list[int] = []
        for number, ticket in self._sorted_out(entries):
            if ticket is None:
                todo.append(number)
            else:
                found[number] = ticket
                self.watch.count(ticket.row.status, fresh=False)
        if todo:
            for outcome in self.crew.do(self._tasks(todo, entries, found)):
                ticket = self._ticket(outcome, entries[outcome.key])
                found[outcome.key] = ticket
                self.source.done(entries[outcome.key])
                self.watch.count(ticket.row.status, fresh=True)
        return [found[n] for n in range(len(entries))]

    def _tasks(
        self, todo: Sequence[int], entries: Sequence[Entry], found: dict[int, Ticket]
    ) -> Iterator[tuple[int, DocumentTask]]:
        """The tasks of documents as their files come to hand; one whose file does not come is refused."""
        brought = self.source.brought(entries[number] for number in todo)
        for number, entry in zip(todo, brought, strict=True):
            if entry.problem is None:
                yield number, DocumentTask(entry)
            else:
                found[number] = ticket_of(refused(entry, Refusal("collect", entry.reason, entry.problem)))
                self.watch.count("quarantined", fresh=True)

    def _sorted_out(self, entries: Iterable[Entry]) -> Iterator[tuple[int, Ticket | None]]:
        first: dict[str, Entry] = {}
        for number, entry in enumerate(entries):
            original = first.setdefault(entry.document_id, entry)
            if entry.problem is not None:
                refusal = Refusal("collect", entry.reason, entry.problem)
                yield number, ticket_of(refused(entry, refusal))
            elif original is not entry:
                yield number, ticket_of(duplicate(entry, original))
            else:
                ticket = self.known(entry)
                if ticket is not None:
                    self.crew.reused.update(_STAGES if ticket.audited else _STAGES[:1])
                yield number, ticket

    def _ticket(self, outcome: Outcome, entry: Entry) -> Ticket:
        key = ticket_key(entry)
        ticket: Ticket
        if outcome.status == OK:
            ticket = CODEC.decode(outcome.value)
            self.crew.taken(entry, ticket.row)
        else:
            code, why = FAULTS[outcome.status]
            ticket = ticket_of(refused(entry, Refusal("read", code, f"{entry.name}: {why}")))
            self.crew.refused["read"] += 1
            key = fault_key(key, self._bounds)
        if ticket.lasting:
            self.crew.keep((key, NAME, entry.name, False, packed(CODEC.encode(ticket))))
        reader = ticket.row.reader or "none"
        self._read[reader] += 1
        self._seconds[reader] += outcome.seconds
        return ticket
