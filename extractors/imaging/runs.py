"""Pieces of a mask measured all at once: how long, how straight, and what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.blobs import Labels
from extractors.imaging.geometry import Gray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_TABLE = 8_000_000  # ticking values off in a table of up to so many is faster than sorting them


@dataclass(frozen=True, slots=True)
class Runs:
    """The pixels of numbered pieces: place (``xs``, ``ys``) and piece (``own``) of each, ``count`` pieces with none (0)."""

    xs: Ints
    ys: Ints
    own: Ints
    count: int

    @property
    def mass(self) -> Ints:
        """How many pixels each piece has, at least 1."""
        return np.maximum(1, np.bincount(self.own, minlength=self.count))

    def mean(self, values: Floats | Ints | Mask) -> Floats:
        """The mean of a value of its pixels, for each piece."""
        return np.asarray(np.bincount(self.own, weights=values, minlength=self.count) / self.mass)

    def different(self, values: Ints, chosen: Mask | None = None) -> Ints:
        """How many different values the (chosen) pixels of each piece have."""
        own, values = (self.own, values) if chosen is None else (self.own[chosen], values[chosen])
        span = int(values.max(initial=0)) + 1
        if self.count * span > _TABLE:
            return np.bincount(np.unique(own * span + values) // span, minlength=self.count)
        seen = np.zeros(self.count * span, bool)
        seen[own * span + values] = True
        return np.asarray(np.add.reduceat(seen, np.arange(0, len(seen), span), dtype=np.int64))

    def wobble(self) -> tuple[Floats, Floats]:
        """How far each pixel stands above or below the straight line through its piece, and each line's slope.

        >>> runs = Runs(np.arange(4), np.array([0, 1, 2, 3]), np.ones(4, np.int64), 2)
        >>> float(runs.wobble()[1][1])
        1.0
        """
        x, y = self.xs - self.mean(self.xs)[self.own], self.ys - self.mean(self.ys)[self.own]
        slope = self.mean(x * y) / np.maximum(self.mean(x * x), 1e-9)
        return np.asarray(y - slope[self.own] * x), slope


def runs_of(mask: Gray, labels: Labels, count: int) -> Runs:
    """The pixels of a mask, each of the piece that ``labels`` names there."""
    ys, xs = np.divmod(np.flatnonzero(mask > 0), mask.shape[1])
    return Runs(xs, ys, labels[ys, xs].astype(np.int64), count)


def flanks(dark: Gray, start: int, wide: int) -> tuple[Gray, Gray]:
    """Where ink stands above, and where below, from ``start`` pixels on in a stripe ``wide`` pixels wide.

    >>> page = np.zeros((9, 1), np.uint8); page[6] = 255
    >>> [np.flatnonzero(side).tolist() for side in flanks(page, 2, 2)]
    [[8], [3, 4]]
    """
    stripe = np.ones((max(1, wide), 1), np.uint8)
    up, down = np.zeros_like(dark), np.zeros_like(dark)
    down[:-start] = cv2.dilate(dark, stripe, anchor=(0, 0))[start:]
    up[start:] = cv2.dilate(dark, stripe, anchor=(0, max(1, wide) - 1))[:-start]
    return up, down


def on_level(places: Floats, length: Ints, near: float) -> Ints:
    """How long the pieces at ``places`` are together with those within ``near`` of their level.

    >>> on_level(np.array([10.0, 50.0, 11.0]), np.array([4, 5, 6]), 2.0).tolist()
    [10, 5, 10]
    """
    order = np.argsort(places)
    sums = np.concatenate([[0], np.cumsum(length[order])])
    low = np.searchsorted(places[order], places - near)
    high = np.searchsorted(places[order], places + near, side="right")
    return np.asarray(sums[high] - sums[low])
