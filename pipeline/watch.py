"""Being watched: a small file in the work folder that says how far a run is, or where it was killed."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

NAME = "progress.json"
_EVERY = 1.0  # seconds between writes


@dataclass(slots=True)
class Progress:
    """How far a run is. ``engine`` says how it works on documents; ``counts`` are documents by status; ``fresh`` those worked on in this run."""

    pid: int = field(default_factory=os.getpid)
    started: float = field(default_factory=time.time)
    phase: str = "collect"
    done: int = 0
    total: int = 0
    fresh: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    engine: str = ""
    updated: float = field(default_factory=time.time)

    @property
    def rate(self) -> float:
        """Documents worked on per second since the start."""
        return self.fresh / max(self.updated - self.started, 1e-6)

    @property
    def left(self) -> float | None:
        """Seconds to go at this rate; None where nothing was worked on yet."""
        return (self.total - self.done) / self.rate if self.fresh else None

    def line(self) -> str:
        """One line for people.

        >>> Progress(started=0, updated=10, done=50, total=100, fresh=50, counts={"ok": 49, "partial": 1}).line()
        'collect: 50 of 100 files, 5.0 files/s, 10 s left (49 ok, 1 partial)'
        """
        pace = f", {self.rate:.1f} files/s, {self.left:.0f} s left" if self.left is not None else ""
        counts = ", ".join(f"{n} {status}" for status, n in sorted(self.counts.items()))
        return f"{self.phase}: {self.done} of {self.total} files{pace}" + (f" ({counts})" if counts else "")


class Watch:
    """Keeps the file of one run; gone when the run ends by itself, left where it was killed."""

    def __init__(self, work: Path, tell: Any = None, engine: str = "") -> None:
        self.state = Progress(engine=engine)
        self._path, self._tell, self._last = work / NAME, tell, 0.0

    def step(self, phase: str, total: int | None = None) -> None:
        """Begin a phase."""
        self.state.phase = phase
        if total is not None:
            self.state.total = total
        self.show(now=True)

    def count(self, status: str, *, fresh: bool) -> None:
        """One more document has its status."""
        self.state.done += 1
        self.state.fresh += fresh
        self.state.counts[status] = self.state.counts.get(status, 0) + 1
        self.show()

    def show(self, *, now: bool = False) -> None:
        """Write the file and tell whoever watches, once a second at most."""
        clock = time.time()
        if not now and clock - self._last < _EVERY:
            return
        self._last = self.state.updated = clock
        waiting = self._path.with_name(f".{NAME}")
        waiting.write_text(json.dumps(asdict(self.state)), encoding="utf-8")
        waiting.replace(self._path)
        if self._tell is not None:
            self._tell(self.state)

    def close(self) -> None:
        """The run ended by itself."""
        self._path.unlink(missing_ok=True)


def seen(work: Path) -> tuple[Progress, bool] | None:
    """What a run in this work folder said last, and whether it still runs; None where none is under way."""
    try:
        found = json.loads((work / NAME).read_text(encoding="utf-8"))
        state = Progress(**found)
        os.kill(state.pid, 0)
    except ProcessLookupError:
        return state, False
    except PermissionError:
        return state, True
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return state, True
