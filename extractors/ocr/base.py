"""What an OCR engine is: pictures of single lines in, characters with their rivals out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from extractors.imaging.geometry import Gray, Rect


@dataclass(frozen=True, slots=True)
class Char:
    """One character as read, how sure (0…1), the next likely one there ("" for none), and where.

    ``at`` is the place of its middle along the picture, 0 (left edge) … 1 (right edge).
    """

    text: str
    sure: float
    rival: str = ""
    rival_sure: float = 0.0
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line as read.

    >>> line = Line((Char("4", 0.9), Char("5", 0.5), Char("条", 1.0)))
    >>> line.text, line.sure
    ('45条', 0.5)
    """

    chars: tuple[Char, ...]

    @property
    def text(self) -> str:
        """The characters in order."""
        return "".join(char.text for char in self.chars)

    @property
    def mean(self) -> float:
        """The mean of the characters' scores; 0.0 when empty."""
        return sum(char.sure for char in self.chars) / len(self.chars) if self.chars else 0.0

    @property
    def sure(self) -> float:
        """The least sure character's score: a line is as good as its worst character. 0.0 when empty."""
        return min((char.sure for char in self.chars), default=0.0)


class OcrEngine(Protocol):
    """An engine that reads lines and finds them on a page.

    Pictures are grey, print dark on light. ``name`` and ``version`` name engine, model and back end.
    """

    @property
    def name(self) -> str:
        """Engine and model."""
        ...

    @property
    def version(self) -> str:
        """Version of the models and the back end."""
        ...

    def read(self, pictures: Sequence[Gray]) -> list[Line]:
        """Read pictures of one line each."""
        ...

    def find(self, page: Gray) -> list[Rect]:
        """Boxes of the lines on a page."""
        ...
