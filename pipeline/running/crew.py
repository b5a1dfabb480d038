"""The crew of a run: an engine that starts when there is work, and the one writer of the store."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pipeline.engines.outcome import ERROR, OK, Outcome
from pipeline.engines.pool import Bounds, Pool
from pipeline.engines.serial import Serial
from pipeline.schema import DocumentRow
from pipeline.settings import Settings
from pipeline.stages.collect import Entry
from pipeline.storage.originals import DRAWN, keep_file
from pipeline.storage.store import Result, Store
from pipeline.work.job import DocumentTask, Job, Made, temporary

if TYPE_CHECKING:
    from pipeline.running.abroad import Abroad  # needs the extra dask

_EVERY = 1.0  # seconds between writes to the store


class CrewError(RuntimeError):
    """Work that is ours, not a document's, did not get done."""


class Crew:
    """Has tasks done, keeps what came of them, and adds up what the stages did."""

    def __init__(self, settings: Settings, store: Store, force: frozenset[str]) -> None:
        self._settings, self._store, self.force = settings, store, force
        self._work = Path(settings.work).resolve()
        self._engine: Serial | Pool | None = None
        self._abroad: Abroad | None = None
        self._waiting: list[Result] = []
        self._last = time.monotonic()
        self.made: Counter[str] = Counter()
        self.reused: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @property
    def cluster(self) -> dict[str, Any]:
        """What the record of the run says about its cluster; empty where none was needed."""
        return self._abroad.described() if self._abroad is not None else {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.flush()
        finally:
            for engine in (self._abroad, self._engine):
                if engine is not None:
                    engine.close()

    def _hired(self) -> Serial | Pool:
        """The engine on this machine."""
        if self._engine is None:
            settings, work = self._settings, self._work
            if settings.engine == "serial":
                self._engine = Serial(Job(work, self.force))
            else:
                temporary(work)
                bounds = Bounds(settings.document_seconds, settings.memory_mb << 20)
                job = Job(work, self.force, isolated=True)
                self._engine = Pool(job, settings.workers, bounds, work / "worker.log")
        return self._engine

    def _outcomes(self, tasks: Iterable[tuple[int, Any]], seconds: float | None) -> Iterator[Outcome]:
        """What comes of tasks: documents go to the cluster, if there is one, all else is done here."""
        waiting = iter(tasks)
        first = next(waiting, None)
        if first is None:
            return
        tasks = chain((first,), waiting)
        if self._settings.engine != "dask" or not isinstance(first[1], DocumentTask):
            yield from self._hired().run(tasks, seconds)
            return
        if self._abroad is None:
            from pipeline.running.abroad import Abroad

            self._abroad = Abroad(self._settings, self._store, self._work, self.force)
        here: list[tuple[int, Any]] = []
        for found in self._abroad.run(tasks, seconds):
            if isinstance(found, Outcome):
                yield found
            else:
                here.append(found)
        if here:
            yield from self._hired().run(here, seconds)

    def do(self, tasks: Iterable[tuple[int, Any]], seconds: float | None = None) -> Iterator[Outcome]:
        """Have documents done; each outcome once, in any order, its value what the task made.

        Raises CrewError for an error of ours.
        """
        self.flush()
        for outcome in self._outcomes(tasks, seconds):
            if outcome.status == ERROR:
                raise CrewError(outcome.error)
            if outcome.status != OK:
                yield outcome
                continue
            made: Made = outcome.value
            self._add(made)
            yield Outcome(outcome.key, OK, made.value, None, outcome.seconds)
            if len(self._waiting) >= 5 * self._settings.batch or time.monotonic() - self._last > _EVERY:
                self.flush()
        self.flush()

    def must(self, tasks: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
        """Have work done that must succeed, without a time limit. Raises CrewError."""
        for outcome in self.do(tasks, math.inf):
            if outcome.status != OK:
                raise CrewError(f"a worker could not finish: {outcome.error} ({outcome.status})")
            yield outcome.key, outcome.value

    def keep(self, result: Result) -> None:
        """Keep a result with the next batch."""
        self._waiting.append(result)

    def taken(self, entry: Entry, row: DocumentRow) -> None:
        """A document came back: where it was read elsewhere, its original is kept from here."""
        if self._abroad is not None and row.media_type in DRAWN:
            keep_file(self._work, entry.document_id, entry.file)

    def flush(self) -> None:
        """Write what waits: all of it, or after a crash none of it."""
        found, self._waiting = self._waiting, []
        if found:
            with self._store.batch():
                self._store.put_packed(found)
        self._last = time.monotonic()

    def _add(self, made: Made) -> None:
        self._waiting += made.results
        self.made.update(made.made)
        self.reused.update(made.reused)
        self.refused.update(made.refused)
        if made.lines and self._abroad is not None:
            self._abroad.log(made.lines)
        for stage, seconds in made.seconds.items():
            self.seconds[stage] += seconds
