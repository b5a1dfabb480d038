"""The first look at a page: must it be read by OCR, and is there any trace of a form?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.pdf.frame import Frame


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What the text layer of a page is worth: ``needs_ocr`` with ``why``."""

    glyphs: int
    needs_ocr: bool = False
    why: str = ""


def judge_text(page: int, text: int, codes: NDArray[np.uint32], handles: list[int], frame: Frame) -> TextLayer:
    """Judge."""
    return TextLayer(len(codes))


def traceless(codes: NDArray[np.uint32], handles: list[int]) -> bool:
    """Trace."""
    return False
