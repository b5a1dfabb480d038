"""Red ink: taken out of what is read, kept as regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from extractors.imaging.blobs import measures
from extractors.imaging.geometry import Colour, Gray, Rect, as_grey

# A pixel is red ink when its red stands this far above both green and blue; a JPEG halves the
# colour's resolution, so the edge of a seal is much paler than its middle.
_RED_ABOVE = 28
# A seal is at least this large a part of the page's shorter side.
_SEAL_PART = 0.04


@dataclass(frozen=True)
class RedInk:
    """The page in grey without its red ink, the mask of the ink, and the boxes of its larger regions."""

    grey: Gray
    mask: Gray
    regions: tuple[Rect, ...]


def take_out_red(image: Colour) -> RedInk:
    """Split a colour page (BGR) into its black print and its red ink; a grey page comes back unchanged.

    In the red channel red ink is nearly as bright as paper while print under it stays dark.

    >>> page = np.full((80, 80, 3), 255, np.uint8); page[20:60, 20:60] = (80, 80, 220)
    >>> ink = take_out_red(page)
    >>> int(ink.grey.min()) > 200, len(ink.regions)
    (True, 1)
    """
    if image.ndim == 2:
        return RedInk(image, np.zeros(image.shape, np.uint8), ())
    blue, green, red = cv2.split(image)
    others = cv2.max(blue, green)
    excess = cv2.subtract(red, others)
    mask = as_grey(cv2.threshold(excess, _RED_ABOVE, 255, cv2.THRESH_BINARY)[1])
    if not mask.any():
        return RedInk(cast("Gray", cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)), mask, ())
    return RedInk(_lift(as_grey(red), as_grey(excess), mask), mask, _regions(mask))


def _lift(red: Gray, excess: Gray, mask: Gray) -> Gray:
    """Raise red ink to the brightness of its paper: the fuller the red, the more was swallowed.

    How much red ink darkens the red channel itself is measured on this page, where the ink is full.
    """
    inked = excess[mask > 0]
    full = (mask > 0) & (excess > 0.6 * np.percentile(inked, 95))
    around = cv2.dilate(mask, np.ones((31, 31), np.uint8)) > 0
    paper = float(np.percentile(red[around], 90))
    drop = np.percentile((paper - red[full].astype(np.float32)) / np.maximum(excess[full], 1), 30)
    share = float(np.clip(drop, 0.0, 1.0))
    soft = cv2.GaussianBlur(excess, (0, 0), 0.8).astype(np.float32)
    lifted = np.where(around, red + share * soft, red)
    return np.clip(lifted, 0, 255).astype(np.uint8)


def _regions(mask: Gray) -> tuple[Rect, ...]:
    short = min(mask.shape)
    reach = max(3, int(short * 0.02))
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    least = max(8, int(short * _SEAL_PART))
    found = [
        (float(x), float(y), float(x + w), float(y + h))
        for x, y, w, h, _ in measures(as_grey(joined)).tolist()
        if w >= least and h >= least
    ]
    return tuple(sorted(found, key=lambda box: (box[1], box[0])))
