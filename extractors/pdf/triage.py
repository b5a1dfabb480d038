"""The first look at a page: must it be read by OCR, and is there any trace of a form?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from extractors.pdf import pdfium
from extractors.pdf.chars import text_of
from extractors.pdf.paths import image_boxes

Codes = NDArray[np.uint32]
_INVISIBLE = 3  # text render mode: neither filled nor stroked
_SAMPLE = 16
_ENOUGH = 800  # glyphs, spread over the page, to judge its code points by
# Ranges of code points that print in Chinese and European documents.
_PLAIN = np.array(
    [
        (0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x52F), (0x2000, 0x206F), (0x20A0, 0x22FF), (0x2460, 0x27BF),
        (0x2E80, 0x303F), (0x3100, 0x33FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0xFB00, 0xFB06),
        (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x20000, 0x2FFFF),
    ],
    dtype=np.int64,
)  # fmt: skip


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    words: tuple[str, ...]
    seen: str


class _FirstLook(BaseModel):
    """Model of ``triage.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    form_words: tuple[_Group, ...]
    form_signs: int
    label_length: int
    digits: float
    paths: int
    odd_glyphs: float
    rare_ideographs: float
    least_ideographs: int
    least_glyphs: int
    latin_mojibake: float
    scan_area: float
    few_glyphs: int
    drawn_text: int


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What the text layer of a page is worth: its ``glyphs``, and ``why`` OCR is needed, if it is.

    ``why`` is empty or one of ``no_text``, ``garbage``, ``hidden_text``, ``scan``.
    """

    glyphs: int
    why: str = ""

    @property
    def needs_ocr(self) -> bool:
        """Whether the page can only be read from its picture."""
        return bool(self.why)


@cache
def _facts() -> _FirstLook:
    path = Path(__file__).with_name("triage.yaml")
    return _FirstLook.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def _everyday() -> frozenset[int]:
    """The first levels of GB 2312 (3755 characters) and Big5 (5401): what ordinary text is made of."""
    pairs = [(bytes((a, b)), "gb2312") for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF)]
    pairs += [
        (bytes((a, b)), "big5") for a in range(0xA4, 0xC7) for b in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    ]
    chars = (pair.decode(name, "ignore") for pair, name in pairs)
    return frozenset(ord(c) for c in chars if len(c) == 1)


def is_garbage(codes: Codes) -> bool:
    """Whether the code points of a text layer cannot be what the page shows.

    >>> is_garbage(np.array([0xE000 + i for i in range(40)], dtype=np.uint32))
    True
    >>> is_garbage(np.frombuffer("项目支出绩效目标表".encode("utf-32-le"), dtype=np.uint32))
    False
    """
    facts = _facts()
    printed = codes[_printed(codes)]
    if len(printed) < facts.least_glyphs:
        return False
    wide = printed[:: 1 + len(printed) // _ENOUGH].astype(np.int64)
    at = np.searchsorted(_PLAIN[:, 0], wide, "right") - 1
    plain = (at >= 0) & (wide <= _PLAIN[np.maximum(at, 0), 1])
    hyphen = (wide == 0x02) | (wide == 0xFFFE)
    if (~plain & ~hyphen).mean() > facts.odd_glyphs:
        return True
    accented = ((wide >= 0xA1) & (wide <= 0xFF)).mean()
    letters = (((wide | 0x20) >= 0x61) & ((wide | 0x20) <= 0x7A)).mean()
    if accented > facts.latin_mojibake and accented > letters:
        return True
    ideographs = wide[(wide >= 0x4E00) & (wide <= 0x9FFF)]
    if len(ideographs) >= facts.least_ideographs:
        sample = ideographs[:: max(1, len(ideographs) // 100)].tolist()
        return sum(map(_everyday().__contains__, sample)) < facts.rare_ideographs * len(sample)
    return text_of(codes[:4000]).count("(cid:") * 6 > facts.odd_glyphs * len(printed[:4000])


def _printed(codes: Codes) -> NDArray[np.bool_]:
    """All but white space: a control code or a zero is a glyph whose meaning got lost."""
    lines = (codes == 0x0A) | (codes == 0x0D) | (codes == 0x09)
    return np.asarray(~lines & (codes != 0x20) & (codes != 0xA0), dtype=bool)


def _sample(codes: Codes) -> list[int]:
    glyphs = np.flatnonzero(_printed(codes))
    return list(glyphs[:: max(1, len(glyphs) // _SAMPLE)].tolist())


def _unmapped(text: int, codes: Codes) -> bool:
    """Whether pdfium found no map from most glyphs of a sample to characters and made the codes up."""
    sample = _sample(codes)
    lost = sum(1 for i in sample if pdfium.map_error(text, i) == 1)
    return len(codes) >= _facts().least_glyphs and lost > 0.5 * len(sample)


def _hidden(text: int, codes: Codes) -> bool:
    """Whether most glyphs of a sample are drawn invisible (an OCR layer under a picture)."""
    objects = [pdfium.char_object(text, i) for i in _sample(codes)]
    modes = [pdfium.render_mode(one) for one in objects if one]
    return bool(modes) and sum(1 for mode in modes if mode == _INVISIBLE) > 0.8 * len(modes)


def judge_text(
    text: int, codes: Codes, types: list[int], handles: list[int], area: Callable[[], float]
) -> TextLayer:
    """What the text layer of a page is worth.

    ``types`` and ``handles`` are the page's objects; ``area`` gives the page's area and is asked
    only when pictures are there.
    """
    facts = _facts()
    glyphs = int(_printed(codes).sum())
    cover = 0.0
    if pdfium.IMAGE in types or (pdfium.FORM in types and not glyphs):
        boxes = image_boxes(handles, types)
        sizes = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
        whole = area()
        cover = float(min(1.0, sizes.sum() / whole)) if len(sizes) and whole > 0 else 0.0
    if not glyphs:
        scanned = cover > facts.scan_area / 2 or types.count(pdfium.PATH) > facts.drawn_text
        return TextLayer(0, "no_text" if scanned else "")
    if is_garbage(codes) or _unmapped(text, codes):
        return TextLayer(glyphs, "garbage")
    if cover > facts.scan_area:
        if _hidden(text, codes):
            return TextLayer(glyphs, "hidden_text")
        if glyphs < facts.few_glyphs:
            return TextLayer(glyphs, "scan")
    return TextLayer(glyphs)


def traceless(codes: Codes, types: list[int]) -> bool:
    """Whether a page has no ruling lines, no words of a form and few numbers: nothing to look for."""
    facts = _facts()
    if pdfium.FORM in types or types.count(pdfium.PATH) > facts.paths:
        return False
    if ((codes >= 0x30) & (codes <= 0x39)).sum() > facts.digits * max(1, len(codes)):
        return False
    text = text_of(codes)
    return not any(word in text for group in facts.form_words for word in group.words)


def form_signs(texts: Iterable[str]) -> bool:
    """Whether lines or cells look like the labels of a form: enough short ones end in a word of one.

    A table of contents names such words too, but goes on after them (绩效目标表, 主管部门职责).

    >>> form_signs(["项目名称", "督办经费", "主管部门", "数量指标", "质量指标"])
    True
    >>> form_signs(["本部门按要求编制了绩效目标，并对资金使用情况开展了绩效自评。"] * 9)
    False
    """
    facts = _facts()
    words = facts.form_words[0].words
    bare = {text.strip().rstrip(":：") for text in texts if len(text) <= 2 * facts.label_length}
    short = {text for text in bare if 0 < len(text) <= facts.label_length}
    return sum(text.endswith(words) for text in short) >= facts.form_signs
