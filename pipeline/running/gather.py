"""What a run is about: the files it collects, and with ``--year`` those it takes over as published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.places import folder, is_url, shown
from pipeline.running.documents import Documents
from pipeline.running.members import with_members
from pipeline.running.sources import Source
from pipeline.settings import Settings
from pipeline.stages.collect import Entry, Manifest
from pipeline.summary import read_run


def gather(settings: Settings, documents: Documents) -> Manifest:
    """The files of the run in the order of publishing.

    With a year only ``raw/<year>`` is looked at; the other documents of the last publish from the
    same raw folder are taken over. Where the work folder no longer knows them, all of ``raw`` is
    collected, so that a year by itself never drops another.
    """
    found = _gathered(settings, documents)
    return Manifest(documents.decisions.on(found.entries), found.skipped)


def _gathered(settings: Settings, documents: Documents) -> Manifest:
    if settings.year is None or (not is_url(settings.raw) and Path(settings.raw).is_file()):
        return with_members(_collected(settings, documents.source), settings, documents)
    fresh = with_members(_collected(settings, documents.source, settings.year), settings, documents)
    others = _published(settings, documents.source)
    entries = sorted((*fresh.entries, *others), key=lambda e: (e.path, e.member or ""))
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.document_id, entry)
    # The first of several copies is the one that is read; of the others nothing is kept.
    asked = {(e.path, e.member) for e in others if e.problem is None and first[e.document_id] is e}
    decided = (e for e in documents.decisions.on(entries) if (e.path, e.member) in asked)
    if not all(map(documents.ahead, decided)):
        return with_members(_collected(settings, documents.source), settings, documents)
    return Manifest(tuple(entries), fresh.skipped)


def _collected(settings: Settings, source: Source, year: int | None = None) -> Manifest:
    """What is collected, with who else is asked: every key of a document depends on it."""
    found = source.collect(year)
    if not settings.second_opinion:
        return found
    asked = tuple(replace(e, second_opinion=settings.second_opinion) for e in found.entries)
    return Manifest(asked, found.skipped)


def _published(settings: Settings, source: Source) -> list[Entry]:
    """The documents of the last publish that lie outside the year's folder."""
    last = read_run(Path(settings.out))
    if last is None or _whereabouts(last["settings"]["raw"]) != _whereabouts(settings.raw):
        return []
    import pyarrow.dataset as ds

    columns = ["path", "member", "document_id", "bytes", "status", "reason_code", "message"]
    table = ds.dataset(Path(settings.out) / "documents", format="parquet").to_table(columns=columns)
    rows = table.to_pylist()
    return [_entry(settings, source, row) for row in rows if not row["path"].startswith(f"{settings.year}/")]


def _whereabouts(raw: str) -> str:
    """A raw folder or URL as it is compared with that of an earlier run."""
    return shown(raw).rstrip("/") if is_url(raw) else str(Path(folder(raw)).resolve())


def _entry(settings: Settings, source: Source, row: dict[str, Any]) -> Entry:
    path, member = row["path"], row["member"]
    entry = Entry(
        path,
        source.file(path, row["document_id"]),
        row["bytes"],
        row["document_id"],
        member=member,
        second_opinion=settings.second_opinion,
    )
    if row["status"] == "quarantined":
        return replace(entry, problem=row["message"], reason=row["reason_code"])
    return entry
