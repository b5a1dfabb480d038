"""Publishing in one step: readers see the last good publish or the new one, never a mixture.

A publish is a folder ``.snapshots/<digest>`` written beside the last one. ``.current`` is a link to
it, and every table is a link through ``.current``; replacing that one link is the whole switch
(see docs/decisions/0003). Whatever fails before it leaves the last publish as it was.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

SNAPSHOTS = ".snapshots"
CURRENT = ".current"


class PublishError(OSError):
    """The output folder cannot take a publish; the message says what is in the way."""


def publish_files(out: Path, files: Iterable[tuple[Path, bytes]]) -> str:
    """Publish files under ``out`` and return the digest of all of them.

    Top-level names in ``files`` become links in ``out``; anything else there is left alone.
    Raises PublishError when a name is already taken by something that is no link of ours.
    """
    shelf = out / SNAPSHOTS
    shelf.mkdir(parents=True, exist_ok=True)
    for left in shelf.glob(".writing-*"):
        shutil.rmtree(left, ignore_errors=True)
    writing = shelf / f".writing-{os.getpid()}"
    digests = {path.as_posix(): _write(writing / path, blob) for path, blob in files}
    names = sorted({path.split("/", 1)[0] for path in digests})
    for name in names:
        if (out / name).is_symlink() or (out / name).exists():
            _must_be_ours(out / name)
    digest = sha256("".join(f"{p}\0{d}\n" for p, d in sorted(digests.items())).encode()).hexdigest()
    target = _settle(writing, shelf, digest[:16], digests)
    for name in names:
        _link(out / name, f"{CURRENT}/{name}")
    _link(out / CURRENT, f"{SNAPSHOTS}/{target.name}")
    _sync(out)
    for old in shelf.iterdir():
        if old != target:
            shutil.rmtree(old, ignore_errors=True)
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
        if _intact(target, digests):
            shutil.rmtree(writing)
            return target
    raise PublishError(f"{shelf}: too many damaged publishes; remove them and run again")


def _intact(folder: Path, digests: dict[str, str]) -> bool:
    with suppress(OSError):
        found = {
            file.relative_to(folder).as_posix(): sha256(file.read_bytes()).hexdigest()
            for file in folder.rglob("*")
            if file.is_file()
        }
        return found == digests
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
