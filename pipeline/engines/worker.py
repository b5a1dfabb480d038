"""One worker as the pool sees it: its socket, its item, its memory."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.engines.frames import Line
from pipeline.engines.nursery import children_of

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one item may cost: ``seconds`` of wall time, ``memory`` in bytes (its children's included).

    ``attempts`` deaths make a crash; a worker is replaced after ``recycle`` items.
    """

    seconds: float = 300.0
    memory: int = 4 << 30
    attempts: int = 3
    recycle: int = 1000


@dataclass(slots=True)
class Job:
    """One item on its way, and how many workers died over it."""

    key: int
    item: Any
    deaths: int = 0


@dataclass(slots=True, eq=False)
class Worker:
    """One living process: what came from it, what is still to go to it, and what it works on."""

    pid: int
    sock: socket.socket
    line: Line = field(default_factory=Line)
    unsent: bytearray = field(default_factory=bytearray)
    job: Job | None = None
    since: float = 0.0
    done: int = 0
    dead: bool = False


def memory_of(pid: int) -> int:
    """Bytes of memory a process and all its descendants hold."""
    total = 0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        with suppress(OSError, ValueError, IndexError):
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * _PAGE
        waiting += children_of(one)
    return total
