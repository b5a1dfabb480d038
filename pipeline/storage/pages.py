"""One page of an original as a picture for people: as displayed, at a scale in pixels a point."""

from __future__ import annotations

from typing import Any

from extractors.source import SourceFile
from pipeline.storage.originals import PDF


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
    # Here, not above: OpenCV is loaded for images only.
    from extractors.ocr.draw import plain_image

    if number < 1:
        raise IndexError(f"{name}: there is no page {number}")
    return plain_image(SourceFile.from_bytes(data, name, media_type=media_type), number, scale)
