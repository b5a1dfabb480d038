"""What a reader is, and how readers are found: every module here with a ``READER`` is one."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Protocol

from extractors.grid import Document
from extractors.source import SourceFile


class Reader(Protocol):
    """One way to read one kind of file.

    ``media_types`` are those it may be asked about; ``bid`` says how well it fits this very source
    (0 not at all … 1 made for it) and must be cheap; ``read`` gives the Document or raises an
    ExtractionError. A reader that leans on something installed apart says so in an attribute ``needs``
    (``program antiword``, ``library xlrd``); ``doctor`` prints it. ``name`` and ``version`` are published as ``name/version``.
    """

    @property
    def name(self) -> str:
        """Published name; by convention the name of the module."""
        ...

    @property
    def version(self) -> str:
        """Raised when the same bytes would give another Document."""
        ...

    @property
    def media_types(self) -> frozenset[str]:
        """The media types it may be asked about."""
        ...

    def bid(self, source: SourceFile) -> float:
        """How well it fits this source: 0 not at all … 1 made for it."""
        ...

    def read(self, source: SourceFile) -> Document:
        """The Document of the source, or an ExtractionError."""
        ...


@cache
def readers() -> tuple[Reader, ...]:
    """All readers of this package, by name. A module becomes one by a module-level ``READER``.

    >>> "text_dump" in [reader.name for reader in readers()]
    True
    """
    package = import_module("extractors.readers")
    found: list[Reader] = []
    for info in pkgutil.iter_modules(package.__path__):
        reader: Reader | None = getattr(import_module(f"extractors.readers.{info.name}"), "READER", None)
        if reader is not None:
            found.append(reader)
    return tuple(sorted(found, key=lambda reader: reader.name))


def choose(source: SourceFile) -> Reader | None:
    """The reader with the highest bid above zero; at a tie the first by name."""
    best: Reader | None = None
    best_bid = 0.0
    for reader in readers():
        if source.media_type in reader.media_types:
            bid = reader.bid(source)
            if bid > best_bid:
                best, best_bid = reader, bid
    return best
