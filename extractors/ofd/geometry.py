"""Numbers, boxes and matrices as OFD writes them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise

POINTS = 72 / 25.4  # points in a millimetre
_MOST = 100_000  # numbers in one attribute
_LEVEL = 0.02  # the sine of an angle below which a text stands upright or level
_STEP = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def numbers(text: str) -> list[float]:
    """The finite numbers of a blank-separated list; what is none ends the list.

    >>> numbers("0 0 210 297"), numbers("1 x 2")
    ([0.0, 0.0, 210.0, 297.0], [1.0])
    """
    found: list[float] = []
    for word in text.split()[:_MOST]:
        try:
            number = float(word)
        except ValueError:
            break
        if not math.isfinite(number):
            break
        found.append(number)
    return found


def deltas(text: str) -> list[float]:
    """Advances: ``g 3 6.35`` stands for three times 6.35 (GB/T 33190, 11.3).

    >>> deltas("5 g 2 6.5 7")
    [5.0, 6.5, 6.5, 7.0]
    """
    found: list[float] = []
    words = iter(text.split()[:_MOST])
    try:
        for word in words:
            if word == "g":
                count = max(0, min(int(next(words)), _MOST - len(found)))
                found += [float(next(words))] * count
            else:
                found.append(float(word))
    except (ValueError, StopIteration):
        return [number for number in found if math.isfinite(number)]
    return [number for number in found if math.isfinite(number)]


@dataclass(frozen=True, slots=True)
class Placement:
    """Object space to page space: the matrix (a, b, c, d, e, f), then the corner of the object's boundary.

    ``outer`` is the placement of the composite object in which it stands, if it does.

    >>> Placement((2, 0, 0, 2, 0, 0), 10, 20).at(1, 1)
    (12, 22)
    """

    matrix: tuple[float, float, float, float, float, float] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    left: float = 0.0
    top: float = 0.0
    outer: Placement | None = None

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the object on the page."""
        a, b, c, d, e, f = self.matrix
        point = a * x + c * y + e + self.left, b * x + d * y + f + self.top
        return self.outer.at(*point) if self.outer else point

    @property
    def scale(self) -> float:
        """How much longer a length becomes, the mean of both directions: what a line's width is drawn with."""
        a, b, c, d = self.matrix[:4]
        own = math.sqrt(abs(a * d - b * c))
        return own * self.outer.scale if self.outer else own

    @property
    def slanted(self) -> bool:
        """Whether a level line of the object is neither level nor upright on the page: a watermark's.

        >>> Placement((0.7, 0.7, -0.7, 0.7, 0, 0)).slanted, Placement((0, 1, -1, 0, 0, 0)).slanted
        (True, False)
        """
        (x0, y0), (x1, y1) = self.at(0, 0), self.at(1, 0)
        length = math.hypot(x1 - x0, y1 - y0)
        return length > 0 and min(abs(x1 - x0), abs(y1 - y0)) > _LEVEL * length

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """The upright box around a box of the object."""
        corners = [self.at(x, y) for x in (x0, x1) for y in (y0, y1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)


def placement(boundary: str, matrix: str, outer: Placement | None = None) -> Placement:
    """The placement of an object by its attributes."""
    corner, six = numbers(boundary), numbers(matrix)
    left, top = (corner[0], corner[1]) if len(corner) >= 2 else (0.0, 0.0)
    if len(six) != 6:
        return Placement(left=left, top=top, outer=outer)
    a, b, c, d, e, f = six
    return Placement((a, b, c, d, e, f), left, top, outer)


def outlines(data: str) -> list[list[tuple[float, float]]]:
    """The polygons of a path's abbreviated data; of curves the end points alone.

    >>> outlines("M 0 0 L 10 0L10,5C")
    [[(0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 0.0)]]
    """
    sizes = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
    words = _STEP.findall(data[: 20 * _MOST])[:_MOST]
    made: list[list[tuple[float, float]]] = []
    at = 0
    while at < len(words):
        step = words[at].upper()
        size = sizes.get(step, -1)
        points = numbers(" ".join(words[at + 1 : at + 1 + size])) if size >= 0 else []
        if size < 0 or len(points) < size:
            break
        if step in "MS":
            made.append([(points[0], points[1])])
        elif made and step == "C":
            made[-1].append(made[-1][0])
        elif made:
            made[-1].append((points[-2], points[-1]))
        at += 1 + size
    return made


def sides(polygon: list[tuple[float, float]]) -> list[tuple[float, float, float, float]]:
    """The boxes around the sides of a polygon.

    >>> sides([(0, 0), (9, 0)])
    [(0, 0, 9, 0)]
    """
    return [
        (min(p[0], q[0]), min(p[1], q[1]), max(p[0], q[0]), max(p[1], q[1])) for p, q in pairwise(polygon)
    ]
