"""A shard of items inside a Dask worker: done by the same supervised pool as on one machine.

The pool stays from shard to shard, so that code, word lists and models are loaded once a worker. It
ends when the run says so, when the worker ends, or when no shard came for some minutes (the run was
killed). A shard is given back before its end when it has taken long enough: what was not begun is
then missing from the report, and is sent again with another shard.
"""

from __future__ import annotations

import pickle
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from pipeline.engines.build import build
from pipeline.engines.outcome import Outcome, Work
from pipeline.engines.pool import Bounds, Pool, PoolError

LONG = 20.0  # seconds after which no further item of a shard is begun
_IDLE = 300.0  # seconds without a shard after which the pool of a run is ended


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all shards of a run: its ``token``, the work, what one item may cost."""

    token: str
    work: Work
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Shard:
    """Pickled ``(key, item)`` to do together; ``seconds`` replaces the time limit of each."""

    terms: Terms
    items: tuple[bytes, ...]
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a shard, and ``where``; ``refusal`` says why this worker does nothing for the run."""

    where: str
    outcomes: list[Outcome] = field(default_factory=list)
    refusal: str | None = None


@dataclass(slots=True)
class _Bench:
    """The pool of one run in this process, and its folder for temporary files."""

    token: str
    pool: Pool
    folder: Path
    used: float = field(default_factory=time.monotonic)


_benches: dict[str, _Bench] = {}
_turn = threading.Lock()  # one shard at a time: all processes of the pool are for it


def look(theirs: str) -> str | None:
    """Why this process cannot work for a run of build ``theirs``; None if it can."""
    ours = build()
    if ours == theirs:
        return None
    return f"has another version of jixiao or of its libraries installed ({ours}; the run has {theirs})"


def run_shard(theirs: str, packed: bytes) -> Report:
    """Do a pickled :class:`Shard` sent by a run of build ``theirs``. Raises PoolError.

    >>> run_shard("code of another day", b"").refusal is None
    False
    """
    where = socket.gethostname()
    refusal = look(theirs)
    if refusal is not None:
        return Report(where, refusal=refusal)
    shard: Shard = pickle.loads(packed)  # noqa: S301 - from the run, over Dask's own connection
    with _turn:
        bench = _bench(shard.terms)
        try:
            return Report(where, list(bench.pool.run(_in_time(shard.items), shard.seconds)))
        except PoolError:
            _end(bench)
            raise
        finally:
            bench.used = time.monotonic()


def dismiss(token: str) -> None:
    """End the pool of a run, in the middle of a shard if need be."""
    bench = _benches.get(token)
    if bench is None:
        return
    bench.pool.give_up()
    if _turn.acquire(timeout=2):
        try:
            _end(bench)
        finally:
            _turn.release()


def _in_time(items: tuple[bytes, ...]) -> Iterator[tuple[int, Any]]:
    begun = time.monotonic()
    for item in items:
        yield pickle.loads(item)  # noqa: S301 - as above
        if time.monotonic() - begun > LONG:
            return


def _bench(terms: Terms) -> _Bench:
    """The pool of a run; pools of other runs are ended, for a worker serves one at a time."""
    for other in [b for token, b in _benches.items() if token != terms.token]:
        _end(other)
    if terms.token not in _benches:
        base, processes = _surroundings()
        folder = base / f"jixiao-{terms.token}"
        folder.mkdir(parents=True, exist_ok=True)
        pool = Pool(terms.work, processes, terms.bounds, folder / "worker.log", folder)
        _benches[terms.token] = _Bench(terms.token, pool, folder)
        threading.Thread(target=_watch, args=(_benches[terms.token],), daemon=True).start()
    return _benches[terms.token]


def _surroundings() -> tuple[Path, int]:
    """The folder of this Dask worker and how many threads it was given: so many processes has its pool."""
    from distributed import get_worker

    try:
        worker = get_worker()
    except ValueError:  # no Dask worker
        return Path(gettempdir()), 1
    return Path(worker.local_directory), worker.state.nthreads


def _watch(bench: _Bench) -> None:
    """End a pool that no shard came for: its run was killed."""
    while bench.token in _benches:
        time.sleep(min(1.0, _IDLE / 4))
        if time.monotonic() - bench.used > _IDLE and _turn.acquire(blocking=False):
            try:
                _end(bench)
            finally:
                _turn.release()


def _end(bench: _Bench) -> None:
    if _benches.pop(bench.token, None) is None:
        return
    bench.pool.close()
    shutil.rmtree(bench.folder, ignore_errors=True)
