"""A page image as received → an upright, straight, clean one with its trail and its red regions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.imaging.curl import find_bend, unbend
from extractors.imaging.deskew import skew_angle, straight
from extractors.imaging.geometry import (
    Colour,
    Gray,
    Linear,
    Rect,
    Trail,
    as_grey,
    darker,
    flipped,
    quarter_turns,
    warp,
)
from extractors.imaging.light import even_light, faintest_print, full_contrast
from extractors.imaging.perspective import find_keystone
from extractors.imaging.rules import Rules, char_height, faint_rules, few, find_rules, pale_rules, sideways
from extractors.imaging.seals import take_out_red

# Characters are brought near to this height in pixels: rulings and the recogniser like it.
_EM_LOW, _EM_HIGH, _EM_AIM = 17.0, 48.0, 26.0
_BENDS = 2
# Of all neighbours along a row this share differs on a page of noise; own drawings and samples: print to .05.
_NOISE = 0.2
_SLANT = 1.0  # degrees: a line of text that slants more runs into the next one's height
_FILLS = (255, 255, 0)  # beyond the edge: paper, paper, no red
# Nothing is enlarged or kept beyond this many pixels (a page of A3 at 200 dpi has 7.7 million).
MAX_PIXELS = 14_000_000


@dataclass(frozen=True)
class Prepared:
    """A page ready for reading: ``clean`` (grey, full contrast), its rulings, and the way back.

    ``reds`` marks red ink on the clean page (255), ``seals`` its larger boxes on the page as received;
    ``sideways`` when its lines of text run up and down.
    """

    clean: Gray
    even: Gray
    reds: Gray
    rules: Rules
    trail: Trail
    seals: tuple[Rect, ...]
    sideways: bool = False

    @cached_property
    def faintest(self) -> int:
        """The grey value below which ink on ``even`` is print and no show-through."""
        return faintest_print(self.even)


def prepare(image: Colour, turns: int = 0) -> Prepared | None:
    """Clean and straighten a page image, turned clockwise by ``turns`` × 90° first.

    None when nothing like a character stands on it (blank, black, noise).
    """
    ink = take_out_red(image)
    even = even_light(ink.grey)
    clean = full_contrast(even, ink.mask)
    height, width = clean.shape
    turn, size = quarter_turns((width, height), turns)
    trail, layers = Trail(), [clean, even, ink.mask]
    if turns % 4:
        trail, layers = trail.then(turn), [np.ascontiguousarray(np.rot90(layer, -turns)) for layer in layers]
    em = 0.0 if _is_noise(layers[0]) else char_height(layers[0])
    if em == 0.0:
        return None
    across = sideways(layers[0], em)
    if across:
        em = char_height(flipped(layers[0])) or em
    angle = skew_angle(layers[0])
    em = _level_height(layers[0], em, angle)
    trail, layers, em = _upright(trail, layers, (size, angle), em)
    rules = find_rules(layers[0], em)
    faint = faint_rules(layers[1], layers[0], em) if few(rules) else None
    rules = faint or rules
    # A strong bend shows its rest only once most of it is gone.
    for _ in range(_BENDS):
        bend = find_bend(rules)
        if bend is None:
            break
        layers = unbend(layers, bend, _FILLS)
        trail = trail.then(bend)
        rules = find_rules(layers[0], em) if faint is None else pale_rules(layers[1], em)
    return Prepared(layers[0], layers[1], layers[2], rules, trail, ink.regions, across)


def _is_noise(clean: Gray) -> bool:
    """Whether the ink changes from pixel to pixel all over the page: strokes are some pixels wide.

    >>> _is_noise(np.random.default_rng(0).integers(0, 256, (99, 99), np.uint8))
    True
    """
    dark = darker(clean, 128)
    changes = cv2.countNonZero(cv2.absdiff(dark[:, 1:], dark[:, :-1]))
    return changes > _NOISE * dark.size


def _level_height(clean: Gray, em: float, angle: float) -> float:
    """The character height ``em``, measured again with the lines of a slanting page laid level.

    A slant makes lines of text look higher, never lower: what is higher after it was no slant of theirs.
    """
    if abs(angle) < _SLANT:
        return em
    height, width = clean.shape
    lean = np.array([[1.0, 0.0, 0.0], [-np.tan(np.radians(angle)), 1.0, 0.0]])
    level = cv2.warpAffine(clean, lean, (width, height), flags=cv2.INTER_NEAREST, borderValue=(255,))
    return min(em, char_height(as_grey(level)) or em)


def _growth(matrix: NDArray[np.float64], size: tuple[int, int]) -> float:
    """How much larger things in the middle of the new page are than they were."""
    middle = np.array([size[0] / 2, size[1] / 2])
    around = middle + np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]])
    old = Linear(matrix).back(around)
    area = abs(float(np.linalg.det(old[1:] - old[0])))
    return 8.0 / float(np.sqrt(max(area, 1e-6)))


def _upright(
    trail: Trail, layers: list[Gray], found: tuple[tuple[int, int], float], em: float
) -> tuple[Trail, list[Gray], float]:
    """Perspective, scale and skew in one redrawing; ``found`` are the page's size and angle."""
    matrix, (size, angle) = np.eye(3), found
    keystone = find_keystone(layers[0], em)
    if keystone is not None:
        matrix, size = keystone
        em = em * _growth(matrix, size)
        angle = skew_angle(warp(layers[0], Linear(matrix), size))
        angle = angle if abs(angle) < _SLANT else 0.0  # the frame is level now: that is a pen beside the page
    if abs(angle) > 0.05:
        matrix = straight(size, angle).matrix @ matrix
    factor = 1.0 if _EM_LOW <= em <= _EM_HIGH else _EM_AIM / em
    factor = min(factor, 3.0, float(np.sqrt(MAX_PIXELS / (size[0] * size[1]))))
    if factor != 1.0:
        matrix = np.diag([factor, factor, 1.0]) @ matrix
        size = (int(size[0] * factor), int(size[1] * factor))
    if np.allclose(matrix, np.eye(3)):
        return trail, layers, em
    step = Linear(matrix)
    if factor < 0.7:
        blur = 0.5 / factor
        layers = [as_grey(cv2.GaussianBlur(layer, (0, 0), blur)) for layer in layers]
    drawn = [warp(layer, step, size, fill=fill) for layer, fill in zip(layers, _FILLS, strict=True)]
    return trail.then(step), drawn, em * factor
