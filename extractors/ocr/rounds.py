"""Readings in rounds: what many cells ask of the recogniser is asked together.

A reading is a generator: it yields the pictures it wants read, is sent their lines, and returns what it
made of them. Asked together, pictures of one width can follow each other: a back end that prepares itself
anew for every width does so a few times a page instead of for every cell.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TypeVar

from extractors.imaging.geometry import Gray
from extractors.ocr.base import Line, OcrEngine

Made = TypeVar("Made")
Reading = Generator[list[Gray], list[Line], Made]


def together(readings: Sequence[Reading[Made]], engine: OcrEngine) -> list[Made]:
    """What the readings return, in their order; each round's pictures go to the engine at once.

    >>> from extractors.ocr.base import Char
    >>> class Echo:
    ...     name, version = "echo", "1"
    ...     def read(self, pictures): return [Line((Char(str(len(pictures)), 1.0),)) for _ in pictures]
    >>> def one(count):
    ...     lines = yield [None] * count
    ...     return "".join(line.text for line in lines)
    >>> together([one(1), one(2)], Echo())
    ['3', '33']
    """
    made: dict[int, Made] = {}
    answers: dict[int, list[Line] | None] = dict.fromkeys(range(len(readings)))
    while answers:
        wanted: dict[int, list[Gray]] = {}
        for number, answer in answers.items():
            try:
                reading = readings[number]
                wanted[number] = next(reading) if answer is None else reading.send(answer)
            except StopIteration as end:
                made[number] = end.value
        lines = iter(engine.read([picture for pictures in wanted.values() for picture in pictures]))
        answers = {number: [next(lines) for _ in pictures] for number, pictures in wanted.items()}
    return [made[number] for number in range(len(readings))]
