"""The angle of a page, from its rulings or, where there are none, from its lines of text."""

from __future__ import annotations

import math

import cv2
import numpy as np

from extractors.imaging.blobs import blobs, chosen
from extractors.imaging.geometry import Gray, Linear, as_grey, darker

# Steeper is no skew of a feeder but a turned page or a photograph.
MAX_ANGLE = 12.0
_WORK_WIDTH = 640


def skew_angle(clean: Gray) -> float:
    """Degrees by which the page hangs down to the right (negative: to the left); 0.0 when unknown.

    Long straight segments vote with their length for the angle that most of them share.

    >>> page = np.full((400, 600), 255, np.uint8)
    >>> for y in (100, 200, 300): _ = cv2.line(page, (50, y), (550, y + 26), 0, 2)
    >>> round(skew_angle(page), 1)
    3.0
    """
    scale = min(1.0, _WORK_WIDTH / max(clean.shape[1], 1))
    small = cv2.resize(clean, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = darker(as_grey(small), 170)
    least = small.shape[1] // 8
    found = cv2.HoughLinesP(
        _extended(dark, least // 4), 1, np.pi / 720, 80, minLineLength=least, maxLineGap=6
    )
    if found is None:
        return _text_angle(clean, dark)
    x0, y0, x1, y1 = found.reshape(-1, 4).astype(np.float64).T
    angles = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    lengths = np.hypot(x1 - x0, y1 - y0)
    upright = np.abs(angles) > 45
    angles = np.where(upright, angles - np.sign(angles) * 90, angles)
    near = np.abs(angles) <= MAX_ANGLE
    if not near.any():
        return _text_angle(clean, dark)
    return _mode(angles[near], lengths[near])


def _extended(dark: Gray, reach: int) -> Gray:
    """The blobs at least this wide or high: characters make most of the votes and none of the lines."""
    _, labels, stats, _ = blobs(dark)
    return chosen(labels, (stats[:, 2] >= reach) | (stats[:, 3] >= reach))


def _mode(angles: np.ndarray, weights: np.ndarray) -> float:
    order = np.argsort(angles)
    angles, weights = angles[order], weights[order]
    best, centre = -1.0, 0.0
    for angle in angles:
        close = np.abs(angles - angle) < 0.35
        mass = float(weights[close].sum())
        if mass > best:
            best, centre = mass, float(np.average(angles[close], weights=weights[close]))
    return centre


def _text_angle(clean: Gray, dark: Gray) -> float:
    """The angle at which the rows of ink are sharpest; a tenth of a degree shows only in a larger picture."""
    if dark.sum() < 255 * 50:
        return 0.0
    small = as_grey(cv2.resize(dark, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    rough = max(np.arange(-5, 5.01, 0.5).tolist(), key=lambda angle: _sharpness(small, angle))
    scale = min(1.0, 2 * _WORK_WIDTH / max(clean.shape[1], 1))
    large = cv2.resize(clean, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    large = np.where(large < 170, 255, 0).astype(np.uint8)
    near = (rough + np.arange(-5, 6) / 10).tolist()
    found = max(near, key=lambda angle: _sharpness(as_grey(large), angle))
    return 0.0 if abs(found) < 0.06 else float(found)


def _sharpness(dark: Gray, angle: float) -> float:
    height, width = dark.shape
    shear = np.array([[1.0, 0.0, 0.0], [-math.tan(math.radians(angle)), 1.0, 0.0]])
    drawn = cv2.warpAffine(dark, shear, (width, height), flags=cv2.INTER_NEAREST)
    profile = drawn.sum(axis=1, dtype=np.float64)
    return float((np.diff(profile) ** 2).sum())


def straight(size: tuple[int, int], angle: float) -> Linear:
    """The step that turns a page of ``size`` (width, height) by ``-angle`` degrees about its middle."""
    width, height = size
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return Linear(np.vstack([turn, [0.0, 0.0, 1.0]]))
