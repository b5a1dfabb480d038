"""Publishing in one step: readers see the last good publish or the new one, never a mixture.

A publish is a folder ``.snapshots/<digest>`` written beside the last one. ``.current`` is a link to
it, and every table is a link through ``.current``; replacing that one link is the whole switch
(see docs/decisions/0003). Whatever fails before it leaves the last publish as it was.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

SNAPSHOTS = ".snapshots"
CURRENT = ".current"
NOTES = ".parts.json"


class PublishError(OSError):
    """The output folder cannot take a publish; the message says what is in the way."""


@dataclass(frozen=True, slots=True)
class PartFile:
    """One published part: its table and year, its rows, and the digest of its bytes."""

    path: str
    rows: int
    digest: str

    @property
    def name(self) -> str:
        """What the part was named by when it was written, without its digest.

        >>> PartFile("changes/fiscal_year=2024/part-changes-00001-9f86d081884c7d65.parquet", 3, "9f86").name
        'changes-00001'
        """
        return self.path.rpartition("/")[2].removeprefix("part-").rpartition("-")[0]


def write_part(folder: Path, table: str, year: int, name: str, rows: int, blob: bytes) -> PartFile:
    """Write a part below ``folder``; its name ends with a digest of its bytes."""
    digest = sha256(blob).hexdigest()
    path = f"{table}/fiscal_year={year}/part-{name}-{digest[:16]}.parquet"
    return PartFile(path, rows, _write(folder / path, blob))


def adopt(folder: Path, part: PartFile, name: str, last: Path) -> PartFile | None:
    """Take over a part of the last publish under a new number; None where it is damaged or gone.

    The file is linked, so a part that did not change is not written again.
    """
    old = last / part.path
    head, _, tail = part.path.rpartition("/")
    path = f"{head}/part-{name}-{tail.rpartition('-')[2]}"
    try:
        with old.open("rb") as stream:
            if file_digest(stream, "sha256").hexdigest() != part.digest:
                return None
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(old, folder / path)
        except OSError:
            shutil.copyfile(old, folder / path)  # a file system without links
    except OSError:
        return None
    return PartFile(path, part.rows, part.digest)


def begin(out: Path) -> Path:
    """An empty folder for the next publish; what a killed run left unfinished is removed."""
    shelf = out / SNAPSHOTS
    shelf.mkdir(parents=True, exist_ok=True)
    for left in shelf.glob(".writing-*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in out.glob(".link-*"):
        left.unlink(missing_ok=True)
    writing = shelf / f".writing-{os.getpid()}"
    writing.mkdir()
    return writing


def publish_files(out: Path, files: Iterable[tuple[Path, bytes]]) -> str:
    """Publish a few files under ``out`` and return the digest of all of them. Raises PublishError."""
    writing = begin(out)
    return switch(out, writing, write_files(writing, files))


def write_files(writing: Path, files: Iterable[tuple[Path, bytes]]) -> dict[str, str]:
    """Write files into a publish; their digests by path."""
    return {path.as_posix(): _write(writing / path, blob) for path, blob in files}


def digest_of_files(digests: Mapping[str, str]) -> str:
    """The digest of a whole publish from the digests of its files by path.

    >>> digest_of_files({"a": "1", "b": "2"}) == digest_of_files({"b": "2", "a": "1"})
    True
    """
    return sha256("".join(f"{p}\0{d}\n" for p, d in sorted(digests.items())).encode()).hexdigest()


def switch(out: Path, writing: Path, digests: dict[str, str], notes: bytes | None = None) -> str:
    """Make a written folder the publish, and return the digest of all its files.

    Top-level names in ``digests`` become links in ``out``; anything else there is left alone.
    ``notes`` are kept in the snapshot for the next run and are no part of the digest.
    Raises PublishError when a name is already taken by something that is no link of ours.
    """
    shelf = out / SNAPSHOTS
    names = sorted({path.split("/", 1)[0] for path in digests})
    for name in names:
        if (out / name).is_symlink() or (out / name).exists():
            _must_be_ours(out / name)
    digest = digest_of_files(digests)
    target = _settle(writing, shelf, digest[:16], digests)
    if notes is not None:
        _write(shelf / f".notes-{os.getpid()}", notes)
        (shelf / f".notes-{os.getpid()}").replace(target / NOTES)
    for name in names:
        _link(out / name, f"{CURRENT}/{name}")
    _link(out / CURRENT, f"{SNAPSHOTS}/{target.name}")
    _sync(out)
    for old in shelf.iterdir():
        if old != target:
            shutil.rmtree(old, ignore_errors=True)
            old.unlink(missing_ok=True) if old.is_file() else None
    return digest


def _write(path: Path, blob: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(blob)
        stream.flush()
        os.fsync(stream.fileno())
    return sha256(blob).hexdigest()


def _must_be_ours(path: Path) -> None:
    if not path.is_symlink() or not str(path.readlink()).startswith(f"{CURRENT}/"):
        raise PublishError(f"{path}: is not a link of an earlier publish; move it away and run again")


def _settle(writing: Path, shelf: Path, name: str, digests: dict[str, str]) -> Path:
    """Give the written folder its name; an intact folder of the same content is kept instead."""
    for number in range(1000):
        target = shelf / (name if number == 0 else f"{name}.{number}")
        if not target.exists():
            writing.rename(target)
            return target
        if _intact(target, digests, writing):
            shutil.rmtree(writing)
            return target
    raise PublishError(f"{shelf}: too many damaged publishes; remove them and run again")


def _intact(folder: Path, digests: dict[str, str], writing: Path) -> bool:
    """Whether a folder holds these files and no others; one that was linked from it was looked at already."""
    with suppress(OSError):
        found = {
            file.relative_to(folder).as_posix()
            for file in folder.rglob("*")
            if file.is_file() and file.name != NOTES
        }
        return found == digests.keys() and all(
            (folder / path).samefile(writing / path)
            or sha256((folder / path).read_bytes()).hexdigest() == digest
            for path, digest in digests.items()
        )
    return False


def _link(path: Path, target: str) -> None:
    """Make or replace a link in one step."""
    if path.is_symlink() and str(path.readlink()) == target:
        return
    waiting = path.with_name(f".link-{os.getpid()}")
    with suppress(FileNotFoundError):
        waiting.unlink()
    waiting.symlink_to(target)
    waiting.replace(path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
