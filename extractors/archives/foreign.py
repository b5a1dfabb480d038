"""7z and rar archives, through libraries and tools that may be missing (reason ``needs_tool``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from importlib import import_module
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, BinaryIO, cast

from extractors.archives.member import ArchiveLimits, Item, Overrun, Refused


def rar_items(path: Path) -> Iterator[Item]:
    """The entries of a rar archive; needs the package rarfile, and for packed members unar, unrar or bsdtar."""
    try:
        rarfile: Any = import_module("rarfile")
    except ImportError:
        raise Refused("needs_tool", "needs the package rarfile to be unpacked") from None
    try:
        archive = rarfile.RarFile(path)
    except rarfile.NeedFirstVolume:
        raise Refused("damaged", "is a later volume of an archive in several") from None
    except rarfile.Error as error:
        raise Refused("damaged", f"its list of members cannot be read ({type(error).__name__})") from error
    with archive:
        if archive.needs_password() and not archive.infolist():
            raise Refused("encrypted", "opens only with a password")
        for info in archive.infolist():
            kind = "folder" if info.is_dir() else "file" if info.is_file() else "other"
            yield Item(info.filename, kind, info.compress_size, partial(_rar_open, rarfile, archive, info))


def _rar_open(rarfile: Any, archive: Any, info: Any) -> BinaryIO:
    if info.needs_password():
        raise Refused("encrypted", "opens only with a password")
    try:
        if info.compress_type != rarfile.RAR_M0:
            _choose_tool(rarfile)
        return cast("BinaryIO", archive.open(info))
    except rarfile.RarCannotExec:
        raise Refused("needs_tool", "needs unar, unrar or bsdtar to be unpacked") from None
    except rarfile.Error as error:
        raise Refused("damaged", f"cannot be unpacked ({type(error).__name__})") from error


def _choose_tool(rarfile: Any) -> None:
    """Have rarfile use unrar, unar or bsdtar before 7z, and call bsdtar as it must be called.

    Free builds of 7z cannot unpack rar, and rarfile 4.5 ends bsdtar's options with ``--`` behind
    ``-f``, which bsdtar takes for the name of the archive: with either, every packed member would
    look damaged. Raises RarCannotExec where there is no tool.
    """
    try:
        found = rarfile.tool_setup(sevenzip=False, sevenzip2=False)
    except rarfile.RarCannotExec:
        found = rarfile.tool_setup()
    if found.setup is not rarfile.BSDTAR_CONFIG or type(found) is not rarfile.ToolSetup:
        return

    class Mended(rarfile.ToolSetup):  # type: ignore[misc]
        def get_cmdline(self, key: str, pwd: str | None, nodash: bool = False) -> list[str]:  # noqa: ARG002
            return cast("list[str]", super().get_cmdline(key, pwd, nodash=True))

    rarfile.CURRENT_SETUP = Mended(rarfile.BSDTAR_CONFIG)


class _Sink:
    """What py7zr writes one member into: a file of the spool, up to a limit."""

    def __init__(self, path: Path, most: int) -> None:
        self._path, self._most, self._size = path, most, 0
        path.write_bytes(b"")

    def write(self, data: bytes | bytearray) -> int:
        self._size += len(data)
        if self._size > self._most:
            raise Overrun("too_large", "a member is larger than its archive says")
        with self._path.open("ab") as stream:
            return stream.write(data)

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002 - what py7zr asks for
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002 - what py7zr asks for
        return 0

    def flush(self) -> None:
        """Every write is complete."""

    def close(self) -> None:
        """Nothing is held open."""

    def size(self) -> int:
        return self._size


def seven_items(path: Path, spool: Path, limits: ArchiveLimits) -> Iterator[Item]:
    """The entries of a 7z archive; needs the package py7zr. It is unpacked as a whole, into the spool."""
    try:
        py7zr: Any = import_module("py7zr")
    except ImportError:
        raise Refused("needs_tool", "needs the package py7zr to be unpacked") from None
    try:
        with py7zr.SevenZipFile(path, "r") as archive:
            if archive.needs_password():
                raise Refused("encrypted", "opens only with a password")
            entries = archive.list()
            _check(entries, path, limits)
            files = _extract(archive, entries, Path(mkdtemp(dir=spool)))
    except Refused:
        raise
    except py7zr.exceptions.UnsupportedCompressionMethodError as error:
        raise Refused("unsupported", "is packed in a way this version does not know") from error
    except Exception as error:
        raise Refused("damaged", f"cannot be unpacked ({type(error).__name__})") from error
    for entry in entries:
        kind = "folder" if entry.is_directory else "file" if entry.is_file else "other"
        yield Item(
            entry.filename, kind, None, partial(_spooled, files, entry.filename, entry.uncompressed or 0)
        )


def _check(entries: list[Any], path: Path, limits: ArchiveLimits) -> None:
    """A 7z archive is refused by what it declares, before anything is unpacked."""
    total = sum(entry.uncompressed or 0 for entry in entries)
    if len(entries) > limits.members:
        raise Overrun("too_many_members", f"holds {len(entries)} members, more than {limits.members}")
    if total > limits.total_bytes or any((e.uncompressed or 0) > limits.member_bytes for e in entries):
        raise Overrun("too_large", f"would unpack to {total} bytes")
    if total > max(1 << 20, limits.ratio * path.stat().st_size):
        raise Overrun("bomb", f"would unpack to {total} bytes from {path.stat().st_size}")


def _extract(archive: Any, entries: list[Any], spool: Path) -> dict[str, Path]:
    """Unpack into numbered files; no name of the archive ever becomes a name on disk."""
    sizes = {entry.filename: entry.uncompressed or 0 for entry in entries}
    files: dict[str, Path] = {}

    class Factory:
        def create(self, filename: str, mode: str = "wb") -> _Sink:  # noqa: ARG002
            files[filename] = spool / f"7z-{len(files)}"
            return _Sink(files[filename], sizes.get(filename, 0))

        def get(self, filename: str) -> None:
            """Not asked for."""

    archive.extractall(factory=Factory())
    return files


def _spooled(files: dict[str, Path], name: str, size: int) -> BinaryIO:
    if name not in files and not size:
        return BytesIO()
    if name not in files:
        raise Refused("damaged", "cannot be unpacked")
    found = files[name].open("rb")
    with suppress(OSError):
        files[name].unlink()
    return found
