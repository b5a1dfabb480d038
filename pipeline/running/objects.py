"""Source files in a store: listed by one request a thousand, fetched by many hands, read as local files.

An object is fetched once to learn its digest, and waits in ``objects`` in the work folder until it
was read; beyond ``fetch_mb`` what waits is dropped and fetched again when its turn comes. What did
not change since the last run is not fetched at all.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from threading import Lock

from extractors.archives.kinds import HEAD, could_be_archive
from extractors.source import Limits
from pipeline.places import Found, Place, PlaceError, ahead, reaching
from pipeline.settings import Settings, SettingsError
from pipeline.stages.collect import Entry, Manifest, litter, no_digest
from pipeline.storage.digests import Digests

SPOOL = "objects"
LOG = logging.getLogger("jixiao.objects")
_WAITS = (0.5, 2.0)  # seconds before an object is asked for again
LARGEST = Limits().max_bytes  # no document is larger; only an archive may be
_LOST = 20  # objects in a row that cannot be had: the store is gone, not they


class Objects:
    """The source files of one place. ``settings.work`` is a local folder."""

    def __init__(self, place: Place, settings: Settings, digests: Digests) -> None:
        self._place, self._digests = place, digests
        self._spool = Path(settings.work).resolve() / SPOOL
        self._room, self._most = settings.fetch_mb << 20, settings.archive_mb << 20
        self._failed, self._lock = 0, Lock()

    def collect(self, year: int | None = None) -> Manifest:
        """Every object below the place (or its folder ``year``), with the digest of its bytes.

        Raises SettingsError when there is nothing of that name, PlaceError when the store is lost.
        """
        listed = self._listed("" if year is None else str(year))
        skipped = [f.path for f in listed if litter(PurePosixPath(f.path).name)]
        wanted = [f for f in listed if not litter(PurePosixPath(f.path).name) and not _hidden(f.path)]
        entries: list[Entry] = []
        new: list[Found] = []
        for found in wanted:
            known = self._digests.recall(found.path, found.token)
            if known is None:
                new.append(found)
            else:
                file = self._spool / known[0]
                entries.append(Entry(found.path, file, found.size, known[0], archive=known[1]))
        for found, entry in ahead(self._first_look, new):
            if entry.problem is None:
                self._digests.learn(found.path, found.token, (entry.document_id, entry.archive))
            entries.append(entry)
        return Manifest(tuple(sorted(entries, key=lambda e: e.path)), tuple(sorted(skipped)))

    def _listed(self, folder: str) -> list[Found]:
        found = self._place.listing(folder)
        if found:
            return found
        place = self._place.below(folder) if folder else self._place
        with reaching(place.url):
            if not folder and place.fs.isfile(place.root):
                head, _, name = place.root.rpartition("/")
                self._place = Place(place.fs, head, place.url.rpartition("/")[0])
                return [f for f in self._place.listing() if f.path == name]
            if place.fs.isdir(place.root):
                return []
        raise SettingsError(f"{place.url}: there is no such object or folder to read")

    def _first_look(self, found: Found) -> Entry:
        """Fetch an object that nothing is known of, unless its size says that it would be refused."""
        entry = Entry(found.path, Path(), found.size, no_digest(found.path))
        try:
            if found.size > LARGEST and (why := self._too_large(found)):
                return replace(entry, problem=f"{found.path}: {why}", reason="too_large")
            digest, head = self._fetched(found.path)
        except PlaceError as error:
            return self._missed(entry, error)
        self._failed = 0
        return replace(entry, file=self._spool / digest, document_id=digest, archive=could_be_archive(head))

    def _too_large(self, found: Found) -> str:
        with reaching(self._place.url):
            head = self._place.fs.cat_file(self._place.at(found.path), start=0, end=HEAD)
        if could_be_archive(head) is None:
            return f"{found.size} bytes, more than the limit of {LARGEST}"
        return f"{found.size} bytes, more than an archive may hold" if found.size > self._most else ""

    def _fetched(self, path: str, *, now: bool = False) -> tuple[str, bytes]:
        """Fetch an object: its digest and its first bytes; kept in the spool while there is room, or ``now``.

        Raises PlaceError.
        """
        self._spool.mkdir(parents=True, exist_ok=True)
        part = self._spool / f".part-{no_digest(path)[:32]}"
        try:
            self._tried(path, part)
            with part.open("rb") as stream:
                head = stream.read(HEAD)
                stream.seek(0)
                digest = file_digest(stream, "sha256").hexdigest()
            with self._lock:
                size = part.stat().st_size
                if now or self._room >= size:
                    self._room -= 0 if now else size
                    part.replace(self._spool / digest)
        finally:
            part.unlink(missing_ok=True)
        return digest, head

    def _tried(self, path: str, part: Path) -> None:
        for wait in (*_WAITS, None):
            try:
                self._place.fetch(path, part)
                return
            except PlaceError as error:
                if wait is None or isinstance(error.__cause__, FileNotFoundError):
                    raise
                LOG.warning("%s: asked for again in %g s", error, wait)
                time.sleep(wait)

    def _missed(self, entry: Entry, error: PlaceError) -> Entry:
        """The entry of an object that cannot be had now. Raises PlaceError where none can be had."""
        LOG.warning("%s", error)
        self._failed += 1
        if self._failed >= _LOST:
            raise PlaceError(f"{error} (and {_LOST - 1} before it): the store is lost; run again") from error
        gone = isinstance(error.__cause__, FileNotFoundError)
        why = "no such object any more" if gone else "the store did not give it"
        return replace(entry, problem=f"{entry.path}: cannot be opened ({why})")

    def brought(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The same entries in order, each with its file in the spool, or with what went wrong."""
        for _, entry in ahead(self._brought, entries):
            yield entry

    def _brought(self, entry: Entry) -> Entry:
        if entry.member is not None or entry.file.exists():
            return entry
        try:
            digest, _ = self._fetched(entry.path, now=True)
        except PlaceError as error:
            return self._missed(entry, error)
        self._failed = 0
        if digest == entry.document_id:
            return entry
        return replace(entry, problem=f"{entry.path}: changed while the run was reading it", reason="changed")

    def file(self, path: str, document_id: str) -> Path:  # noqa: ARG002 - what waits lies under its digest
        """Where an object waits once it was fetched."""
        return self._spool / document_id

    def done(self, entry: Entry) -> None:
        """An entry was read: its file is not needed any more."""
        if entry.member is None and entry.problem is None:
            entry.file.unlink(missing_ok=True)

    def close(self) -> None:
        """The run went well: nothing waits any more."""
        shutil.rmtree(self._spool, ignore_errors=True)


def _hidden(path: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(path).parts[:-1])
