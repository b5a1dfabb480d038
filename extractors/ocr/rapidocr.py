"""PP-OCRv6 small from the models inside rapidocr's wheel, run directly.

rapidocr's own front end is not imported: it would ask for a second OpenCV, an angle classifier and,
for some back ends, the network. Only its two model files are used.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.metadata import version as package_version
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from extractors.imaging.blobs import blobs
from extractors.imaging.geometry import Gray, Rect, as_grey
from extractors.ocr.alphabet import Alphabet
from extractors.ocr.backend import Run, Tensor, backend, described, load, metadata
from extractors.ocr.base import Char, Line

_RECOGNISER = "PP-OCRv6_rec_small.onnx"
_DETECTOR = "PP-OCRv6_det_small.onnx"
_HEIGHT = 48
_LEAST_WIDTH = 96  # peers: 320 is rapidocr's; the cost grows with the width
_WIDTH_STEP = 16  # few different widths: back ends keep what they prepared for one
_DETECT_SIDE = 1152
_DETECT_THRESHOLD, _DETECT_SCORE, _UNCLIP = 0.3, 0.5, 1.6


def _models() -> Path:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ImportError("rapidocr, whose wheel holds the OCR models, is not installed")
    return Path(spec.origin).parent / "models"


class RapidOcr:
    """The engine; models are loaded at the first use. ``seconds`` counts CPU time inside inference."""

    name = "ppocrv6-small"

    def __init__(self, choice: str | None = None) -> None:
        self.backend = choice or backend()
        self.seconds = 0.0

    @property
    def version(self) -> str:
        """Rapidocr's version (that of the models) and the back end's."""
        return f"{package_version('rapidocr')}+{described(self.backend)}"

    @cached_property
    def _reader(self) -> Run:
        return load(_models() / _RECOGNISER, self.backend)

    @cached_property
    def _finder(self) -> Run:
        return load(_models() / _DETECTOR, self.backend)

    @cached_property
    def _alphabet(self) -> Alphabet:
        words = metadata(_models() / _RECOGNISER)["character"].split("\n")
        return Alphabet.of(["", *words, " "])  # class 0 is the blank between characters

    def read(self, pictures: Sequence[Gray]) -> list[Line]:
        """Read each picture of one line; the narrow ones first, whatever their order."""
        by_width = sorted(range(len(pictures)), key=lambda number: _drawn(pictures[number]))
        read = {number: self._read_one(pictures[number]) for number in by_width}
        return [read[number] for number in range(len(pictures))]

    def _read_one(self, picture: Gray) -> Line:
        if min(picture.shape) < 2:
            return Line(())
        tensor, share = _line_tensor(picture)
        start = time.process_time()
        scores = self._reader(tensor)[0]
        self.seconds += time.process_time() - start
        return Line(tuple(self._decode(scores, share)))

    def _decode(self, scores: Tensor, share: float) -> list[Char]:
        """Collapse the best path: repeats without a blank between them are one character.

        ``share`` is the part of the tensor's width that the picture fills.
        """
        alphabet = self._alphabet
        best = scores.argmax(axis=1)
        chars: list[Char] = []
        before = 0
        for step, found in enumerate(best.tolist()):
            if alphabet.weights[found] < 1.0:  # an outsider: the best ordinary one may outweigh it
                found = int((scores[step] * alphabet.weights).argmax())
            if found and (found != before or scores[step, found] > chars[-1].sure):
                char = _char(scores[step], found, (step + 0.5) / len(scores) / share, alphabet)
                chars = [*chars[:-1], char] if found == before else [*chars, char]
            before = found
        return [char for i, char in enumerate(chars) if char.text != " " or 0 < i < len(chars) - 1]

    def find(self, page: Gray) -> list[Rect]:
        """Boxes of the lines of text on a page, in reading order of their tops."""
        height, width = page.shape
        scale = min(1.0, _DETECT_SIDE / max(height, width))
        sides = [max(32, math.ceil(side * scale / 32) * 32) for side in (width, height)]
        small = cv2.resize(page, (sides[0], sides[1]), interpolation=cv2.INTER_AREA)
        tensor = _normal(as_grey(small))[None]
        start = time.process_time()
        heat = self._finder(tensor)[0, 0]
        self.seconds += time.process_time() - start
        return _boxes(heat, width / sides[0], height / sides[1])


def _char(raw: Tensor, found: int, at: float, alphabet: Alphabet) -> Char:
    """The character with its strongest rival; a rival that is the same once folded is no rival."""
    others = raw * alphabet.weights
    others[[0, found]] = 0.0
    sure = float(raw[found])
    rival = int(others.argmax())
    for _ in range(2):
        if alphabet.folded[rival] != alphabet.folded[found]:
            break
        sure += float(raw[rival])
        others[rival] = 0.0
        rival = int(others.argmax())
    return Char(alphabet.chars[found], min(1.0, sure), alphabet.chars[rival], float(raw[rival]), min(1.0, at))


def _normal(grey: Gray) -> Tensor:
    flat = grey.astype(np.float32) / 127.5 - 1.0
    return np.ascontiguousarray(np.broadcast_to(flat, (3, *flat.shape)))


def _drawn(picture: Gray) -> int:
    """The width of a picture drawn as high as the recogniser wants it."""
    height, width = picture.shape
    drawn: int = round(width * _HEIGHT / max(1, height))
    return max(8, drawn)


def _line_tensor(picture: Gray) -> tuple[Tensor, float]:
    height = picture.shape[0]
    drawn = _drawn(picture)
    way = cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC
    scaled = cv2.resize(picture, (drawn, _HEIGHT), interpolation=way)
    full = max(_LEAST_WIDTH, math.ceil(drawn / _WIDTH_STEP) * _WIDTH_STEP)
    tensor = np.zeros((1, 3, _HEIGHT, full), np.float32)
    tensor[0, :, :, :drawn] = _normal(scaled.astype(np.uint8))
    return tensor, drawn / full


def _boxes(heat: Tensor, across: float, down: float) -> list[Rect]:
    """Upright boxes of the hot regions, grown as the detector was trained to shrink them."""
    mask = (heat > _DETECT_THRESHOLD).astype(np.uint8)
    _, labels, stats, _ = blobs(mask)
    found = []
    for label, (x, y, w, h, area) in enumerate(stats.tolist()):
        if label == 0 or min(w, h) < 3:
            continue
        score = heat[y : y + h, x : x + w][labels[y : y + h, x : x + w] == label].mean()
        if score < _DETECT_SCORE:
            continue
        grow = area * _UNCLIP / (2 * (w + h))
        found.append(((x - grow) * across, (y - grow) * down, (x + w + grow) * across, (y + h + grow) * down))
    return sorted(found, key=lambda box: (box[1], box[0]))


@cache
def default_engine() -> RapidOcr:
    """The process's one engine."""
    cv2.setNumThreads(1)  # workers are processes; a library's own threads only fight each other
    return RapidOcr()
