"""Zip archives: names in whatever encoding they were packed, encrypted and damaged members."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from extractors.archives.kinds import is_document, zip_counts
from extractors.archives.member import ArchiveLimits, Item, Overrun, Refused

_UTF8, _ENCRYPTED = 0x800, 0x1  # general purpose bits 11 and 0, APPNOTE 4.4.4
_RECORD = 1024  # bytes of the central directory that one entry may take


def items(path: Path, limits: ArchiveLimits) -> Iterator[Item] | None:
    """The entries of a zip archive; None where it is an office document. Raises Refused and Overrun."""
    try:
        count, length = zip_counts(path)
        if count > limits.members or length > limits.members * _RECORD:
            raise Overrun("too_many_members", f"holds {count} members, more than {limits.members}")
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError) as error:
        raise Refused("damaged", f"its list of members cannot be read ({error})") from error
    if is_document(archive.namelist()):
        archive.close()
        return None
    return _items(archive)


def _items(archive: zipfile.ZipFile) -> Iterator[Item]:
    with archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            special = mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) and stat.S_IFMT(mode)
            kind = "folder" if info.is_dir() else "other" if special else "file"
            yield Item(name_of(info), kind, info.compress_size, partial(_open, archive, info))


def name_of(info: zipfile.ZipInfo) -> str:
    r"""The name of an entry: UTF-8 where flagged or where it is valid UTF-8, else GB 18030, else code page 437.

    >>> info = zipfile.ZipInfo("永宁.txt".encode("gb18030").decode("cp437"))
    >>> name_of(info)
    '永宁.txt'
    """
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    if info.flag_bits & _ENCRYPTED:
        raise Refused("encrypted", "opens only with a password")
    try:
        return cast("BinaryIO", archive.open(info))
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise Refused("damaged", f"cannot be unpacked ({error})") from error
    except (NotImplementedError, RuntimeError) as error:
        raise Refused("unsupported", f"is packed in a way this version does not know ({error})") from error
