"""Where the files of a run come from: a folder or file of this machine, or a place in a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from pipeline.places import is_url, place_of, shown
from pipeline.settings import Settings
from pipeline.stages.collect import Entry, Manifest, collect
from pipeline.storage.digests import Digests
from pipeline.storage.store import Result, Store


class Source(Protocol):
    """What the stages before `read` ask of a raw folder."""

    def collect(self, year: int | None = None) -> Manifest:
        """Every file below it (or below its folder ``year``) with the digest of its bytes."""

    def brought(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The same entries in order, each with its file at hand, or with what went wrong."""

    def file(self, path: str, document_id: str) -> Path:
        """Where the file of a path lies, or will lie."""

    def done(self, entry: Entry) -> None:
        """An entry was read and is not needed any more."""

    def close(self) -> None:
        """The run went well."""


class Files:
    """A folder or file of this machine: everything is at hand, and nothing is ever removed."""

    def __init__(self, raw: str, digests: Digests) -> None:
        self._raw, self._digests = raw, digests

    def collect(self, year: int | None = None) -> Manifest:
        """See :func:`pipeline.stages.collect.collect`."""
        return collect(self._raw, year, self._digests)

    def brought(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The entries as they are."""
        return iter(entries)

    def file(self, path: str, document_id: str) -> Path:  # noqa: ARG002 - files lie under their names
        """The file of that path."""
        return Path(self._raw) / path

    def done(self, entry: Entry) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""


def source_of(settings: Settings, store: Store, keep: Callable[[Result], None]) -> Source:
    """The source that the settings name. Raises SettingsError for a URL nothing here can open."""
    anew = not settings.trust_times
    if not is_url(settings.raw):
        return Files(settings.raw, Digests(store, str(Path(settings.raw).absolute()), keep, anew=anew))
    from pipeline.running.objects import Objects  # the threads and clients of stores, where there is one

    place = place_of(settings.raw, settings.storage)
    return Objects(place, settings, Digests(store, shown(settings.raw), keep, anew=anew))
