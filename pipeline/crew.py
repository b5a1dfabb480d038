"""The crew of a run: an engine that starts when there is work, and the one writer of the store."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.engines.outcome import ERROR, OK, Outcome
from pipeline.engines.pool import Bounds, Pool
from pipeline.engines.serial import Serial
from pipeline.settings import Settings
from pipeline.store import Result, Store
from pipeline.work import Job, Made, temporary

_EVERY = 1.0  # seconds between writes to the store


class CrewError(RuntimeError):
    """Work that is ours, not a document's, did not get done."""


class Crew:
    """Has tasks done, keeps what came of them, and adds up what the stages did."""

    def __init__(self, settings: Settings, store: Store, force: frozenset[str]) -> None:
        self._settings, self._store, self.force = settings, store, force
        self._engine: Serial | Pool | None = None
        self._waiting: list[Result] = []
        self._last = time.monotonic()
        self.made: Counter[str] = Counter()
        self.reused: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.flush()
        finally:
            if self._engine is not None:
                self._engine.close()

    def _hired(self) -> Serial | Pool:
        if self._engine is None:
            settings, work = self._settings, Path(self._settings.work).resolve()
            if settings.engine == "serial":
                self._engine = Serial(Job(work, self.force))
            else:
                temporary(work)
                bounds = Bounds(settings.document_seconds, settings.memory_mb << 20)
                job = Job(work, self.force, isolated=True)
                self._engine = Pool(job, settings.workers, bounds, work / "worker.log")
        return self._engine

    def do(self, tasks: Iterable[tuple[int, Any]], seconds: float | None = None) -> Iterator[Outcome]:
        """Have documents done; each outcome once, in any order, its value what the task made.

        Raises CrewError for an error of ours.
        """
        self.flush()
        waiting = iter(tasks)
        first = next(waiting, None)
        if first is None:
            return
        for outcome in self._hired().run(chain((first,), waiting), seconds):
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
        for stage, seconds in made.seconds.items():
            self.seconds[stage] += seconds
