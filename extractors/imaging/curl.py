"""Page curl: the rulings show how the paper bends, and the page is bent back.

The displacement is a low polynomial over the page, fitted so that every piece of ruling becomes
straight and upright. It also takes out what little skew and keystone is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.geometry import Gray, Points
from extractors.imaging.rules import Piece, Rules, pieces

_ALONG = 6  # degree along the line: a page curls in one or two waves
_BESIDE = 2  # degree over the other direction: the bend changes slowly
_LEAST = 1.0  # pixels; less bend than this is left alone


@dataclass(frozen=True)
class Bend:
    """The step that straightens a curled page: a new point (x, y) stood at (x + dx, y + dy).

    ``size`` (width, height) scales points to -1…1; ``dx`` and ``dy`` hold the polynomial's weights.
    """

    size: tuple[int, int]
    dx: NDArray[np.float64]
    dy: NDArray[np.float64]

    def back(self, points: Points) -> Points:
        """Map points of the straight page to the curled one."""
        width, height = self.size
        u, v = points[:, 0] / width * 2 - 1, points[:, 1] / height * 2 - 1
        moved = np.column_stack([_terms(v, u) @ self.dx, _terms(u, v) @ self.dy])
        return points + moved


def _terms(along: NDArray[np.float64], beside: NDArray[np.float64]) -> NDArray[np.float64]:
    # No term without `along`: shifting a whole line changes nothing about its straightness.
    rising, level = [along], [np.ones_like(beside)]
    for _ in range(1, _ALONG):
        rising.append(rising[-1] * along)
    for _ in range(_BESIDE):
        level.append(level[-1] * beside)
    return np.column_stack([one * two for one in rising for two in level])


def find_bend(rules: Rules) -> Bend | None:
    """The bend of a page from its rulings; None where there are too few lines or they are straight."""
    height, width = rules.across.shape
    em = rules.em
    dy, bent_y = _fit(pieces(rules.across), em, width, height)
    dx, bent_x = _fit(pieces(rules.down, down=True), em, height, width)
    if max(bent_x, bent_y) < _LEAST:
        return None
    return Bend((width, height), dx, dy)


def _fit(found: list[Piece], em: float, length: int, other: int) -> tuple[NDArray[np.float64], float]:
    """Weights of the displacement across the lines, and the largest bend in pixels it takes out."""
    nothing = np.zeros(_ALONG * (_BESIDE + 1))
    long = [piece for piece in found if piece.end - piece.start > 5 * em]
    if len(long) < 3:
        return nothing, 0.0
    step = max(2, int(em))
    along, place, owner = [], [], []
    for number, piece in enumerate(long):
        at = np.arange(0, piece.end - piece.start, step)
        good = ~np.isnan(piece.trace[at])
        along.append(at[good] + piece.start)
        place.append(piece.trace[at][good])
        owner.append(np.full(int(good.sum()), number))
    return _solve(np.concatenate(along), np.concatenate(place), np.concatenate(owner), (length, other))


def _solve(
    along: NDArray[np.float64], place: NDArray[np.float64], owner: NDArray[np.int64], size: tuple[int, int]
) -> tuple[NDArray[np.float64], float]:
    """Robust least squares; each piece's own level drops out by taking everything from its mean."""
    terms = _terms(along / size[0] * 2 - 1, place / size[1] * 2 - 1)
    # A small ridge keeps the polynomial calm where no ruling holds it.
    ridge = np.eye(terms.shape[1]) * 0.4
    weight: NDArray[np.float64] = np.ones(len(owner))
    weights: NDArray[np.float64] = np.zeros(terms.shape[1])
    for _ in range(4):
        mass = np.bincount(owner, weight)
        flat = terms - np.column_stack([np.bincount(owner, weight * t) / mass for t in terms.T])[owner]
        goal = place - (np.bincount(owner, weight * place) / mass)[owner]
        system = (flat * weight[:, None]).T @ flat + ridge
        weights = np.asarray(np.linalg.solve(system, flat.T @ (weight * goal)), np.float64)
        weight = np.asarray(1.0 / (1.0 + ((goal - flat @ weights) / 1.5) ** 2), np.float64)
    moved = terms @ weights
    bent = max(float(np.ptp(moved[owner == number])) for number in range(int(owner.max()) + 1))
    return weights, bent


def unbend(layers: list[Gray], bend: Bend, fills: tuple[int, ...]) -> list[Gray]:
    """Redraw the layers of a page through its bend; ``fills`` is what stands beyond each one's edge."""
    height, width = layers[0].shape[:2]
    coarse = 16
    # Knots in the middle of coarse pixels, one ring beyond the page: what cv2.resize interpolates between.
    knots = [(np.arange(-1, side // coarse + 3) + 0.5) * coarse - 0.5 for side in (width, height)]
    xs, ys = np.meshgrid(*knots)
    points = np.column_stack([xs.ravel(), ys.ravel()])
    old = bend.back(points).reshape(*xs.shape, 2).astype(np.float32)
    full = cv2.resize(old, (xs.shape[1] * coarse, xs.shape[0] * coarse), interpolation=cv2.INTER_LINEAR)
    full = full[coarse : coarse + height, coarse : coarse + width]
    first, second = cv2.convertMaps(full[..., 0].copy(), full[..., 1].copy(), cv2.CV_16SC2)
    return [_redrawn(layer, first, second, fill) for layer, fill in zip(layers, fills, strict=True)]


def _redrawn(layer: Gray, first: Any, second: Any, fill: int) -> Gray:
    if not fill and not layer.any():  # a mask of nothing
        return layer
    drawn = cv2.remap(
        layer, first, second, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(fill,)
    )
    return cast("Gray", drawn)
