"""Recognise nothing twice: what an engine read on a page is kept by page and engine.

A page's key is the digest of its pixels and of the engine's name and version; under it lies what was
read of each picture cut from the page, by the picture's own digest. Rules of grid, layout and doubt are
no part of either: when they change, only pictures that are cut otherwise are recognised anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from typing import Any

import msgspec

from extractors.imaging.geometry import Colour, Gray, Rect
from extractors.memory import Recollection
from extractors.ocr.base import Line, OcrEngine


@dataclass(slots=True)
class Known:
    """What was read on one page: lines and places of lines by the digest of the picture they are of."""

    lines: dict[bytes, Line] = field(default_factory=dict)
    places: dict[bytes, list[Rect]] = field(default_factory=dict)


@dataclass(slots=True)
class Recalling:
    """An engine that asks its memory of a page first. ``fresh`` counts what had to be recognised."""

    engine: OcrEngine
    known: Known
    fresh: int = 0

    @property
    def name(self) -> str:
        """Engine and model."""
        return self.engine.name

    @property
    def version(self) -> str:
        """Version of the models and the back end."""
        return self.engine.version

    def read(self, pictures: Sequence[Gray]) -> list[Line]:
        """Read pictures of one line each; known ones cost nothing."""
        digests = [digest(picture) for picture in pictures]
        new = {
            key: picture
            for key, picture in zip(digests, pictures, strict=True)
            if key not in self.known.lines
        }
        if new:
            self.known.lines.update(zip(new, self.engine.read(list(new.values())), strict=True))
            self.fresh += len(new)
        return [self.known.lines[key] for key in digests]

    def find(self, page: Gray) -> list[Rect]:
        """Boxes of the lines on a page."""
        key = digest(page)
        if key not in self.known.places:
            self.known.places[key] = self.engine.find(page)
            self.fresh += 1
        return self.known.places[key]


@contextmanager
def recalled(engine: OcrEngine, page: Colour, memory: Recollection | None) -> Iterator[OcrEngine]:
    """The engine for one page, its memory asked before and told afterwards; the bare engine without one.

    What was recognised is kept even when the reading of the page fails later.
    """
    if memory is None:
        yield engine
        return
    key = page_key(engine, page)
    blob = memory.get(key)
    recalling = Recalling(engine, _known().decode(blob) if blob is not None else Known())
    try:
        yield recalling
    finally:
        if recalling.fresh:
            memory.put(key, msgspec.msgpack.encode(recalling.known))


def page_key(engine: OcrEngine, page: Colour) -> str:
    """The key of a page read by an engine.

    >>> import numpy as np
    >>> from extractors.ocr.rapidocr import RapidOcr
    >>> page = np.zeros((2, 3), np.uint8)
    >>> page_key(RapidOcr(), page) == page_key(RapidOcr(), page.reshape(3, 2))
    False
    """
    return f"ocr:{engine.name}:{engine.version}:{digest(page).hex()}"


def digest(picture: Gray | Colour) -> bytes:
    """The digest of a picture's pixels and shape."""
    found = blake2b(repr(picture.shape).encode(), digest_size=16)
    found.update(picture.tobytes())
    return found.digest()


@cache
def _known() -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(Known)
