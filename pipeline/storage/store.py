"""Stage results by key, in one sqlite file: safe against a crash at any moment, deletable at any time.

A key names everything a result depends on, so a result is never updated, only found or not. Writes
gather in one transaction per batch of documents; a killed run loses at most its open batch.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

NAME = "stages.sqlite"
_SCHEMA = """
create table if not exists results (
    key text primary key, stage text not null, subject text not null, refused integer not null, blob blob not null
)
"""

OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Stored:
    """One result: its bytes, and whether they are the record of a refusal."""

    blob: bytes
    refused: bool


def key_of(*parts: str) -> str:
    """The key of a result: a digest of all it depends on, order and boundaries included.

    >>> key_of("ab", "c") == key_of("a", "bc")
    False
    """
    return sha256("\x1f".join(f"{len(p)}:{p}" for p in parts).encode()).hexdigest()


Result = tuple[str, str, str, bool, bytes]
"""One result on its way into the store: key, stage, subject, whether it is a refusal, packed bytes."""
Held = tuple[str, int, bytes]
"""One result on its way to a worker that has no store: key, whether it is a refusal, packed bytes."""


class Results(Protocol):
    """Where a stage finds its results and puts them."""

    def get(self, key: str) -> Stored | None:
        """The result under a key, if there is one."""

    def put(self, key: str, stage: str, subject: str, blob: bytes, *, refused: bool = False) -> None:
        """Keep a result."""


class Store:
    """The results of all stages under one work folder. One process writes at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / NAME
        try:
            self._db = self._open()
        except sqlite3.DatabaseError:
            # Nothing in here cannot be made again; the damaged file is kept for whoever wonders.
            for suffix in ("", "-wal", "-shm"):
                part = Path(f"{self.path}{suffix}")
                if part.exists():
                    part.replace(f"{self.path}.damaged{suffix}")
            self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        try:
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = normal")
            db.execute(_SCHEMA)
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was not committed is dropped."""
        self._db.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Everything put inside is kept together: all of it, or after a crash none of it."""
        self._db.execute("begin")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def get(self, key: str) -> Stored | None:
        """The result under a key, if there is one."""
        row = self._db.execute("select blob, refused from results where key = ?", (key,)).fetchone()
        return None if row is None else Stored(_unpacked(row[0]), bool(row[1]))

    def sealed(self, keys: Iterable[str]) -> Iterator[Held]:
        """The results under some keys as they lie here, to be sent elsewhere."""
        for key in keys:
            yield from self._db.execute("select key, refused, blob from results where key = ?", (key,))

    def put_packed(self, results: Iterable[Result]) -> None:
        """Keep results that a worker gathered."""
        self._db.executemany("insert or replace into results values (?, ?, ?, ?, ?)", results)

    def put(self, key: str, stage: str, subject: str, blob: bytes, *, refused: bool = False) -> None:
        """Keep a result; the same key again replaces it with what must be the same bytes."""
        self._db.execute(
            "insert or replace into results values (?, ?, ?, ?, ?)",
            (key, stage, subject, refused, packed(blob)),
        )

    def keys_of(self, stage: str) -> list[str]:
        """The keys of all results of a stage."""
        return [key for (key,) in self._db.execute("select key from results where stage = ?", (stage,))]

    @contextmanager
    def sweep(self) -> Iterator[Sweep]:
        """Say what is to be kept, then drop the rest."""
        self._db.execute("create temp table kept (name text primary key) without rowid")
        try:
            yield Sweep(self._db)
        finally:
            self._db.execute("drop table temp.kept")

    def shrink(self) -> None:
        """Give back the room of what was dropped: the file is written anew."""
        self._db.execute("vacuum")
        self._db.execute("pragma wal_checkpoint(truncate)")

    def counts(self) -> dict[str, int]:
        """How many results each stage has."""
        return dict(self._db.execute("select stage, count(*) from results group by stage order by stage"))


class Sweep:
    """Dropping all results of some stages but those that were named."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def keep_keys(self, keys: Iterable[str]) -> None:
        """Keep the results under these keys."""
        self._db.executemany("insert or ignore into temp.kept values (?)", ((f"key:{k}",) for k in keys))

    def keep_subjects(self, subjects: Iterable[str]) -> None:
        """Keep the results about these, in the stages that are dropped by subject."""
        self._db.executemany("insert or ignore into temp.kept values (?)", ((f"of:{s}",) for s in subjects))

    def drop(self, by_key: Sequence[str], by_subject: Sequence[str], *, dry: bool = False) -> dict[str, int]:
        """Drop the rest of these stages, or only count it: how many of each."""
        gone: dict[str, int] = {}
        for stages, name in ((by_key, "'key:' || key"), (by_subject, "'of:' || subject")):
            for stage in stages:
                rest = f"from results where stage = ? and {name} not in (select name from temp.kept)"  # noqa: S608
                [(count,)] = self._db.execute(f"select count(*) {rest}", (stage,))
                if count:
                    gone[stage] = count
                if count and not dry:
                    self._db.execute(f"delete {rest}", (stage,))
        return gone


class Gathering(Store):
    """A store that only reads; what is put is gathered for the one process that writes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._gathered: list[Result] = []

    def put(self, key: str, stage: str, subject: str, blob: bytes, *, refused: bool = False) -> None:
        """Gather a result."""
        self._gathered.append((key, stage, subject, refused, packed(blob)))

    def taken(self) -> list[Result]:
        """What was gathered since the last call."""
        found, self._gathered = self._gathered, []
        return found


class Carried:
    """A store that came along with its task: a few results to look at, and what is put is gathered."""

    def __init__(self, held: Iterable[Held]) -> None:
        self._held = {key: (refused, blob) for key, refused, blob in held}
        self.gathered: list[Result] = []

    def get(self, key: str) -> Stored | None:
        """The result under a key, if it came along."""
        found = self._held.get(key)
        return None if found is None else Stored(_unpacked(found[1]), bool(found[0]))

    def put(self, key: str, stage: str, subject: str, blob: bytes, *, refused: bool = False) -> None:
        """Gather a result."""
        self.gathered.append((key, stage, subject, refused, packed(blob)))


@dataclass(frozen=True, slots=True)
class Pages:
    """What was recognised on the pages of one file, in the store beside the results of its stages.

    Not a stage's result: its keys name pixels and an engine, so it outlives every rule (docs/scans.md).
    """

    store: Results
    subject: str

    def get(self, key: str) -> bytes | None:
        """What was kept under a key."""
        found = self.store.get(key_of(OCR, key))
        return None if found is None else found.blob

    def put(self, key: str, blob: bytes) -> None:
        """Keep what was recognised."""
        self.store.put(key_of(OCR, key), OCR, self.subject, blob)


@cache
def _codec() -> Any:
    import pyarrow as pa  # a run needs Arrow anyway; the light commands never come here

    return pa.Codec("zstd", compression_level=1)


def packed(blob: bytes) -> bytes:
    """The bytes of a result as they lie in the store."""
    # Rows repeat their column names and ids: zstd makes them a tenth, faster than the disk would take them.
    found: bytes = _codec().compress(blob, asbytes=True)
    return len(blob).to_bytes(8, "big") + found


def _unpacked(found: bytes) -> bytes:
    size = int.from_bytes(found[:8], "big")
    blob: bytes = _codec().decompress(found[8:], decompressed_size=size, asbytes=True)
    return blob
