"""Packed office formats (xlsx, docx, ofd): a ZIP of XML parts, opened without trust.

Nothing is unpacked to disk, nothing outside the file is opened, no document type declaration is
accepted and no entity resolved. What a part unpacks to is counted while it is read, because the
size that a ZIP declares may lie.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from extractors.errors import Damaged, Encrypted, TooLarge
from extractors.source import SourceFile

_PACKAGE_NS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
# What the zip module raises over damaged bytes (ValueError: an offset that became negative), beside
# what an encrypted member (RuntimeError) or an unknown compression (NotImplementedError) gives.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
)
_CHUNK = 1 << 16
_ENCRYPTED_FLAG = 0x1  # general purpose bit 0 (APPNOTE 4.4.4)
_MAX_PARTS = 20_000


def local(element: Any) -> str:
    """The name of an element without its namespace; empty for comments and instructions.

    >>> local(etree.fromstring('<w:p xmlns:w="u"/>'))
    'p'
    """
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str, default: str = "") -> str:
    """An attribute by its name without namespace: producers differ (transitional, strict, none).

    >>> attribute(etree.fromstring('<a xmlns:w="u" w:val="3"/>'), "val")
    '3'
    """
    value = element.get(name)
    if value is not None:
        return str(value)
    suffix = "}" + name
    return next((str(value) for key, value in element.attrib.items() if key.endswith(suffix)), default)


def xml_of(data: bytes, name: str) -> Any:
    """The root element of an XML part. Raises Damaged: not well formed, or with a DTD.

    >>> local(xml_of(b"<a><b/></a>", "x"))
    'a'
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(f"{name}: the XML is broken ({_short(error)})") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Damaged(f"{name}: a document type declaration, which no office program writes")
    return root


def _short(error: Exception) -> str:
    return str(error).partition("\n")[0][:120]


class _Counted(io.RawIOBase):
    """The unpacked bytes of one part, counted against the limit of the whole package."""

    def __init__(self, package: Package, stream: IO[bytes], name: str) -> None:
        self._package, self._stream, self._name = package, stream, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except _UNREADABLE as error:
            raise Damaged(f"{self._name}: cannot be unpacked ({_short(error)})") from error
        self._package.count(len(data))
        buffer[: len(data)] = data
        return len(data)


class Package:
    """The parts of one packed file. Raises Damaged, Encrypted, TooLarge."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.data))
            infos = self._zip.infolist()
        except _UNREADABLE as error:
            raise Damaged(f"{source.name}: the package is broken ({_short(error)})") from error
        if len(infos) > _MAX_PARTS:
            raise TooLarge(f"{source.name}: {len(infos)} parts, the limit is {_MAX_PARTS}")
        if any(info.flag_bits & _ENCRYPTED_FLAG for info in infos):
            raise Encrypted(f"{source.name}: a part opens only with a password")
        # Some producers write names with backslashes, a leading slash or in another case.
        self._names = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in infos}

    def count(self, size: int) -> None:
        """Count unpacked bytes. Raises TooLarge."""
        self._unpacked += size
        if self._unpacked > self.source.limits.max_unpacked:
            raise TooLarge(
                f"{self.source.name}: unpacks to more than {self.source.limits.max_unpacked} bytes"
            )

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def open(self, name: str) -> io.BufferedReader:
        """A part as a counted stream. Raises Damaged when it is missing."""
        info = self._names.get(name.lower())
        if info is None:
            raise Damaged(f"{self.source.name}: the part {name} is missing")
        if info.file_size > self.source.limits.max_unpacked:
            raise TooLarge(f"{self.source.name}: the part {name} unpacks to {info.file_size} bytes")
        try:
            stream = self._zip.open(info)
        except _UNREADABLE as error:
            raise Damaged(
                f"{self.source.name}: the part {name} cannot be opened ({_short(error)})"
            ) from error
        return io.BufferedReader(_Counted(self, stream, f"{self.source.name}: the part {name}"), _CHUNK)

    def xml(self, name: str) -> Any:
        """The root element of a part. Raises Damaged and TooLarge."""
        with self.open(name) as stream:
            return xml_of(stream.read(), f"{self.source.name}: {name}")

    def elements(self, name: str, tags: tuple[str, ...]) -> Iterator[Any]:
        """The elements of a large part one by one as they end, whatever their namespace, then forgotten.

        Raises Damaged and TooLarge.
        """
        wanted = [f"{{*}}{tag}" for tag in tags]
        with self.open(name) as stream:
            try:
                walk = etree.iterparse(
                    stream, tag=wanted, resolve_entities=False, no_network=True, load_dtd=False
                )
                for number, (_, element) in enumerate(walk):
                    if not number and element.getroottree().docinfo.internalDTD is not None:
                        raise Damaged(f"{self.source.name}: {name}: a document type declaration")
                    yield element
                    element.clear()
                    parent = element.getparent()
                    while parent is not None and parent[0] is not element:
                        del parent[0]
            except (etree.XMLSyntaxError, ValueError) as error:
                raise Damaged(f"{self.source.name}: {name} is broken ({_short(error)})") from error

    def related(self, name: str) -> dict[str, str]:
        """Relation id -> part name, of the relations of a part; those that lead outside are left out."""
        folder, base = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self:
            return {}
        found = {}
        for relation in self.xml(rels).iter(f"{_PACKAGE_NS}Relationship"):
            target = relation.get("Target", "").replace("\\", "/")
            if relation.get("TargetMode", "Internal") == "Internal" and target:
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found[relation.get("Id", "")] = posixpath.normpath(path)
        return found
