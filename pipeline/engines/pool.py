"""A supervised pool of processes: one item that aborts, hangs or eats memory costs that item only.

Each worker has a private socket and one item at a time, so the pool always knows whose fault a
death is. Sockets are read without waiting: a worker that stalls in the middle of an answer delays
nobody and ends at its time limit. An item whose worker died is tried again, because a worker may
be killed from outside; after ``attempts`` deaths it counts as the item's own doing.
"""

from __future__ import annotations

import os
import pickle
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.engines.frames import drain, packed, push
from pipeline.engines.nursery import BORN, DEAD, FORK, KILL, READY, Order
from pipeline.engines.outcome import CRASH, MEMORY, TIMEOUT, Outcome, Work
from pipeline.engines.worker import Bounds, Job, Worker, memory_of

_TICK = 0.1  # seconds between looks at clocks and memory
_RESTARTS = 20


class PoolError(RuntimeError):
    """The pool itself cannot go on: a fault of ours or of the machine, not of an item."""


class Pool:
    """Workers over one :class:`Work`. Use as a context manager; leaving it kills all that is left."""

    def __init__(
        self,
        work: Work,
        workers: int,
        bounds: Bounds | None = None,
        log: Path | None = None,
        temporary: Path | None = None,
    ) -> None:
        self.bounds = bounds or Bounds()
        self._work, self._wanted, self._log = work, workers, log
        self._settings = {"TMPDIR": str(temporary)} if temporary else {}
        self._workers: list[Worker] = []
        self._told: deque[bytes] = deque()
        self._again: deque[Job] = deque()
        self._select = selectors.DefaultSelector()
        self._restarts = 0
        self._given_up = False
        self._start_nursery()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers and everything they started; returns when they are gone."""
        for worker in self._workers:
            worker.sock.close()
        self._workers = []
        with suppress(OSError):
            self._control.close()
        with suppress(subprocess.TimeoutExpired):
            self._nursery.wait(10)
        if self._nursery.poll() is None:
            self._nursery.kill()
            self._nursery.wait()
        self._select.close()

    def give_up(self) -> None:
        """End all work at once, from any thread: :meth:`run` then raises PoolError."""
        self._given_up = True
        self._nursery.kill()

    def run(self, items: Iterable[tuple[int, Any]], seconds: float | None = None) -> Iterator[Outcome]:
        """Do every ``(key, item)`` and yield its outcome as it comes, in any order.

        ``seconds`` replaces the time limit for these items; ``inf`` is none. Raises PoolError.
        """
        source = iter(items)
        limit = self.bounds.seconds if seconds is None else seconds
        while True:
            self._fill(source)
            if not any(w.job for w in self._workers):
                return
            found: list[Outcome] = []
            for key, events in self._select.select(_TICK):
                if key.data is None:
                    self._hear()
                else:
                    self._serve(key.data, events, found)
            self._watch(limit, found)
            self._clear(found)
            self._fill(source)  # before the caller takes its time over what was found
            yield from found

    # -- the nursery -------------------------------------------------------------------------

    def _start_nursery(self) -> None:
        """Start the nursery; one that is killed while it warms up is started again."""
        for _ in range(self.bounds.attempts):
            ours = self._spawn()
            try:
                ours.send(pickle.dumps(Order(self._work, self.bounds.memory * 2)))
                ready = ours.recv(64) == READY
            except ConnectionError:
                ready = False
            if ready:
                self._control = ours
                ours.setblocking(False)
                self._select.register(ours, selectors.EVENT_READ, None)
                return
            ours.close()
            self._nursery.kill()
            self._nursery.wait()
        raise PoolError("the workers cannot be started; see worker.log in the work folder")

    def _spawn(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._log.open("ab") if self._log else nullcontext() as log:
            self._nursery = subprocess.Popen(  # noqa: S603 - this interpreter, our own module
                [sys.executable, "-m", "pipeline.engines.nursery", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
                | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), **self._settings},
            )
        return ours

    def _hear(self) -> None:
        while True:
            try:
                message = self._control.recv(64)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self._restart()
                return
            if message[:1] == DEAD:
                pid = int(message[1:].split()[0])
                for worker in self._workers:
                    worker.dead |= worker.pid == pid
            else:
                self._told.append(message)

    def _restart(self) -> None:
        """The nursery was killed, its workers with it: none of their items is to blame."""
        self._restarts += 1
        if self._given_up:
            raise PoolError("given up")
        if self._restarts > _RESTARTS:
            raise PoolError("the process that starts the workers died again and again")
        for worker in self._workers:
            self._drop(worker)
            if worker.job:
                self._again.append(worker.job)
        self._workers = []
        self._select.unregister(self._control)
        self._control.close()
        self._nursery.kill()
        self._nursery.wait()
        self._told.clear()
        self._start_nursery()

    def _born(self) -> Worker | None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [FORK], [theirs.fileno()])
            except OSError:
                ours.close()
                self._restart()
                return None
        restarts = self._restarts
        while not self._told and restarts == self._restarts:
            with selectors.DefaultSelector() as only:
                only.register(self._control, selectors.EVENT_READ)
                only.select(_TICK)
            self._hear()
        if restarts != self._restarts:
            ours.close()
            return None
        message = self._told.popleft()
        assert message[:1] == BORN
        ours.setblocking(False)
        worker = Worker(int(message[1:]), ours)
        self._select.register(ours, selectors.EVENT_READ, worker)
        self._workers.append(worker)
        return worker

    def _drop(self, worker: Worker) -> None:
        with suppress(KeyError, ValueError):
            self._select.unregister(worker.sock)
        worker.sock.close()

    def _kill(self, worker: Worker) -> None:
        with suppress(OSError):
            self._control.send(KILL + str(worker.pid).encode())
        self._drop(worker)
        self._workers.remove(worker)

    # -- work --------------------------------------------------------------------------------

    def _fill(self, source: Iterator[tuple[int, Any]]) -> None:
        """Give each idle worker an item; start workers while there are items for them."""
        while True:
            idle = next((w for w in self._workers if w.job is None and not w.dead), None)
            if idle is None and len(self._workers) >= self._wanted:
                return
            if self._again:
                job = self._again.popleft()
            else:
                found = next(source, None)
                if found is None:
                    return
                job = Job(*found)
            idle = idle or self._born()
            if idle is None:
                self._again.appendleft(job)
                continue
            idle.job, idle.since = job, time.monotonic()
            idle.unsent += packed(job.item)
            self._send(idle)

    def _send(self, worker: Worker) -> None:
        push(worker.sock, worker.unsent)
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if worker.unsent else 0)
        self._select.modify(worker.sock, events, worker)

    def _serve(self, worker: Worker, events: int, found: list[Outcome]) -> None:
        if worker not in self._workers:
            return
        if events & selectors.EVENT_WRITE:
            self._send(worker)
        if events & selectors.EVENT_READ:
            self._read(worker, found)

    def _read(self, worker: Worker, found: list[Outcome]) -> None:
        worker.dead |= not drain(worker.sock, worker.line)
        for status, value, error in worker.line.messages():
            job, worker.job = worker.job, None
            worker.done += 1
            if job is not None:
                found.append(Outcome(job.key, status, value, error, time.monotonic() - worker.since))
            if status == MEMORY:
                worker.done = self.bounds.recycle

    def _watch(self, limit: float, found: list[Outcome]) -> None:
        """Kill who is over its time or memory."""
        now = time.monotonic()
        for worker in [w for w in self._workers if w.job is not None and not w.dead]:
            took = now - worker.since
            if took > limit:
                self._end(worker, TIMEOUT, f"not done after {limit:g} s", took, found)
            elif took > _TICK and (used := memory_of(worker.pid)) > self.bounds.memory:
                self._end(worker, MEMORY, f"took {used >> 20} MB of memory", took, found)

    def _end(self, worker: Worker, status: str, error: str, took: float, found: list[Outcome]) -> None:
        assert worker.job is not None
        found.append(Outcome(worker.job.key, status, None, error, took))
        self._kill(worker)

    def _clear(self, found: list[Outcome]) -> None:
        """Bury the dead, and send the old away."""
        for worker in [w for w in self._workers if w.dead]:
            self._read(worker, found)
            job = worker.job
            self._kill(worker)
            if job is None:
                continue
            job.deaths += 1
            if job.deaths < self.bounds.attempts:
                self._again.append(job)
            else:
                seconds = time.monotonic() - worker.since
                found.append(Outcome(job.key, CRASH, None, f"ended its process {job.deaths} times", seconds))
        for worker in [w for w in self._workers if w.job is None and w.done >= self.bounds.recycle]:
            self._kill(worker)


__all__ = ["Bounds", "Pool", "PoolError"]
