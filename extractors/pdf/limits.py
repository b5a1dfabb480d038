"""How much one page may ask for, and the clock that every loop over foreign data looks at."""

from __future__ import annotations

import time
from dataclasses import dataclass


class PageTooComplexError(Exception):
    """A page asks for more objects, characters, rules or time than the limits allow.

    It never leaves the reader: the page is counted, marked and passed over
    (doubt ``page_too_complex``), the rest of the document is read.
    """


@dataclass(frozen=True, slots=True)
class PageLimits:
    """Bounds of one page: counts, nesting of form objects, and seconds of processor time.

    >>> PageLimits().depth
    8
    """

    objects: int = 60_000
    segments: int = 120_000
    chars: int = 60_000
    edges: int = 4_000
    places: int = 200_000
    depth: int = 8
    seconds: float = 10.0


class Clock:
    """The deadline of one page, in processor time of this process.

    >>> Clock(60.0).check("paths")
    """

    __slots__ = ("_end",)

    def __init__(self, seconds: float) -> None:
        self._end = time.process_time() + seconds

    def check(self, step: str) -> None:
        """Raise PageTooComplexError when the page's time is used up."""
        if time.process_time() > self._end:
            raise PageTooComplexError(f"out of time while reading {step}")


def at_most(count: int, limit: int, what: str) -> None:
    """Raise PageTooComplexError when ``count`` exceeds ``limit``.

    >>> at_most(3, 5, "objects")
    """
    if count > limit:
        raise PageTooComplexError(f"{count} {what}, more than the limit of {limit}")
