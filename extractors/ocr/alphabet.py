"""The characters a recogniser knows, weighed by what Chinese government print holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from extractors.ocr.rules import load_rules
from normalizers.text import fold

# A character that simplified print hardly holds (traditional forms, kana, emoji) must be this many
# times likelier than the best ordinary one.
_OUTSIDER = 0.15


@dataclass(frozen=True)
class Alphabet:
    """Characters by class number, their folded forms, and their weights."""

    chars: list[str]
    folded: list[str]
    weights: NDArray[np.float32]

    @classmethod
    def of(cls, chars: list[str]) -> Alphabet:
        """Weigh the classes of a model; class 0 is the blank.

        >>> Alphabet.of(["", "项", "項", "≥"]).weights.round(2).tolist()
        [1.0, 1.0, 0.15000000596046448, 1.0]
        """
        weights = np.array([1.0 if ordinary(char) else _OUTSIDER for char in chars], np.float32)
        return cls(chars, [fold(char) for char in chars], weights)


@cache
def ordinary(char: str) -> bool:
    """Whether simplified print holds the character: GB 2312 and the signs of forms.

    >>> ordinary("项"), ordinary("項"), ordinary("㎡")
    (True, False, True)
    """
    if char in load_rules().signs:
        return True
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    # Rows 4-8 are kana, Greek, Cyrillic, pinyin and bopomofo.
    return len(code) < 2 or not 0xA4 <= code[0] <= 0xA8
