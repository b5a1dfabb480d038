"""Tar archives, plain or packed with gzip, bzip2, xz or zstandard, and single packed files."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from extractors.archives.member import Item, Refused

_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


def items(path: Path, kind: str, name: str) -> Iterator[Item]:
    """The entries of a tar archive, or the one file that is packed without tar. Raises Refused."""
    with opened(path, kind) as stream:
        try:
            archive = tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
        except (tarfile.ReadError, EOFError, OSError, lzma.LZMAError):
            if kind == "tar":
                raise Refused("damaged", "its list of members cannot be read") from None
            archive = None
        if archive is not None:
            with archive:
                yield from _entries(archive)
            return
    yield Item(_stem(name), "file", path.stat().st_size, partial(opened, path, kind))


def opened(path: Path, kind: str) -> BinaryIO:
    """The bytes inside the packing. Raises Refused."""
    if kind == "zst":
        try:
            found = import_module("zstandard").open(path, "rb")
        except ImportError:
            raise Refused("needs_tool", "needs the package zstandard to be unpacked") from None
        return cast("BinaryIO", found)
    openers: dict[str, Any] = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open, "tar": open}
    return cast("BinaryIO", openers[kind](path, "rb"))


def _entries(archive: tarfile.TarFile) -> Iterator[Item]:
    for info in archive:
        kind = "file" if info.isreg() else "folder" if info.isdir() else "other"
        yield Item(_name(info.name), kind, None, partial(_open, archive, info))


def _open(archive: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    found = archive.extractfile(info)
    if found is None:
        raise Refused("damaged", "cannot be unpacked")
    return cast("BinaryIO", found)


def _name(name: str) -> str:
    """A name that is no UTF-8 is GB 18030 where that reads."""
    raw = name.encode("utf-8", "surrogateescape")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def _stem(name: str) -> str:
    place = PurePosixPath(name)
    return place.stem if place.suffix.lower() in _SUFFIXES else f"{place.name}.content"
