"""What an engine says about one item of work, and what it takes as work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

OK, ERROR, CRASH, TIMEOUT, MEMORY = "ok", "error", "crash", "timeout", "memory"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One item's end: ``status`` is ok, error, crash, timeout or memory.

    ``value`` is what the work returned (ok), ``error`` a sentence (all others), ``seconds`` the wall
    time of the last attempt.

    >>> Outcome(3, OK, "done").error is None
    True
    """

    key: int
    status: str
    value: Any = None
    error: str | None = None
    seconds: float = 0.0


class Work(Protocol):
    """What the workers do; it is pickled once and must be callable with one picklable item."""

    def warm(self) -> None:
        """Load what every worker needs, once, before workers are forked. Must start no thread."""

    def start(self) -> None:
        """Open what one worker needs for itself (files, connections)."""

    def close(self) -> None:
        """Close it again, where the process goes on."""

    def __call__(self, item: Any) -> Any:
        """Do one item. The value must be picklable."""


class ClusterError(OSError):
    """A cluster cannot do this run; the message is a sentence for whoever started it (exit status 2)."""
