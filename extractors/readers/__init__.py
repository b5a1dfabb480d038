"""One file in, one Document out: readers bid for a source, the highest bid reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from extractors.errors import Binary, Damaged, Empty, Encrypted, ExtractionError, Unsupported
from extractors.grid import Document
from extractors.readers.base import choose, completed
from extractors.readers.opinions import with_opinions
from extractors.sniff import BINARY, EMPTY, OLE, ZIP, contradicts
from extractors.source import Limits, SourceFile

__all__ = ["read"]

_SECRET = "EncryptedPackage".encode(
    "utf-16-le"
)  # the stream that holds a package under a password (MS-OFFCRYPTO)
_INSTEAD = {"application/rtf": " (rich text); save it as .docx"}


def read(
    path: str | Path | SourceFile, *, media_type: str | None = None, limits: Limits | None = None
) -> Document:
    r"""Read one source file: its grids as printed and the text around them, each with its place.

    ``media_type`` overrules what the content says; ``limits`` bound what the file may ask for.
    Raises an ExtractionError (Missing, Empty, Binary, Unsupported, TooLarge, Damaged, …).

    >>> source = SourceFile.from_bytes("标题\n项目名称\t经费\n".encode(), "a.txt")
    >>> [cell.text for cell in read(source).grids[0].cells]
    ['项目名称', '经费']
    """
    source = path
    if not isinstance(source, SourceFile):
        source = SourceFile.from_path(source, media_type=media_type, limits=limits)
    elif media_type is not None or limits is not None:
        source = replace(source, media_type=media_type or source.media_type, limits=limits or source.limits)
    if source.media_type == EMPTY:
        raise Empty(f"{source.name}: the file is empty")
    reader = choose(source)
    if reader is None:
        raise _refusal(source)
    document = completed(source, with_opinions(reader.read(source), source))
    return replace(document, doubts=source.doubts + document.doubts) if source.doubts else document


def _refusal(source: SourceFile) -> ExtractionError:
    """Why no reader takes a source: nonsense, a password, a container without what its name promises, or no reader."""
    if source.media_type == BINARY:
        return Binary(f"{source.name}: the bytes are neither text nor a known format")
    if source.media_type == OLE and _SECRET in source.data:
        return Encrypted(f"{source.name}: opens only with a password")
    if source.media_type in (OLE, ZIP) and contradicts(source.name, source.media_type):
        told = "holds none of the parts that make a document or workbook; it is cut off or broken"
        return Damaged(f"{source.name}: {told}")
    hint = _INSTEAD.get(source.media_type, "")
    return Unsupported(f"{source.name}: no reader for {source.media_type}{hint}")
