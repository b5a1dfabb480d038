"""Even paper and full-strength ink: uneven light divided out, show-through lifted away."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from extractors.imaging.geometry import Gray, darker

# The paper is estimated on a copy of about this many pixels: light changes slowly.
_SMALL = 500
# What is paler than this share of the print's own darkness is show-through: the least (own drawings: the
# thin strokes of a 楷体 at 150 dpi are paler than a third) and the most (peers: bleed at a quarter).
_PALE_LEAST, _PALE = 0.14, 0.34
_CLEARLY = 0.04  # print is darker than show-through by this much more
_FAINTEST = 0.06  # rulings paler than this share of the print are lost
# Print is darker than this share; what it darkens around itself reaches this part of the page's longer side.
_PRINT, _HALO = 0.45, 0.004
_SHOWN = 0.997  # of the paper far from print is no darker than the show-through's level
_MARGIN, _SURELY = 1.35, 2.0  # times as dark as that level: lifted away; surely no show-through
# Thick rulings are darker than thin print: print's own level lies above theirs.
_INK_PERCENT = 40
_INKED = 160  # darker than this is print
_PALE_UNDER_RED = 0.4  # a seal's edge, whose colour the JPEG has spread


def even_light(grey: Gray) -> Gray:
    """Divide the page by its paper, so that paper is 255 everywhere.

    >>> page = np.tile(np.linspace(120, 250, 300).astype(np.uint8), (300, 1))
    >>> int(even_light(page).min()) > 235
    True
    """
    scale = min(1.0, _SMALL / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    reach = max(7, int(max(small.shape) * 0.03) | 1)
    # Closing takes strokes and rulings out; the median takes out what is left of solid patches.
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, reach), (0, 0), reach / 2)
    full = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cast("Gray", cv2.divide(grey, np.maximum(full, 1), scale=255))


def ink_level(even: Gray) -> int:
    """The grey value of solid print on an evened page: 255 where there is none."""
    counts = np.cumsum(cv2.calcHist([even], [0], None, [256], [0, 256]).ravel()[:_INKED].astype(np.int64))
    if counts[-1] < 20:
        return 255
    # What np.percentile says of the dark pixels, without picking them out.
    place = (int(counts[-1]) - 1) * _INK_PERCENT / 100
    low, high = (int(np.searchsorted(counts, int(at), "right")) for at in (place, np.ceil(place)))
    return int(low + (high - low) * (place - int(place)))


def full_contrast(even: Gray, red: Gray | None = None) -> Gray:
    """Stretch print to black and lift what is paler than print (show-through) to paper.

    Where ``red`` marks red ink, its own rests are lifted too: only print is as dark as print there.
    """
    ink = ink_level(even)
    if ink >= 255:
        return even
    clean = cast("Gray", cv2.LUT(even, _stretch(ink, show_through(even, ink))))
    if red is None or not red.any():
        return clean
    around = cv2.dilate(red, np.ones((5, 5), np.uint8))
    cv2.copyTo(cv2.LUT(even, _stretch(ink, _PALE_UNDER_RED)), around, clean)
    return clean


def faintest_print(even: Gray) -> int:
    """The grey value below which an evened page's ink is darker than any show-through that is lifted away.

    >>> page = np.full((40, 40), 255, np.uint8); page[:8] = 0
    >>> faintest_print(page)
    158
    """
    ink = ink_level(even)
    return round(255 - max((255 - ink) * (_PALE + _CLEARLY), _shown(even, ink) * _SURELY)) if ink < 255 else 0


def least_lifted(even: Gray) -> Gray:
    """The evened page stretched so that even pale lines stay: what show-through there is stays too."""
    ink = ink_level(even)
    return even if ink >= 255 else cast("Gray", cv2.LUT(even, _stretch(ink, _FAINTEST)))


def show_through(even: Gray, ink: int) -> float:
    """How dark the paper far from all print is, with a margin, as a share of the print's darkness.

    >>> page = np.full((400, 400), 255, np.uint8); page[:40] = 0
    >>> shown = page.copy(); shown[200:240] = 200
    >>> show_through(page, 0), round(show_through(shown, 0), 2)
    (0.14, 0.29)
    """
    return float(np.clip(_shown(even, ink) / (255 - ink) * _MARGIN, _PALE_LEAST, _PALE))


def _shown(even: Gray, ink: int) -> float:
    """How much darker than paper (grey values) the page is far from all print."""
    print_ = darker(even, 255 - (255 - ink) * _PRINT)
    reach = 2 * max(3, int(max(even.shape) * _HALO)) + 1
    far = cv2.bitwise_not(cv2.dilate(print_, np.ones((reach, reach), np.uint8)))
    counts = cv2.calcHist([even], [0], far.astype(np.uint8), [256], [0, 256]).ravel()
    if counts.sum() < 1:
        return _PALE * (255 - ink) / _MARGIN
    level = int(np.searchsorted(np.cumsum(counts), counts.sum() * (1 - _SHOWN)))
    return float(255 - level)


def _stretch(ink: int, pale: float) -> Gray:
    white = 255 - (255 - ink) * pale
    black = ink + (255 - ink) * 0.08
    return np.asarray(
        np.clip((np.arange(256) - black) / max(1.0, white - black) * 255, 0, 255), dtype=np.uint8
    )
