"""The stage store in a place that several machines share: results travel in segments, never a database.

A result is named by all it depends on and is never changed, so two runs cannot disagree about one:
each adds segments of what it made under names nobody else uses, and takes in those of the others.
There is nothing to lock and nothing to overwrite. What was not sent when a machine was lost is made again.
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipeline.places import Found, Place, PlaceError, ahead
from pipeline.storage.store import NAME, Result, Store

FOLDER = "results"
LOG = logging.getLogger("jixiao.segments")
_SIZE = 32 << 20  # bytes of results in one segment
_SCHEMA = """
create table if not exists segments (name text primary key) without rowid;
create table if not exists unsent (key text primary key) without rowid;
create trigger if not exists to_send after insert on results begin
    insert or ignore into unsent values (new.key);
end;
"""


class Segments:
    """What a local store shares with a place. ``folder`` is the local work folder."""

    def __init__(self, place: Place, folder: Path) -> None:
        self._place, self._file = place, folder / NAME
        with Store(folder):  # makes the file, or puts a damaged one aside
            pass
        with closing(self._open()) as db:
            db.executescript(_SCHEMA)
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, isolation_level=None, timeout=60)

    def take(self) -> int:
        """Take in what others added since the last time: how many segments. Raises PlaceError."""
        with closing(self._open()) as db:
            had = {name for (name,) in db.execute("select name from segments")}
            new = [f for f in self._place.listing(FOLDER) if f.path not in had]
            for found, data in ahead(self._read, new, 4):
                if data is not None:
                    _take_in(db, found.path, msgspec.msgpack.decode(data, type=list[Result]))
        return len(new)

    def _read(self, found: Found) -> bytes | None:
        return self._place.read(found.path)  # None where somebody joined it with others meanwhile

    def send(self) -> int:
        """Send what is not sent yet: how many segments. Raises PlaceError; what was not sent stays so."""
        sent = 0
        with closing(self._open()) as db:
            while rows := _next(db, "select key from unsent order by key"):
                name = self._add(rows)
                db.execute("begin immediate")
                db.executemany("delete from unsent where key = ?", [(row[0],) for row in rows])
                db.execute("insert into segments values (?)", (name,))
                db.execute("commit")
                sent += 1
            db.execute("delete from unsent where key not in (select key from results)")
        return sent

    def _add(self, rows: list[Result]) -> str:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        name = f"{FOLDER}/{stamp}-{secrets.token_hex(8)}.msgpack"
        self._place.write(name, msgspec.msgpack.encode(rows))
        return name

    def rewrite(self) -> None:
        """Replace all segments that were taken in or sent by new ones with what the store holds now.

        New ones first: whoever looks in between finds results twice, never too few.
        """
        self.take()
        with closing(self._open()) as db:
            old = [name for (name,) in db.execute("select name from segments")]
            db.execute("begin immediate")
            db.execute("delete from segments")
            db.execute("insert or ignore into unsent select key from results")
            db.execute("commit")
        self.send()
        self._place.drop(old)

    def start(self, seconds: float) -> None:
        """Send every so many seconds until :meth:`stop`; what cannot be sent then is sent later."""

        def keep_sending() -> None:
            while not self._over.wait(seconds):
                try:
                    self.send()
                except (PlaceError, sqlite3.OperationalError) as error:
                    LOG.warning("results not sent now, but later: %s", error)

        self._thread = threading.Thread(target=keep_sending, name="jixiao-segments", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the sending in between."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()


def _take_in(db: sqlite3.Connection, name: str, rows: list[Result]) -> None:
    """Results and the name of their segment together, or neither; they are not sent back."""
    db.execute("begin immediate")
    waiting = {key for (key,) in db.execute("select key from unsent")}
    db.executemany("insert or ignore into results values (?, ?, ?, ?, ?)", rows)
    taken = ((row[0],) for row in rows if row[0] not in waiting)
    db.executemany("delete from unsent where key = ?", taken)
    db.execute("insert or ignore into segments values (?)", (name,))
    db.execute("commit")


def _next(db: sqlite3.Connection, keys: str) -> list[Result]:
    """The next results to send, about one segment of them."""
    found: list[Result] = []
    size = 0
    for row in _rows(db, keys):
        found.append(row)
        size += len(row[4])
        if size >= _SIZE:
            break
    return found


def _rows(db: sqlite3.Connection, keys: str) -> Iterator[Result]:
    for key, stage, subject, refused, blob in db.execute(
        f"select key, stage, subject, refused, blob from results where key in ({keys})"  # noqa: S608 - our own
    ):
        yield key, stage, subject, bool(refused), blob
