"""Bytes of an image file → pages of pixels, one at a time, within limits."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from extractors.errors import Damaged, TooLarge
from extractors.imaging.geometry import Colour

MAX_SIDE = 20_000
MAX_PIXELS = 120_000_000  # A2 at 400 dpi; three bytes each stay under half a gigabyte
MAX_WORK_PIXELS = 16_000_000  # larger pages are reduced before anything else is done
LEAST_SIDE = 32
_OBLONG, _MOST_OBLONG = 0.9, 4.0  # down to across: less is no rounding of two equal resolutions
MAX_PAGES = 2_000
DEFAULT_DPI = 200.0
_A4_WIDTH = 8.27
_A4_SHAPE = 1.4142
_DPI_LOW, _DPI_HIGH = 100.0, 1200.0
# What Pillow's decoders raise on broken files.
_BROKEN = (
    *(OSError, ValueError, SyntaxError, EOFError, MemoryError, ArithmeticError, NotImplementedError),
    *(LookupError, TypeError, AttributeError, struct.error, zlib.error),
)


@dataclass(frozen=True)
class ImagePage:
    """One page: pixels (BGR or grey), the size in pixels as displayed, the resolution, and by how much it was reduced.

    A pixel (x, y) of ``pixels`` is (x / reduced, y / reduced) of the page as displayed.
    """

    pixels: Colour
    size: tuple[int, int]
    dpi: float
    reduced: float = 1.0


def pages(data: bytes, name: str) -> Iterator[ImagePage | str]:
    """The pages of an image file in order; a string says why a page gives nothing to read.

    Raises Damaged (no image, no header, its only page broken) and TooLarge (sides or pixels beyond the
    limits, before any pixel is unpacked). Of many pages a broken one is ``broken`` and the others are given.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        warnings.simplefilter("ignore", UserWarning)
        try:
            image = Image.open(io.BytesIO(data))
        except Image.DecompressionBombError as error:
            raise TooLarge(
                f"{name}: the image has more than {MAX_PIXELS} pixels, beyond the limits"
            ) from error
        except (UnidentifiedImageError, *_BROKEN) as error:
            raise Damaged(f"{name}: the image cannot be opened ({type(error).__name__})") from error
        count, whole = _frames(image)
        for number in range(count):
            yield _page(image, number, name, alone=count == 1)
        if not whole:
            yield "broken"


def _frames(image: Image.Image) -> tuple[int, bool]:
    """How many pages a file holds, and whether the chain of its pages leads to its end."""
    try:
        return min(getattr(image, "n_frames", 1), MAX_PAGES), True
    except _BROKEN:
        return 1, False


def _page(image: Image.Image, number: int, name: str, *, alone: bool) -> ImagePage | str:
    try:
        image.seek(number)
        width, height = image.size
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            raise TooLarge(f"{name}: a page of {width}×{height} pixels, beyond the limits")
        if min(width, height) < LEAST_SIDE:
            return "tiny"
        dpi = resolution(image)
        # Pillow copies what it need not turn: half a gigabyte of a large page.
        turned = image.getexif().get(ExifTags.Base.Orientation, 1) in range(2, 9)
        upright = ImageOps.exif_transpose(image) if turned else image
        size = upright.size
        reduced = min(1.0, (MAX_WORK_PIXELS / (width * height)) ** 0.5)
        rgb = _flat(upright)
        rgb, size = _square(rgb, image, size)
        if reduced < 1.0:
            rgb = rgb.resize(
                (max(1, int(size[0] * reduced)), max(1, int(size[1] * reduced))), Image.Resampling.BOX
            )
        pixels = np.asarray(rgb) if rgb.mode == "L" else cv2.cvtColor(np.asarray(rgb), cv2.COLOR_RGB2BGR)
    except TooLarge:
        raise
    except (Image.DecompressionBombError, *_BROKEN) as error:
        if alone:
            raise Damaged(f"{name}: the image is cut off or broken ({type(error).__name__})") from error
        return "broken"
    return ImagePage(pixels.astype(np.uint8, copy=False), size, dpi, rgb.size[0] / size[0])


def _square(
    rgb: Image.Image, image: Image.Image, size: tuple[int, int]
) -> tuple[Image.Image, tuple[int, int]]:
    """A fax scanned with fewer dots down than across (204 × 98), drawn with as many: its pixels are oblong."""
    said = image.info.get("dpi")
    if not said or len(said) != 2 or not 0 < float(said[1]) < float(said[0]) * _OBLONG:
        return rgb, size
    higher = min(MAX_SIDE, round(size[1] * float(said[0]) / float(said[1])))
    if float(said[0]) / float(said[1]) > _MOST_OBLONG or size[0] * higher > MAX_WORK_PIXELS:
        return rgb, size
    return rgb.resize((size[0], higher), Image.Resampling.BICUBIC), (size[0], higher)


def _flat(image: Image.Image) -> Image.Image:
    """RGB, or grey where there is no colour, on white paper: transparency and 16-bit grey included."""
    if image.mode in ("L", "RGB") and "transparency" not in image.info:
        return image
    if image.mode == "1" and "transparency" not in image.info:
        return image.convert("L")
    if image.mode.startswith(("I", "F")):
        grey = np.asarray(image, dtype=np.float64)
        top = 65535.0 if grey.max() > 255 else 255.0
        return Image.fromarray((grey / top * 255).clip(0, 255).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def resolution(image: Image.Image) -> float:
    """Pixels per inch: what the file says when it is believable, else A4's width, else 200.

    >>> resolution(Image.new("L", (1654, 2339)))
    200.0
    >>> resolution(Image.new("L", (1000, 1000)))
    200.0
    """
    said = image.info.get("dpi")
    if said and len(said) == 2 and _DPI_LOW <= float(said[0]) <= _DPI_HIGH:
        return float(said[0])
    short, long = sorted(image.size)
    if short and abs(long / short / _A4_SHAPE - 1) < 0.03:
        return round(short / _A4_WIDTH, 1)
    return DEFAULT_DPI
