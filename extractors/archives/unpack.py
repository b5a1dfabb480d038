"""Unpack an archive into a spool, member by member, within limits; names never become file names.

A member's bytes lie in the spool under their digest, so nothing an archive says about a name can
put a byte anywhere else. Archives within archives are unpacked the same way, to a stated depth.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from hashlib import sha256
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from tarfile import TarError
from tempfile import TemporaryDirectory
from zipfile import BadZipFile

from extractors.archives import foreign, tarred, zipped
from extractors.archives.kinds import HEAD, could_be_archive
from extractors.archives.member import ArchiveLimits, Item, Member, Overrun, Refused

_CHUNK = 1 << 20
_FREE = 1 << 20  # bytes below which no ratio is looked at
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.[^/]*$|~\$[^/]*$|thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_BROKEN = (BadZipFile, TarError, LZMAError, zlib.error, EOFError, ValueError, OSError)


def unpack(path: Path, name: str, spool: Path, limits: ArchiveLimits | None = None) -> list[Member] | None:
    """All members of the archive ``path``, in its own order; None where it is no archive at all.

    ``name`` is how the archive is called (a single packed file is named after it). A refused member
    is in the list with its reason; a member named None says what is wrong with the archive itself.
    Raises OSError when the spool cannot be written.
    """
    with path.open("rb") as stream:
        kind = could_be_archive(stream.read(HEAD))
    if kind is None:
        return None
    with TemporaryDirectory(dir=spool, prefix=".") as scratch:
        unpacking = _Unpacking(spool, Path(scratch), limits or ArchiveLimits(), path.stat().st_size)
        return unpacking.archive(path, kind, name)


class _Unpacking:
    """One outermost archive: its budget runs over all archives within it."""

    def __init__(self, spool: Path, scratch: Path, limits: ArchiveLimits, packed: int) -> None:
        self.spool, self.scratch, self.limits, self.packed = spool, scratch, limits, packed
        self.members = self.total = 0

    def archive(self, path: Path, kind: str, name: str) -> list[Member] | None:
        try:
            listed = self._listed(path, kind, name)
            if listed is None:
                return None
            found = list(self._members(listed, "", 1))
        except Refused as error:
            return [Member(None, reason=error.reason, problem=error.why)]
        return found or [Member(None, reason="empty", problem="holds no file")]

    def _listed(self, path: Path, kind: str, name: str) -> Iterator[Item] | None:
        if kind == "zip":
            return zipped.items(path, self.limits)
        if kind == "rar":
            return foreign.rar_items(path)
        if kind == "7z":
            return foreign.seven_items(path, self.scratch, self.limits)
        return tarred.items(path, kind, name)

    def _members(self, listed: Iterator[Item], prefix: str, depth: int) -> Iterator[Member]:
        """The members of one archive; an error of the archive itself ends it with a word about it."""
        seen: set[str] = set()
        while True:
            try:
                item = _next(listed)
                if item is None:
                    return
                if item.kind != "folder":
                    self._count()
                    yield from self._member(item, prefix, depth, seen)
            except Refused as error:
                if isinstance(error, Overrun) and depth > 1:
                    raise
                yield Member(prefix.rstrip("!") or None, reason=error.reason, problem=error.why)
                return

    def _count(self) -> None:
        self.members += 1
        if self.members > self.limits.members:
            raise Overrun("too_many_members", f"holds more than {self.limits.members} members")

    def _member(self, item: Item, prefix: str, depth: int, seen: set[str]) -> Iterator[Member]:
        name = prefix + _once(_shown(item.name), seen)
        if _LITTER.search(item.name.replace("\\", "/")):
            yield Member(name, reason="litter", problem="is left by a system, not handed in")
            return
        try:
            _must_be_plain(item)
            member, file = self._spooled(item, name)
        except Overrun:
            raise
        except Refused as error:
            yield Member(name, reason=error.reason, problem=error.why)
            return
        kind = could_be_archive(_head(file))
        if kind is None:
            yield member
            return
        yield from self._nested(file, kind, member, depth)

    def _nested(self, file: Path, kind: str, member: Member, depth: int) -> Iterator[Member]:
        packed = True
        try:
            listed = self._listed(file, kind, member.name or "")
            if listed is None:
                packed = False
                yield member
                return
            if depth >= self.limits.depth:
                raise Refused("too_deep", f"lies more than {self.limits.depth} archives deep")
            before = self.members
            yield from self._members(listed, f"{member.name}!", depth + 1)
            if self.members == before:
                raise Refused("empty", "holds no file")
        except Overrun:
            raise
        except Refused as error:
            yield Member(member.name, reason=error.reason, problem=error.why)
        finally:
            if packed:
                file.unlink(missing_ok=True)

    def _spooled(self, item: Item, name: str) -> tuple[Member, Path]:
        """Copy a member into the spool, as far as the limits go."""
        waiting = self.scratch / "member"
        digest, size = sha256(), 0
        with waiting.open("wb") as out:
            for chunk in _chunks(item):
                size += len(chunk)
                self._within(size, len(chunk), item.packed)
                digest.update(chunk)
                out.write(chunk)
        file = self.spool / digest.hexdigest()
        waiting.replace(file)
        return Member(name, size, digest.hexdigest()), file

    def _within(self, size: int, more: int, packed: int | None) -> None:
        self.total += more
        if size > self.limits.member_bytes:
            raise Refused("too_large", f"is larger than {self.limits.member_bytes} bytes")
        if size > _FREE and packed is not None and size > self.limits.ratio * max(packed, 1):
            raise Refused("bomb", f"unpacks to more than {self.limits.ratio} times its packed size")
        if self.total > self.limits.total_bytes:
            raise Overrun("too_large", f"unpacks to more than {self.limits.total_bytes} bytes")
        if self.total > max(64 * _FREE, self.limits.ratio * self.packed):
            raise Overrun("bomb", f"unpacks to more than {self.limits.ratio} times its size")


def _next(listed: Iterator[Item]) -> Item | None:
    try:
        return next(listed, None)
    except Refused:
        raise
    except _BROKEN as error:
        raise Refused("damaged", f"breaks off in the middle ({type(error).__name__})") from error


def _chunks(item: Item) -> Iterator[bytes]:
    try:
        with item.open() as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except Refused:
        raise
    except Exception as error:
        raise Refused("damaged", f"cannot be unpacked ({type(error).__name__})") from error


def _must_be_plain(item: Item) -> None:
    name = item.name.replace("\\", "/")
    if item.kind != "file":
        raise Refused("not_a_file", "is a link or a device")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in PurePosixPath(name).parts:
        raise Refused("unsafe_name", "has a name that points outside its archive")


def _shown(name: str) -> str:
    shown = name.replace("\\", "/").replace("\x00", "").encode("utf-8", "backslashreplace").decode()
    return shown.removeprefix("./") or "?"


def _once(name: str, seen: set[str]) -> str:
    """A name that an archive uses twice gets a number, so that both members have a row."""
    found, number = name, 1
    while found in seen:
        number += 1
        found = f"{name}#{number}"
    seen.add(found)
    return found


def _head(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(HEAD)
