"""The files that pages are drawn from later, kept under the work folder by the digest of their bytes.

Nothing after `read` opens the raw folder again: it may have moved, or lie on a share that is gone. So the
read stage leaves a hard link to each file that can be drawn, or a copy where a link cannot be made.
"""

from __future__ import annotations

import logging
import os
from hashlib import sha256
from pathlib import Path

from extractors.source import SourceFile

FOLDER = "originals"
PDF = "application/pdf"
IMAGES = frozenset({"image/png", "image/jpeg", "image/tiff", "image/bmp", "image/webp", "image/gif"})
DRAWN = IMAGES | {PDF}
LOG = logging.getLogger("jixiao.originals")


def place_of(work: Path, document_id: str) -> Path:
    """Where the original of a document is kept.

    >>> place_of(Path("w"), "abcd").as_posix()
    'w/originals/ab/abcd'
    """
    return work / FOLDER / document_id[:2] / document_id


def keep(work: Path, source: SourceFile, file: Path) -> None:
    """Keep the bytes of a source that can be drawn; ``file`` is where it was read from.

    Never raises: without room for it a page cannot be drawn, and nothing else is lost.
    """
    if source.media_type in DRAWN:
        keep_file(work, source.document_id, file, source.data)


def keep_file(work: Path, document_id: str, file: Path, data: bytes | None = None) -> None:
    """Keep a file of this digest, linked where that can be done; ``data`` are its bytes, if they are at hand.

    Never raises.
    """
    target = place_of(work, document_id)
    if target.exists():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file.resolve(), target)
        except OSError:  # another disk, no right to link, or already there
            part = target.with_suffix(f".{os.getpid()}")
            part.write_bytes(file.read_bytes() if data is None else data)
            part.replace(target)
    except OSError as error:
        LOG.warning("%s: not kept for drawing (%s)", file, error)


def original(work: Path, document_id: str) -> bytes | None:
    """The bytes of a document as they were read; None where they are gone or were changed since."""
    try:
        data = place_of(work, document_id).read_bytes()
    except OSError:
        return None
    return data if sha256(data).hexdigest() == document_id else None
