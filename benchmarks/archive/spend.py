"""Work of a known length, in a module of its own: the processes of an engine import it by its name."""

from __future__ import annotations

import time
from typing import Any


class Spend:
    """Work that takes so many seconds, and gives back about as much as a form does."""

    def __init__(self, kind: str, seconds: float) -> None:
        self.kind, self.seconds = kind, seconds

    def warm(self) -> None:
        """Nothing to load."""

    def start(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing was opened."""

    def __call__(self, item: Any) -> bytes:  # noqa: ARG002 - what all work is given
        if self.kind == "sleep":
            time.sleep(self.seconds)
        else:
            until = time.process_time() + self.seconds
            while time.process_time() < until:
                pass
        return bytes(10_000)
