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
from pipeline.storage.digests import Digests, Known, token_of

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


def litter(name: str) -> bool:
    """Whether a file of this name is none that an office handed in.

    >>> litter("Thumbs.db"), litter("~$表.docx"), litter("表.docx")
    (True, True, False)
    """
    return name.startswith((".", "~$")) or name.lower() in LITTER


def collect(raw: str | Path, year: int | None = None, digests: Digests | None = None) -> Manifest:
    """Every file under ``raw`` (or under ``raw/<year>``), with the digest of its bytes.

    ``raw`` may be one file. What ``digests`` knows of a file that looks as it did is not read again.
    Raises SettingsError when there is nothing of that name.
    """
    root = Path(raw)
    if not root.exists():
        raise SettingsError(f"{raw}: there is no such file or folder to read")
    if root.is_file():
        return Manifest((_entry(str(root), root.name, digests),))
    start = root if year is None else root / str(year)
    if not start.is_dir():
        raise SettingsError(f"{start}: there is no folder for this year")
    entries: list[Entry] = []
    skipped: list[str] = []
    cut = len(str(root)) + (not str(root).endswith("/"))
    for file in _walk(str(start)):
        path = _published(file[cut:]) or root.name
        if litter(path.rpartition("/")[2]):
            skipped.append(path)
        else:
            entries.append(_entry(file, path, digests))
    return Manifest(tuple(sorted(entries, key=lambda e: e.path)), tuple(sorted(skipped)))


def _published(relative: str) -> str:
    """The path with ``/``; bytes that are no UTF-8 are written as escapes, never dropped."""
    return relative if relative.isascii() else os.fsencode(relative).decode("utf-8", "backslashreplace")


def _walk(start: str) -> Iterator[str]:
    """All files below ``start``; each real folder once, so that a loop of links ends."""
    seen: set[tuple[int, int]] = set()
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        try:
            place = os.stat(folder)  # noqa: PTH116 - a Path for each of a million files is most of the time
            if (place.st_dev, place.st_ino) in seen:
                continue
            seen.add((place.st_dev, place.st_ino))
            with os.scandir(folder) as found:
                children = sorted(found, key=lambda c: c.name)
        except OSError:
            yield folder  # an unreadable folder becomes an entry with a problem
            continue
        for child in children:
            if not _is_folder(child):
                yield child.path
            elif not child.name.startswith("."):
                waiting.append(child.path)


def _is_folder(child: os.DirEntry[str]) -> bool:
    try:
        return child.is_dir()
    except OSError:  # a link that leads in a circle
        return False


def _entry(file: str, path: str, digests: Digests | None) -> Entry:
    try:
        found = os.stat(file)  # noqa: PTH116 - as above
        if not stat.S_ISREG(found.st_mode):
            return _broken(Path(file), path, "it is no plain file")
        token = token_of(found) if digests else ""
        known = digests.recall(path, token) if digests else None
        if known is None:
            size, known, after = _read(file)
            if digests and token and token == token_of(after):
                digests.learn(path, token, known)
        else:
            size = found.st_size
    except OSError as error:
        return _broken(Path(file), path, (error.strerror or type(error).__name__).lower())
    return Entry(path, Path(file), size, known[0], archive=known[1])


def _read(file: str) -> tuple[int, Known, os.stat_result]:
    """The bytes, digest and kind of a file, and how it looked after it was read."""
    digest = sha256()
    size = 0
    head = b""
    with Path(file).open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            head = head or chunk[:HEAD]
            digest.update(chunk)
            size += len(chunk)
        after = os.fstat(stream.fileno())
    return size, (digest.hexdigest(), could_be_archive(head)), after


def _broken(file: Path, path: str, why: str) -> Entry:
    return Entry(path, file, 0, no_digest(path), f"{path}: cannot be opened ({why})")


def no_digest(name: str) -> str:
    """The id of a file whose bytes nobody could read: its name stands in, so that its row still has one."""
    return sha256(f"unreadable:{name}".encode()).hexdigest()
