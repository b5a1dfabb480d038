"""What a costly reading may ask for before it begins: bytes kept from an earlier run, by key.

The readers know nothing of stores; whoever runs them may hand one in (``SourceFile.memory``).
"""

from __future__ import annotations

from typing import Protocol


class Recollection(Protocol):
    """Somebody who keeps bytes under a key; a key names everything they depend on."""

    def get(self, key: str) -> bytes | None:
        """The bytes kept under a key; None where there are none."""
        ...

    def put(self, key: str, blob: bytes) -> None:
        """Keep bytes under a key."""
        ...
