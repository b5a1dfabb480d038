"""The serial engine: everything in this process, one item after the other, without any protection."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Self

from pipeline.engines.outcome import OK, Outcome, Work


class Serial:
    """The same call as :class:`pipeline.engines.pool.Pool`; an exception goes straight to the caller."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._started = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close what the work opened."""
        if self._started:
            self._work.close()

    def run(self, items: Iterable[tuple[int, Any]], seconds: float | None = None) -> Iterator[Outcome]:  # noqa: ARG002
        """Do every ``(key, item)``, in order; ``seconds`` is accepted and cannot be kept.

        >>> from pipeline.engines.outcome import Work
        >>> class Double:
        ...     def warm(self): ...
        ...     def start(self): ...
        ...     def close(self): ...
        ...     def __call__(self, item): return 2 * item
        >>> [o.value for o in Serial(Double()).run([(0, 1), (1, 5)])]
        [2, 10]
        """
        if not self._started:
            self._started = True
            self._work.start()
        for key, item in items:
            begun = time.monotonic()
            value = self._work(item)
            yield Outcome(key, OK, value, None, time.monotonic() - begun)
