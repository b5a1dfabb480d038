"""Where a point of a straightened page stood on the page as received.

Every geometric step keeps how to go *back*; a :class:`Trail` is the chain of them, so a box found
on the last image can be published in the coordinates of the first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Colour = NDArray[np.uint8]
Points = NDArray[np.float64]
Rect = tuple[float, float, float, float]


def as_grey(picture: Any) -> Gray:
    """What OpenCV gives back, as the grey picture it is (its stubs promise only some array)."""
    return np.asarray(picture, dtype=np.uint8)


def darker(picture: Gray, level: float) -> Gray:
    """The mask (255) of what is darker than ``level``.

    >>> darker(np.array([[0, 99, 100]], np.uint8), 100).tolist()
    [[255, 255, 0]]
    """
    return as_grey(cv2.threshold(picture, math.ceil(level) - 1, 255, cv2.THRESH_BINARY_INV)[1])


def without(mask: Gray, other: Gray, kernel: tuple[int, int] = (3, 3)) -> Gray:
    """A mask (255) less another one swollen by a kernel of (rows, columns).

    >>> without(np.full((1, 5), 255, np.uint8), np.array([[255, 0, 0, 0, 0]], np.uint8)).tolist()
    [[0, 0, 255, 255, 255]]
    """
    return as_grey(cv2.subtract(mask, cv2.dilate(other, np.ones(kernel, np.uint8))))


def flipped(picture: Gray) -> Gray:
    """Rows and columns exchanged, drawn anew: NumPy's own view would slow down all that follows.

    >>> flipped(np.array([[1, 2]], np.uint8)).tolist()
    [[1], [2]]
    """
    return as_grey(cv2.transpose(picture))


class Step(Protocol):
    """One geometric change of the page image."""

    def back(self, points: Points) -> Points:
        """Map N×2 points (x, y in pixels) of the new image to those of the old one."""
        ...


@dataclass(frozen=True)
class Linear:
    """A rotation, scaling or perspective: ``matrix`` (3×3) maps old pixels to new ones.

    >>> half = Linear(np.diag([0.5, 0.5, 1.0]))
    >>> half.back(np.array([[5.0, 10.0]])).tolist()
    [[10.0, 20.0]]
    """

    matrix: NDArray[np.float64]

    def back(self, points: Points) -> Points:
        """Map points of the new image to the old one."""
        lifted = np.column_stack([points, np.ones(len(points))]) @ np.linalg.inv(self.matrix).T
        return cast("Points", lifted[:, :2] / lifted[:, 2:])


@dataclass(frozen=True)
class Trail:
    """The steps taken so far, oldest first."""

    steps: tuple[Step, ...] = ()

    def then(self, step: Step) -> Trail:
        """This trail with one more step."""
        return Trail((*self.steps, step))

    def back(self, points: Points) -> Points:
        """Map points of the last image to the first."""
        for step in reversed(self.steps):
            points = step.back(points)
        return points

    def box(self, rect: Rect) -> Rect:
        """The smallest upright box on the first image around a box of the last.

        >>> Trail().box((1.0, 2.0, 3.0, 4.0))
        (1.0, 2.0, 3.0, 4.0)
        """
        x0, y0, x1, y1 = rect
        corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float64)
        found = self.back(corners)
        low, high = found.min(axis=0), found.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def warp(image: Gray, step: Linear, size: tuple[int, int], *, fill: int = 255) -> Gray:
    """Redraw an image through a linear step; ``size`` is (width, height) of the result."""
    if not fill and not image.any():  # a mask of nothing
        return np.zeros((size[1], size[0]), np.uint8)
    drawn = cv2.warpPerspective(
        image,
        step.matrix,
        size,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(fill, fill, fill),
    )
    return cast("Gray", drawn)


def quarter_turns(size: tuple[int, int], turns: int) -> tuple[Linear, tuple[int, int]]:
    """The step that turns a page of ``size`` (width, height) clockwise by ``turns`` × 90°, and the new size.

    >>> step, size = quarter_turns((100, 50), 1)
    >>> size, step.back(np.array([[49.0, 0.0]])).tolist()
    ((50, 100), [[0.0, 0.0]])
    """
    width, height = size
    by_turns = {
        0: ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], (width, height)),
        1: ([[0, -1, height - 1], [1, 0, 0], [0, 0, 1]], (height, width)),
        2: ([[-1, 0, width - 1], [0, -1, height - 1], [0, 0, 1]], (width, height)),
        3: ([[0, 1, 0], [-1, 0, width - 1], [0, 0, 1]], (height, width)),
    }
    matrix, turned = by_turns[turns % 4]
    return Linear(np.array(matrix, dtype=np.float64)), turned
