"""Local folders that stand in for URLs while a run is under way, and what is sent when it went well.

RAW is fetched as it is needed (:mod:`pipeline.running.objects`). WORK is a folder of this machine's cache that
shares its stage results with the place. CLEAN is published into a folder as always; the place takes it
over at the end, in one step.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from pipeline.exports.shelf import Published, current, pull, push
from pipeline.exports.snapshot import CURRENT
from pipeline.places import Place, folder, is_url, place_of, shown
from pipeline.settings import Settings, SettingsError, load_settings
from pipeline.storage.segments import Segments
from pipeline.storage.store import key_of

_MARK = ".stands-for"


@dataclass(slots=True)
class Standins:
    """The settings of a run with local folders for OUT and WORK, and what to send to whom."""

    settings: Settings
    place: Place | None = None
    base: Published | None = None
    segments: Segments | None = None

    def send(self) -> None:
        """Send results, then publish. Raises PlaceError and PublishError; the last publish then stands."""
        if self.segments is not None:
            self.segments.stop()
            self.segments.send()
        if self.place is not None:
            _mark(self.settings.out, push(Path(self.settings.out), self.place, self.base))


@contextmanager
def at_hand(settings: Settings) -> Iterator[Standins]:
    """The places of a run as local folders, up to date with what they stand for.

    Raises SettingsError where another run of this machine works on the same WORK, PlaceError where a
    place cannot be reached.
    """
    settings = replace(
        settings, raw=folder(settings.raw), out=folder(settings.out), work=folder(settings.work)
    )
    with ExitStack() as stack:
        found = Standins(settings)
        if is_url(settings.work):
            work = cache_of(settings.work)
            stack.enter_context(alone(work, shown(settings.work)))
            found.segments = Segments(place_of(settings.work, settings.storage), work)
            found.segments.take()
            found.segments.start(settings.checkpoint_seconds)
            stack.callback(found.segments.stop)
            found.settings = replace(found.settings, work=str(work))
        if is_url(settings.out):
            found.place = place_of(settings.out, settings.storage)
            mirror = Path(found.settings.work) / "published" / _short(found.place.url)
            found.settings = replace(found.settings, out=str(mirror))
            found.base = _up_to_date(mirror, found.place)
        yield found


def _up_to_date(mirror: Path, place: Place) -> Published | None:
    """Make the mirror what the place has last published; nothing is fetched where it is that already."""
    last = current(place)
    mark = mirror / _MARK
    if last is None:
        for name in (CURRENT, "run.json", _MARK):  # a mirror of what is gone takes nothing over
            (mirror / name).unlink(missing_ok=True)
    elif not mark.is_file() or mark.read_text() != _marked(mirror, last):
        last = pull(place, mirror)
        _mark(str(mirror), last)
    return last


def _marked(mirror: Path, published: Published) -> str:
    """What the mark says: which publish of the place, and which of the mirror is the same."""
    link = mirror / CURRENT
    return f"{published.tables} {link.readlink() if link.is_symlink() else ''}"


def _mark(mirror: str, published: Published | None) -> None:
    if published is not None:
        (Path(mirror) / _MARK).write_text(_marked(Path(mirror), published))


def cache_of(url: str) -> Path:
    """The folder of this machine that stands in for a place: below ``$JIXIAO_CACHE``, or the user's cache.

    Deleting it is always safe.
    """
    given = os.environ.get("JIXIAO_CACHE")
    shelf = (
        Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "jixiao"
    )
    found = shelf / _short(shown(url).rstrip("/"))
    found.mkdir(parents=True, exist_ok=True)
    return found.resolve()


def stand_in(work: str | Path) -> Path:
    """The folder of a work place on this machine: the folder itself, or what stands in for a URL."""
    return cache_of(str(work)) if is_url(str(work)) else Path(folder(work))


def work_on_disk(work: str | Path) -> Path:
    """A work folder to look into: as :func:`stand_in`, with the results of all machines."""
    found = stand_in(work)
    if is_url(str(work)):
        Segments(place_of(str(work), load_settings().storage), found).take()
    return found


def _short(url: str) -> str:
    return f"{url.rpartition('/')[2] or 'place'}-{sha256(key_of(url).encode()).hexdigest()[:12]}"


@contextmanager
def alone(place: Path, name: str = "") -> Iterator[None]:
    """One run of this machine at a time in a folder; the lock is on the folder itself.

    Raises SettingsError where another one is there; ``name`` is what the folder stands for.
    """
    handle = os.open(place, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SettingsError(
                f"{name or place}: another run is at work here; wait for it to finish"
            ) from error
        yield
    finally:
        os.close(handle)
