"""A cheap first look before distances are measured: most texts are no damaged form of any known wording.

A wording cut into one piece more than there are faults keeps one piece whole, wherever the faults are
(a character wrong, lost or too many harms one piece). A text without any of those pieces is far from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from operator import add


class Nearness:
    """Wordings by the two characters with which each of their pieces begins.

    Args:
        wordings: the texts that others may be near to; one with less than two characters a piece
            tells nothing apart, and any text may be near to it.
        faults: how many characters may be wrong, lost or too many.
    """

    def __init__(self, wordings: Iterable[str], faults: int) -> None:
        self._wordings = tuple(wordings)
        pieces = faults + 1
        found: dict[str, set[int]] = defaultdict(set)
        self._short = frozenset(n for n, text in enumerate(self._wordings) if len(text) < 2 * pieces)
        for number, wording in enumerate(self._wordings):
            for at in (len(wording) * n // pieces for n in range(pieces)):
                found[wording[at : at + 2]].add(number)
        self._by_opening = {opening: frozenset(numbers) for opening, numbers in found.items()}

    def candidates(self, text: str) -> list[str]:
        """The wordings that the text may be near to, in the order in which they were given.

        >>> known = Nearness(["社会效益指标", "数量指标", "时效"], 1)
        >>> known.candidates("社公效益指标"), known.candidates("巡查次数")
        (['社会效益指标', '数量指标', '时效'], ['时效'])
        """
        begun = self._by_opening.keys() & map(add, text, text[1:])
        numbers = self._short.union(*[self._by_opening[opening] for opening in begun])
        return [self._wordings[number] for number in sorted(numbers)]
