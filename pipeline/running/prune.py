"""Dropping stage results that the last publish does not refer to.

Results are named by all they depend on, so each edit of the code and each changed file leaves the old
ones behind. Kept is whatever belongs to a document of the last publish under the code of today, and
every result that belongs to no single document; originals of no published document go, too. What was
dropped by mistake would be made again: a run never needs the store to be right, only to be quick.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.exports.published import rows
from pipeline.places import shown
from pipeline.publishing.parts import last_parts
from pipeline.publishing.publication import across_key
from pipeline.running.decisions import Decisions
from pipeline.running.documents import fault_key
from pipeline.schema import TABLES
from pipeline.settings import Settings, SettingsError
from pipeline.stages import compare
from pipeline.stages.collect import Entry
from pipeline.standins import Standins, alone, at_hand
from pipeline.storage.digests import NAME as DIGEST
from pipeline.storage.originals import FOLDER
from pipeline.storage.store import NAME, OCR, Store
from pipeline.summary import read_run
from pipeline.work.chain import stage_keys
from pipeline.work.sheaves import USED, used_key
from pipeline.work.ticket import NAME as TICKET
from pipeline.work.ticket import ticket_key

LOG = logging.getLogger("jixiao.prune")
OF_DOCUMENTS = ("read", "assemble", "normalise", "audit", TICKET)
OF_FILES = (DIGEST, OCR, "unpack")
_COLUMNS = ("path", "member", "document_id", "bytes")


@dataclass(slots=True)
class Pruned:
    """What was dropped: results by stage, originals, and how many bytes the store file shrank."""

    results: Counter[str] = field(default_factory=Counter)
    originals: int = 0
    bytes: int = 0


def prune(clean: Path, work: Path, *, dry: bool = False) -> Pruned:
    """Drop what the publish in ``clean`` does not refer to from the store in ``work``.

    ``dry`` only counts. Raises SettingsError where nothing is published: nothing is dropped then.
    """
    run = read_run(clean)
    if run is None or not (clean / "documents").is_dir():
        raise SettingsError(
            f"{clean}: nothing is published here, so there is nothing to go by; nothing dropped"
        )
    entries = list(Decisions.load(Settings(**run["settings"])).on(_entries(clean, run)))
    found = Pruned()
    with Store(work) as store:
        before = store.path.stat().st_size
        with store.sweep() as sweep:
            sweep.keep_keys(_keys(entries, run["settings"]))
            sweep.keep_keys(_compared(clean, store))
            sweep.keep_subjects({e.path for e in entries} | {e.name for e in entries})
            found.results.update(sweep.drop((*OF_DOCUMENTS, compare.STAGE.name), OF_FILES, dry=dry))
        if found.results and not dry:
            store.shrink()
    found.bytes = before - store.path.stat().st_size
    found.originals = _originals(work, {e.document_id for e in entries}, dry=dry)
    return found


def prune_places(settings: Settings, *, dry: bool = False) -> Pruned:
    """Prune the places of some settings, URLs too; no other run may work there meanwhile.

    Raises SettingsError where one does, or where nothing is published.
    """
    with at_hand(settings) as here:
        out, work = Path(here.settings.out), Path(here.settings.work)
        if not out.is_dir():
            raise SettingsError(f"{shown(settings.out)}: nothing is published here; nothing dropped")
        with alone(out):
            found = prune(out, work, dry=dry)
        if here.segments is not None and not dry:
            here.segments.stop()
            here.segments.rewrite()
    return found


def tidy(here: Standins) -> None:
    """Prune after a run, where the store has outgrown ``store_mb``; nothing where there is no such limit."""
    work = Path(here.settings.work)
    if not 0 < here.settings.store_mb << 20 < (work / NAME).stat().st_size:
        return
    found = prune(Path(here.settings.out), work)
    LOG.info("store pruned: %s results, %d bytes", sum(found.results.values()), found.bytes)
    if here.segments is not None:
        here.segments.rewrite()


def _entries(clean: Path, run: dict[str, Any]) -> Iterator[Entry]:
    asked = run["settings"].get("second_opinion", "")
    for path, member, document_id, size in rows(clean, TABLES["documents"], _COLUMNS):
        yield Entry(path, Path(), size, document_id, member=member, second_opinion=asked)


def _keys(entries: list[Entry], settings: dict[str, Any]) -> Iterator[str]:
    bounds = settings["document_seconds"], settings["memory_mb"]
    for entry in entries:
        ticket = ticket_key(entry)
        yield from (*stage_keys(entry), ticket, fault_key(ticket, bounds))


def _compared(clean: Path, store: Store) -> list[str]:
    """The comparison that was published and what it was put together from; all where it cannot be told."""
    keys, published = store.keys_of(compare.STAGE.name), last_parts(clean)
    found = [key for key in keys if across_key(key) in published]
    used = [store.get(used_key(key)) for key in found]
    if not found or None in used:
        return keys
    parts = (key for one in used if one is not None for key in USED.decode(one.blob))
    return [*found, *map(used_key, found), *parts]


def _originals(work: Path, keep: set[str], *, dry: bool) -> int:
    dropped = 0
    for file in (work / FOLDER).glob("*/*"):
        if file.name not in keep:
            dropped += 1
            if not dry:
                with suppress(OSError):
                    file.unlink()
    return dropped
