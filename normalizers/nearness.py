"""A cheap first look before distances are measured: most texts are no damaged form of any known wording.

A wording cut into one piece more than there are faults keeps one piece whole, wherever the faults are
(a character wrong, lost or too many harms one piece). A text without any of those pieces is far from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import add

_ANY = ""


def openings(wordings: Iterable[str], faults: int) -> frozenset[str]:
    """The two characters with which each piece of each wording begins.

    Args:
        wordings: the texts that others may be near to; one with less than two characters a piece
            tells nothing apart, and any text may be near to it.
        faults: how many characters may be wrong, lost or too many.

    Example:
        >>> sorted(openings(["社会效益指标"], 2)), openings(["指标值"], 1)
        (['指标', '效益', '社会'], frozenset({''}))
    """
    pieces = faults + 1
    found: set[str] = set()
    for wording in wordings:
        size = len(wording)
        if size < 2 * pieces:
            return frozenset({_ANY})
        found.update(wording[at : at + 2] for at in (size * n // pieces for n in range(pieces)))
    return frozenset(found)


def may_be_near(text: str, begun: frozenset[str]) -> bool:
    """Whether a text holds the beginning of any piece, ``begun`` being :func:`openings`.

    >>> may_be_near("社公效益指标", openings(["社会效益指标"], 1)), may_be_near("巡查次数", openings(["社会效益"], 1))
    (True, False)
    """
    return _ANY in begun or not begun.isdisjoint(map(add, text, text[1:]))
