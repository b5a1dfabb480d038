"""What archives are made of, how much they may ask for, and why a member is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much one archive, with all archives in it, may ask for.

    ``depth`` archives within each other; ``members`` in all; ``member_bytes`` and ``total_bytes``
    unpacked; ``ratio`` of unpacked to packed bytes, looked at from one megabyte on.
    """

    depth: int = 3
    members: int = 100_000
    member_bytes: int = 256 << 20
    total_bytes: int = 8 << 30
    ratio: int = 500


class Refused(Exception):  # noqa: N818 - a reason, as in extractors.errors
    """A member, or a whole archive, that is not unpacked: reason code and the rest of a sentence."""

    def __init__(self, reason: str, why: str) -> None:
        super().__init__(reason, why)
        self.reason, self.why = reason, why


class Overrun(Refused):
    """The archive as a whole is over a limit: nothing further of it is looked at."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as a format lists it: its name, its packed size where known, and how to open it.

    ``kind`` is file, folder or other (links, devices). ``open`` raises Refused.
    """

    name: str
    kind: str
    packed: int | None
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive: read into the spool under its digest, or refused with a reason.

    ``name`` is the path inside the outermost archive, ``!`` between nested ones; None is the archive
    itself. Reason ``litter`` marks what systems leave behind: it is listed, and no row is made of it.

    >>> Member("a.txt", 3, "d").problem is None
    True
    """

    name: str | None
    size: int = 0
    digest: str = ""
    reason: str | None = None
    problem: str | None = None
