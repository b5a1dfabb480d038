"""One page of an original as a picture for people: as displayed, at a scale in pixels a point."""

from __future__ import annotations

from itertools import islice
from typing import Any

from extractors.errors import Damaged
from pipeline.originals import PDF

_POINTS = 72.0


def page_of(data: bytes, media_type: str, name: str, number: int, scale: float) -> tuple[Any, float]:
    """Page ``number`` (1-based) of a PDF or an image file as a PIL image, and its scale in pixels a point.

    ``scale`` is the one asked for; a page of very many pixels comes smaller, and an image is never
    enlarged beyond its own. Raises Encrypted, Damaged and TooLarge as the readers do, and IndexError
    where there is no such page.

    >>> import io; from PIL import Image
    >>> blob = io.BytesIO(); Image.new("RGB", (1654, 2339)).save(blob, "PNG", dpi=(200, 200))
    >>> image, scale = page_of(blob.getvalue(), "image/png", "a.png", 1, 1.0)
    >>> image.size, round(scale, 3)
    ((595, 842), 1.0)
    """
    if media_type == PDF:
        from extractors.pdf.draw import page_image

        return page_image(data, name, number, scale)
    return _picture(data, name, number, scale)


def _picture(data: bytes, name: str, number: int, scale: float) -> tuple[Any, float]:
    # Here, not above: OpenCV is loaded for images only.
    from PIL import Image

    from extractors.imaging.decode import pages

    page = next(islice(pages(data, name), number - 1, None), None) if number > 0 else None
    if page is None:
        raise IndexError(f"{name}: there is no page {number}")
    if isinstance(page, str):
        raise Damaged(f"{name}: page {number} gives no picture ({page})")
    image = Image.fromarray(page.pixels[:, :, ::-1])
    printed = page.dpi * page.reduced / _POINTS
    if scale >= printed:
        return image, printed
    size = (max(1, round(image.width * scale / printed)), max(1, round(image.height * scale / printed)))
    return image.resize(size, Image.Resampling.BOX), scale
