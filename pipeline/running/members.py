"""Archives among the collected files: each becomes its members, or a row that says why not.

Members are unpacked by the workers into ``members`` in the work folder, under their digests. What
an archive holds is remembered by its digest, so an archive that did not change is not opened again
unless a member of it must be read. The folder is emptied when a run ends well.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from extractors.archives import ArchiveLimits, Member
from pipeline.engines.outcome import OK
from pipeline.running.documents import FAULTS, Documents
from pipeline.settings import Settings
from pipeline.stages.collect import Entry, Manifest, no_digest
from pipeline.work.job import LISTING, SPOOL, UnpackTask, listing_key

Listing = list[Member] | None
_SECONDS = 12  # an archive may take so many times the time of one document


def limits_of(settings: Settings) -> ArchiveLimits:
    """What the settings allow one archive."""
    return ArchiveLimits(
        depth=settings.archive_depth,
        members=settings.archive_members,
        member_bytes=256 << 20,
        total_bytes=settings.archive_mb << 20,
        ratio=settings.archive_ratio,
    )


def spool_of(settings: Settings) -> Path:
    """Where members wait to be read."""
    return Path(settings.work).resolve() / SPOOL


def with_members(manifest: Manifest, settings: Settings, documents: Documents) -> Manifest:
    """The manifest with every archive replaced by what it holds."""
    archives = [e for e in manifest.entries if e.archive and e.problem is None]
    if not archives:
        return manifest
    found = _Listings(settings, documents)
    plain = [e for e in manifest.entries if not e.archive]
    listings = found.of(archives, plain)
    packed = set(archives)
    entries: list[Entry] = [e for e in manifest.entries if e not in packed]
    skipped = list(manifest.skipped)
    for entry in archives:
        for member in _entries(entry, listings[entry], found.spool):
            if member.reason == "litter":
                skipped.append(member.name)
            else:
                entries.append(member)
    entries.sort(key=lambda e: (e.path, e.member or ""))
    return Manifest(tuple(entries), tuple(sorted(skipped)))


def _entries(entry: Entry, listing: Listing | Entry, spool: Path) -> Iterator[Entry]:
    if listing is None:
        yield entry
    elif isinstance(listing, Entry):
        yield listing
    else:
        for member in listing:
            yield _entry(entry, member, spool)


def _entry(archive: Entry, member: Member, spool: Path) -> Entry:
    if member.name is None:
        return replace(archive, problem=f"{archive.path}: {member.problem}", reason=str(member.reason))
    name = f"{archive.path}!{member.name}"
    found = replace(archive, file=spool / member.digest, size=member.size, member=member.name, archive=None)
    if member.reason is None:
        return replace(found, document_id=member.digest)
    problem = f"{name}: {member.problem}"
    return replace(found, document_id=no_digest(name), problem=problem, reason=member.reason)


class _Listings:
    """What archives hold: remembered, or found out by the workers."""

    def __init__(self, settings: Settings, documents: Documents) -> None:
        self.spool, self._limits = spool_of(settings), limits_of(settings)
        self._documents, self._seconds = documents, settings.document_seconds * _SECONDS

    def of(self, archives: Sequence[Entry], plain: Sequence[Entry]) -> dict[Entry, Listing | Entry]:
        """The listing of each archive; an entry where unpacking it broke a worker.

        ``plain`` are the files beside them: a member that is a copy of one need not be unpacked.
        """
        known = {e: self._known(e) for e in archives}
        found: dict[Entry, Listing | Entry] = {
            e: listing for e, (is_known, listing) in known.items() if is_known
        }
        found |= self._unpacked([e for e in archives if e not in found])
        wanting = self._wanting(found, plain)
        return found | self._unpacked([e for e in archives if e in wanting])

    def _unpacked(self, archives: Sequence[Entry]) -> dict[Entry, Listing | Entry]:
        if not archives:
            return {}
        found: dict[Entry, Listing | Entry] = {}
        self.spool.mkdir(parents=True, exist_ok=True)
        self._documents.watch.step("unpack", len(archives))
        for outcome in self._documents.crew.do(self._tasks(archives, found), self._seconds):
            entry = archives[outcome.key]
            self._documents.watch.show()
            if outcome.status == OK:
                listing = found[entry] = LISTING.decode(outcome.value)
                if listing is not None:  # else it is a document that is read later
                    self._documents.source.done(entry)
            else:
                code, _ = FAULTS[outcome.status]
                why = f"{entry.path}: could not be unpacked ({outcome.error})"
                found[entry] = replace(entry, problem=why, reason=code)
        return found

    def _tasks(
        self, archives: Sequence[Entry], found: dict[Entry, Listing | Entry]
    ) -> Iterator[tuple[int, UnpackTask]]:
        """The tasks of archives as their files come to hand; one whose file does not come stands for itself."""
        brought = self._documents.source.brought(archives)
        for number, (entry, there) in enumerate(zip(archives, brought, strict=True)):
            if there.problem is None:
                yield number, UnpackTask(there, self._limits)
            else:
                found[entry] = there

    def _known(self, entry: Entry) -> tuple[bool, Listing]:
        stored = self._documents.store.get(listing_key(entry, self._limits))
        return stored is not None, LISTING.decode(stored.blob) if stored else None

    def _wanting(self, listings: dict[Entry, Listing | Entry], plain: Sequence[Entry]) -> set[Entry]:
        """The archives with a member that must be read and does not wait in the spool."""
        whose = {
            _entry(archive, member, self.spool): archive
            for archive, listing in listings.items()
            if isinstance(listing, list)
            for member in listing
            if member.reason is None
        }
        first: dict[str, tuple[Entry, Entry]] = {}
        ordered = sorted((*plain, *whose), key=lambda e: (e.path, e.member or ""))
        for entry, decided in zip(ordered, self._documents.decisions.on(ordered), strict=True):
            first.setdefault(entry.document_id, (entry, decided))
        return {
            whose[entry]
            for entry, decided in first.values()
            if entry in whose and not entry.file.exists() and not self._documents.ahead(decided)
        }


def emptied(settings: Settings) -> None:
    """Remove the unpacked members: all of them have been read."""
    shutil.rmtree(spool_of(settings), ignore_errors=True)
