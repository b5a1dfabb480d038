"""Which kind of archive some bytes are, by signature.

Sources: APPNOTE.TXT 4.3 (zip), 7zFormat.txt, RAR 5.0 technote, RFC 1952 (gzip), RFC 8878 (zstd),
POSIX ustar (magic at 257).
"""

from __future__ import annotations

import zipfile
from pathlib import Path

HEAD = 512  # bytes of a file that tell
_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b\x08", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
# Formats that are zip files themselves; they are documents, not archives (ECMA-376, ODF 1.2, GB/T 33190).
_DOCUMENTS = frozenset({"[Content_Types].xml", "mimetype", "OFD.xml"})


def could_be_archive(head: bytes) -> str | None:
    r"""The kind of archive that a file beginning like this could be: zip may still be a document.

    >>> could_be_archive(b"Rar!\x1a\x07\x01\x00"), could_be_archive(b"%PDF-1.7")
    ('rar', None)
    """
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    return "tar" if head[257:262] == b"ustar" else None


def is_document(names: list[str]) -> bool:
    """Whether a zip file with these members is an office document.

    >>> is_document(["[Content_Types].xml", "word/document.xml"]), is_document(["a.docx"])
    (True, False)
    """
    return any(name in _DOCUMENTS for name in names)


def zip_counts(path: Path) -> tuple[int, int]:
    """Entries and bytes of the central directory, as the end of the file states them (APPNOTE 4.3.14-16)."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 66_000))
        tail = stream.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) < at + 22:
            raise zipfile.BadZipFile("no end of the central directory")
        count = int.from_bytes(tail[at + 10 : at + 12], "little")
        length = int.from_bytes(tail[at + 12 : at + 16], "little")
        locator = tail.rfind(b"PK\x06\x07", 0, at)
        if locator >= 0 and (count == 0xFFFF or length == 0xFFFFFFFF):
            stream.seek(int.from_bytes(tail[locator + 8 : locator + 16], "little"))
            record = stream.read(56)
            count = int.from_bytes(record[32:40], "little")
            length = int.from_bytes(record[40:48], "little")
    return count, length
