"""Documents done by a cluster: packed here, worked on there; a file that cannot be opened there is sent."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.engines.dask import Cluster
from pipeline.engines.outcome import OK, Outcome
from pipeline.engines.pool import Bounds
from pipeline.settings import Settings
from pipeline.storage.store import Store
from pipeline.work.job import DocumentTask, temporary
from pipeline.work.parcel import Away, Parcel, Unseen, parcel_of
from pipeline.work.runlog import LOG

_LOG = logging.getLogger("jixiao.abroad")


class Abroad:
    """The cluster of a run. Raises ClusterError where there is none, or none that can do the run."""

    def __init__(self, settings: Settings, store: Store, work: Path, force: frozenset[str]) -> None:
        self._store, self._work, self._send = store, work, False
        self._cluster = Cluster(
            Away(force),
            settings.workers,
            Bounds(settings.document_seconds, settings.memory_mb << 20),
            address=settings.address,
            folder=temporary(work),
            pack=self._packed,
        )
        self._first = self._cluster.described()
        _LOG.info("working on the cluster %s", self._first)

    def described(self) -> dict[str, Any]:
        """The cluster as it was at the start, and how files came to its workers."""
        return self._first | {"files": "sent by the run" if self._send else "opened by the workers"}

    def run(
        self, tasks: Iterable[tuple[int, DocumentTask]], seconds: float | None
    ) -> Iterator[Outcome | tuple[int, DocumentTask]]:
        """The outcome of each document, or the task again where its file is not even here any more."""
        unseen: list[tuple[int, DocumentTask]] = []
        for outcome in self._cluster.run(tasks, seconds):
            answer = outcome.value.value if outcome.status == OK else None
            if not isinstance(answer, Unseen):
                yield outcome
            elif self._is_here(answer):
                unseen.append((outcome.key, answer.task))
            else:
                yield outcome.key, answer.task
        if unseen:
            yield from self.run(unseen, seconds)

    def log(self, lines: Iterable[str]) -> None:
        """Add what was logged elsewhere to the log of the run."""
        with (self._work / LOG).open("a", encoding="utf-8") as log:
            log.writelines(f"{line}\n" for line in lines)

    def close(self) -> None:
        """Take leave of the cluster."""
        self._cluster.close()

    def _packed(self, task: DocumentTask) -> Parcel:
        try:
            return parcel_of(task, self._store, self._work, send=self._send)
        except OSError:  # gone meanwhile: the worker will find the same, and then it is looked at here
            return Parcel(task)

    def _is_here(self, answer: Unseen) -> bool:
        """Whether a file that a worker could not open can be sent: all are, from the first one on."""
        file = answer.task.entry.file
        if not file.is_file():
            return False
        if not self._send:
            self._send = True
            _LOG.warning("%s cannot open %s: files are sent from now on", answer.host, file)
        return True
