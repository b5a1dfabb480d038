"""What the bytes of a file were when it last looked as it does now: digests that need not be taken again.

A digest is remembered under the place, the path and a token of the file (size, times and inode of a
local file; size, ETag and time of an object). A file whose times are fresh is not remembered: it may
be written once more within the last digit of the clock. ``trust_times = false`` looks at all bytes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import cache

import msgspec

from pipeline.places import FRESH
from pipeline.storage.store import Result, Store, key_of, packed
from pipeline.storage.versions import digest_of

NAME = "digest"
_READS = ("extractors/archives/kinds.py", "pipeline/storage/digests.py")
Known = tuple[str, str | None]
"""The sha256 of a file's bytes in hex, and the kind of archive it begins like."""


def token_of(found: os.stat_result) -> str:
    """A token of a local file, empty while its times are fresh.

    Any write changes the time of the inode, which nobody can set back; the inode tells of a file put
    in the place of another.
    """
    if max(found.st_mtime, found.st_ctime) > time.time() - FRESH:
        return ""
    return f"{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_ino}"


@cache
def _code() -> str:
    return digest_of(_READS)


class Digests:
    """The digests of one place. ``keep`` takes what is to be stored; ``anew`` remembers nothing."""

    def __init__(
        self, store: Store, place: str, keep: Callable[[Result], None], *, anew: bool = False
    ) -> None:
        self._store, self._place, self._keep, self._anew = store, place, keep, anew

    def _key(self, path: str, token: str) -> str:
        return key_of(NAME, _code(), self._place, path, token)

    def recall(self, path: str, token: str) -> Known | None:
        """What is known of a file with this token."""
        stored = None if self._anew or not token else self._store.get(self._key(path, token))
        return None if stored is None else msgspec.msgpack.decode(stored.blob, type=Known)

    def learn(self, path: str, token: str, known: Known) -> None:
        """Remember a file; not one without a token."""
        if token:
            self._keep((self._key(path, token), NAME, path, False, packed(msgspec.msgpack.encode(known))))
