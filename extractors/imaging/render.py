"""Pages of a PDF as pictures, one at a time, within limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
import pypdfium2

from extractors.errors import Damaged, Encrypted
from extractors.imaging.decode import MAX_WORK_PIXELS, ImagePage

RENDER_DPI = 200.0
_POINTS = 72.0


def pdf_pages(
    data: bytes, name: str, pages: Sequence[int] | None = None
) -> Iterator[tuple[int, ImagePage | str]]:
    """The pages (1-based numbers; all when None) drawn at 200 dpi, or a word why one cannot be.

    Raises Encrypted and Damaged.
    """
    try:
        pdf: Any = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Encrypted(f"{name}: the file opens only with a password") from error
        raise Damaged(f"{name}: the file cannot be opened ({error})") from error
    try:
        for number in pages if pages is not None else range(1, len(pdf) + 1):
            yield number, _draw(pdf, number)
    finally:
        pdf.close()


def _draw(pdf: Any, number: int) -> ImagePage | str:
    try:
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = RENDER_DPI / _POINTS
        pixels = max(1.0, width * height * scale * scale)
        scale *= min(1.0, (MAX_WORK_PIXELS / pixels) ** 0.5)
        drawn = page.render(scale=scale, rev_byteorder=False).to_numpy()
        page.close()
    except (pypdfium2.PdfiumError, IndexError, MemoryError, ValueError):
        return "broken"
    if drawn.ndim == 3 and drawn.shape[2] == 4:
        drawn = cv2.cvtColor(drawn, cv2.COLOR_BGRA2BGR)
    picture = np.ascontiguousarray(drawn).astype(np.uint8)
    if min(picture.shape[:2]) < 32:
        return "tiny"
    return ImagePage(picture, (picture.shape[1], picture.shape[0]), scale * _POINTS)
