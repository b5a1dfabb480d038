"""Documents worked on away from the run: what goes with them, and what is done where they arrive.

A worker on another machine has no store and no work folder. A parcel brings what the store has of
the document's stages, and its bytes where the worker could not open the file itself; everything
made there, log lines included, travels back with the answer.
"""

from __future__ import annotations

import gc
import logging
import socket
import tempfile
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.stage import Context
from pipeline.storage.store import Carried, Held, Store
from pipeline.work.chain import Processed, process, stage_keys
from pipeline.work.job import DocumentTask, Made, warm
from pipeline.work.runlog import logged
from pipeline.work.ticket import CODEC, ticket_of

_NOT_HERE = frozenset({"missing", "changed"})


@dataclass(frozen=True, slots=True)
class Parcel:
    """A task with the results the store has of it, and the bytes of its file if they were sent."""

    task: DocumentTask
    held: tuple[Held, ...] = ()
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """The answer of a worker on ``host`` that cannot open the file, or finds other bytes at its path."""

    task: DocumentTask
    host: str


def parcel_of(task: DocumentTask, store: Store, work: Path, *, send: bool) -> Parcel:
    """Pack a task. Its bytes go along if ``send``, and where the file lies in the work folder.

    Raises OSError when the file that is to be sent cannot be read.
    """
    entry = task.entry
    data = entry.file.read_bytes() if send or entry.file.is_relative_to(work) else None
    return Parcel(task, tuple(store.sealed(stage_keys(entry))), data)


class Away:
    """The work of a run on another machine. ``force`` names stages whose results are not to be used."""

    def __init__(self, force: frozenset[str] = frozenset()) -> None:
        self._force = force
        self._lines: deque[str] = deque(maxlen=1000)

    def warm(self) -> None:
        """Load the code and word lists that every document needs."""
        warm()

    def start(self) -> None:
        """Gather what the stages log."""
        gc.set_threshold(200_000, 20, 100)
        logged(_Gathered(self._lines))

    def close(self) -> None:
        """Nothing is open."""

    def __call__(self, item: Parcel) -> Made:
        """Take one document through its stages."""
        store = Carried(item.held)
        context = Context(store, self._force, isolated=True)
        done = self._process(item, context)
        lines = list(self._lines)
        self._lines.clear()
        if item.data is None and not done.lasting and done.row.reason_code in _NOT_HERE:
            return Made(Unseen(item.task, socket.gethostname()))
        return Made(
            CODEC.encode(ticket_of(done)),
            store.gathered,
            context.made,
            context.reused,
            context.refused,
            dict(context.seconds),
            lines,
        )

    def _process(self, item: Parcel, context: Context) -> Processed:
        if item.data is None:
            return process(item.task.entry, context)
        with tempfile.NamedTemporaryFile(prefix="jixiao-") as here:
            here.write(item.data)
            here.flush()
            return process(replace(item.task.entry, file=Path(here.name)), context)


class _Gathered(logging.Handler):
    """Keeps formatted lines until they are taken."""

    def __init__(self, lines: deque[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))
