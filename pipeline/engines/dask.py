"""The dask engine: shards of items go to the workers of a Dask cluster, and what they made comes back.

Dask moves the shards and gives those of a lost worker to another; time limits, memory limits and
crashes of items are the business of the pool inside each worker (:mod:`pipeline.engines.shard`).
Nothing but Python with this project and its libraries must be there on the other machines.
"""

from __future__ import annotations

import pickle
import secrets
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.engines.build import build
from pipeline.engines.outcome import ClusterError, Outcome, Work
from pipeline.engines.shard import Report, Shard, Terms, dismiss, run_shard
from pipeline.engines.worker import Bounds

MOST, LEAST = 200, 5  # items of a shard: many for little overhead, at the end few so that all end together
_AHEAD = 2  # shards a worker has at a time: one in work, one waiting
_TRIES = 5  # times that an item may be lost with its worker before the run stops
_LOOK = 2.0  # seconds between looks at who is there
_HEAVY = 16 << 20  # bytes after which a shard takes no further item
_JOIN = 60.0  # seconds until the first worker must have joined
_GONE = "the Dask scheduler cannot be reached any more; start the run again to go on"
_BYE = 5.0  # seconds for taking leave


class Cluster:
    """The same call as :class:`pipeline.engines.pool.Pool`, over a Dask cluster.

    ``address`` is that of a scheduler; without one, ``workers`` workers are started on this machine,
    with their files below ``folder``. ``pack`` makes of an item what is sent, when it is sent.
    Raises ClusterError.
    """

    def __init__(
        self,
        work: Work,
        workers: int,
        bounds: Bounds | None = None,
        *,
        folder: Path,
        address: str = "",
        pack: Callable[[Any], Any] = lambda item: item,
    ) -> None:
        self._pack = pack
        self._terms = Terms(secrets.token_hex(8), work, bounds or Bounds())
        self._workers, self._looked, self._closed = 0, 0.0, False
        self._flying: dict[Any, list[tuple[int, Any]]] = {}
        self._lost: dict[int, int] = {}
        self._distributed = installed()
        self._config = _config()
        self._config.__enter__()
        self._local: Any = None
        try:
            self._local = None if address else self._started(workers, folder)
            self._client = self._connected(address or self._local)
        except BaseException:
            if self._local is not None:
                self._local.close()
            self._config.__exit__(None, None, None)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, items: Iterable[tuple[int, Any]], seconds: float | None = None) -> Iterator[Outcome]:
        """Do every ``(key, item)`` and yield its outcome as it comes, in any order. Raises ClusterError."""
        source = iter(items)
        left: deque[tuple[int, Any]] = deque()
        done = self._distributed.as_completed(loop=self._client.loop)
        while True:
            while len(self._flying) < _AHEAD * self._here():
                left.extend(islice(source, max(0, MOST * self._here() - len(left))))
                if not left:
                    break
                done.add(self._send(left, seconds))
            if not self._flying:
                return
            future = next(done)
            sent = self._flying.pop(future)
            outcomes = self._outcomes(future, sent)
            ended = {o.key for o in outcomes}
            left.extend(item for item in sent if item[0] not in ended)
            yield from outcomes

    def described(self) -> dict[str, Any]:
        """Scheduler, workers, threads and hosts, for the record of the run."""
        known = self._client.scheduler_info(n_workers=-1)
        workers = known["workers"].values()
        return {
            "scheduler": "local" if self._local is not None else known["address"],
            "workers": len(workers),
            "threads": sum(w["nthreads"] for w in workers),
            "hosts": len({w["host"] for w in workers}),
            "distributed": str(self._distributed.__version__),
        }

    def close(self) -> None:
        """Take back what is not done and end the pools in the workers; a cluster of our own ends, too."""
        if self._closed:
            return
        self._closed = True
        try:
            with suppress(Exception):
                self._client.cancel(list(self._flying), force=True)
            leave = threading.Thread(target=self._dismiss, daemon=True)  # Dask has no time limit for it
            leave.start()
            leave.join(_BYE)
            with suppress(Exception):
                self._client.close(timeout=_BYE)
            if self._local is not None:
                with suppress(Exception):
                    self._local.close(timeout=_BYE)
        finally:
            self._config.__exit__(None, None, None)

    def _dismiss(self) -> None:
        with suppress(Exception):
            self._client.run(dismiss, self._terms.token, on_error="ignore")

    # -- the cluster -------------------------------------------------------------------------

    def _started(self, workers: int, folder: Path) -> Any:
        folder.mkdir(parents=True, exist_ok=True)
        with _deaf():
            return self._distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                memory_limit=0,
                dashboard_address=None,
                worker_dashboard_address=None,
                local_directory=str(folder),
            )

    def _connected(self, place: Any) -> Any:
        name = place if isinstance(place, str) else "the local Dask cluster"
        try:
            client = self._distributed.Client(place, set_as_default=False, name="jixiao")
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterError(f"{name}: no Dask scheduler answers there ({error})") from error
        try:
            try:
                client.wait_for_workers(1, timeout=_JOIN)
            except TimeoutError as error:
                raise ClusterError(f"{name}: no Dask worker joined within {_JOIN:g} s") from error
            _looked_at(client)
        except BaseException:
            client.close(timeout=_BYE)
            raise
        return client

    def _here(self) -> int:
        """How many workers there are, looked up now and then."""
        if time.monotonic() - self._looked > _LOOK:
            try:
                self._workers, self._looked = len(self._client.nthreads()), time.monotonic()
            except Exception as error:
                raise ClusterError(_GONE) from error
        return max(1, self._workers)

    # -- shards ------------------------------------------------------------------------------

    def _send(self, left: deque[tuple[int, Any]], seconds: float | None) -> Any:
        """Send the next of what is left; shards get smaller when that does."""
        most = min(MOST, max(LEAST, len(left) // (_AHEAD * self._here())))
        sent: list[tuple[int, Any]] = []
        items: list[bytes] = []
        while left and len(sent) < most and sum(map(len, items)) < _HEAVY:
            sent.append(left.popleft())
            items.append(pickle.dumps((sent[-1][0], self._pack(sent[-1][1])), protocol=5))
        packed = pickle.dumps(Shard(self._terms, tuple(items), seconds), protocol=5)
        try:
            future = self._client.submit(run_shard, build(), packed, pure=False, key=_key(self._terms.token))
        except Exception as error:
            raise ClusterError(_GONE) from error
        self._flying[future] = sent
        return future

    def _outcomes(self, future: Any, sent: list[tuple[int, Any]]) -> list[Outcome]:
        """What a shard gave; nothing if it was lost."""
        try:
            report: Report = future.result()
        except Exception as error:  # noqa: BLE001 - whatever Dask or the pool raises is a loss of the shard
            self._count_loss(sent, error)
            return []
        if report.refusal is not None:
            raise ClusterError(f"the Dask worker on {report.where} {report.refusal}")
        for outcome in report.outcomes:
            self._lost.pop(outcome.key, None)
        return report.outcomes

    def _count_loss(self, sent: list[tuple[int, Any]], error: Exception) -> None:
        """Remember what was lost with its worker. Raises ClusterError when that happens again and again."""
        if self._client.status != "running":
            raise ClusterError(_GONE) from error
        for key, _ in sent:
            self._lost[key] = self._lost.get(key, 0) + 1
        if max(self._lost.values()) >= _TRIES:
            why = f"{type(error).__name__}: {error}"
            raise ClusterError(
                f"the Dask workers lost the same documents {_TRIES} times; last: {why}"
            ) from error


def installed() -> Any:
    """The library. Raises ClusterError where it is missing."""
    try:
        import distributed
    except ImportError as error:
        raise ClusterError(
            "engine dask needs the extra 'dask', which is not installed: pip install 'jixiao[dask]'"
        ) from error
    return distributed


def _config() -> Any:
    """Dask's settings for the time of a run; what a person set for timeouts and networks stays."""
    import dask

    return dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})


def _looked_at(client: Any) -> None:
    """Raise ClusterError where a worker cannot do this run."""
    wanted = build()

    def able() -> str | None:  # sent as code: the worker may not have our packages at all
        try:
            from pipeline.engines.shard import look
        except ImportError as error:
            return f"cannot import jixiao: {error}"
        return look(wanted)

    for worker, why in client.run(able, on_error="return").items():
        if why is not None:
            raise ClusterError(f"the Dask worker {worker} {why}; install the same on every machine")


def _key(token: str) -> str:
    return f"jixiao-{token}-{secrets.token_hex(4)}"


@contextmanager
def _deaf() -> Iterator[None]:
    """What is started meanwhile does not hear Ctrl-C, which a terminal sends to all: the run ends it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
