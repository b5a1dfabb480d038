"""Collect: a raw folder or file → the list of its source files, nothing silently left out.

Collect is the one stage that always runs: looking is how a new, changed or removed file is noticed.
It never writes, follows a linked folder once, and opens nothing that is not a plain file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from extractors.archives.kinds import HEAD, could_be_archive
from pipeline.corrections.types import Correction
from pipeline.settings import SettingsError

# What systems and tools leave behind, not what an office handed in. Counted and listed in run.json.
LITTER = frozenset({"thumbs.db", "desktop.ini"})
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One source file: its published path, where it lies, its digest, or why it cannot be opened.

    ``member`` is its path inside the archive ``path``; ``reason`` the code that goes with ``problem``;
    ``archive`` the kind of archive that it begins like.
    ``second_opinion`` names the second reader that this run asks about its tables, empty for none;
    ``corrections`` are people's decisions that may be about it.
    """

    path: str
    file: Path
    size: int
    document_id: str
    problem: str | None = None
    member: str | None = None
    reason: str = "unreadable"
    archive: str | None = None
    second_opinion: str = ""
    corrections: tuple[Correction, ...] = ()

    @property
    def name(self) -> str:
        """What to call it in a message: its path, and its member in an archive."""
        return self.path if self.member is None else f"{self.path}!{self.member}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """All source files sorted by path, and the paths skipped as litter."""

    entries: tuple[Entry, ...]
    skipped: tuple[str, ...] = ()


def collect(raw: str | Path, year: int | None = None) -> Manifest:
    """Every file under ``raw`` (or under ``raw/<year>``), with the digest of its bytes.

    ``raw`` may be one file. Raises SettingsError when there is nothing of that name.
    """
    root = Path(raw)
    if not root.exists():
        raise SettingsError(f"{raw}: there is no such file or folder to read")
    if root.is_file():
        return Manifest((_entry(root, root.name),))
    start = root if year is None else root / str(year)
    if not start.is_dir():
        raise SettingsError(f"{start}: there is no folder for this year")
    entries: list[Entry] = []
    skipped: list[str] = []
    for file in _walk(start):
        path = _published(file.relative_to(root))
        if file.name.startswith(".") or file.name.lower() in LITTER or file.name.startswith("~$"):
            skipped.append(path)
        else:
            entries.append(_entry(file, path))
    return Manifest(tuple(sorted(entries, key=lambda e: e.path)), tuple(sorted(skipped)))


def _published(relative: Path) -> str:
    """The path with ``/``; bytes that are no UTF-8 are written as escapes, never dropped."""
    return os.fsencode(relative.as_posix()).decode("utf-8", "backslashreplace")


def _walk(start: Path) -> Iterator[Path]:
    """All files below ``start``; each real folder once, so that a loop of links ends."""
    seen: set[tuple[int, int]] = set()
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        try:
            place = folder.stat()
            if (place.st_dev, place.st_ino) in seen:
                continue
            seen.add((place.st_dev, place.st_ino))
            children = sorted(folder.iterdir())
        except OSError:
            yield folder  # an unreadable folder becomes an entry with a problem
            continue
        for child in children:
            if child.is_dir() and not child.name.startswith("."):
                waiting.append(child)
            elif not child.is_dir():
                yield child


def _entry(file: Path, path: str) -> Entry:
    found = sha256()
    size = 0
    head = b""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return _broken(file, path, "it is no plain file")
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                head = head or chunk[:HEAD]
                found.update(chunk)
                size += len(chunk)
    except OSError as error:
        return _broken(file, path, (error.strerror or type(error).__name__).lower())
    return Entry(path, file, size, found.hexdigest(), archive=could_be_archive(head))


def _broken(file: Path, path: str, why: str) -> Entry:
    return Entry(path, file, 0, no_digest(path), f"{path}: cannot be opened ({why})")


def no_digest(name: str) -> str:
    """The id of a file whose bytes nobody could read: its name stands in, so that its row still has one."""
    return sha256(f"unreadable:{name}".encode()).hexdigest()
