"""One cell read: its lines, a second reading where the first is doubtful, and why it is doubtful."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from extractors.imaging.geometry import Gray, Rect
from extractors.imaging.lines import (
    LinePicture,
    TextLine,
    line_picture,
    reached,
    side_by_side,
    soft_picture,
    text_lines,
)
from extractors.imaging.prepare import Prepared
from extractors.ocr.alphabet import ordinary
from extractors.ocr.base import Line, OcrEngine
from extractors.ocr.ink import unread_ink
from extractors.ocr.rounds import Reading, together
from extractors.ocr.rules import limit, load_rules, suspicions
from extractors.ocr.signs import bare_signs, low_zero, torn_point, with_permille
from normalizers.text import fold

_SURE = 0.80  # below this a character is doubtful
_PADS = {"plain": 0.18, "wide": 0.34}  # paper around the ink, in character heights
_RED_SHARE = 0.015  # of a cell's surface under red ink
_TORN = 0.5
_CERTAIN = 0.9999  # 1 is a text layer's


@dataclass(frozen=True)
class CellReading:
    """What a cell says: text, how sure (0…1, None for an empty cell), the other reading, the reasons.

    ``reasons`` ⊆ low_score, disagree, marks, unread_ink, faint; ``other`` is the rejected reading ("" for none).
    ``looks`` holds what was left open: ``barred`` (a < or > may be a ≤ or ≥), ``low_zero`` (a last 0 is
    as low as a full stop), ``torn_point`` (a point may be a comma).
    """

    text: str
    sure: float | None
    other: str = ""
    reasons: tuple[str, ...] = ()
    sealed: bool = False
    looks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Take:
    lines: tuple[Line, ...]
    unread: bool
    looks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return join_lines([line.text for line in self.lines])

    @property
    def low(self) -> float:
        return min((line.sure for line in self.lines), default=0.0)

    @property
    def mean(self) -> float:
        count = sum(len(line.chars) for line in self.lines)
        return sum(char.sure for line in self.lines for char in line.chars) / count if count else 0.0


def read_cell(
    page: Prepared, rulings: Gray, box: Rect, engine: OcrEngine, em: float | None = None
) -> CellReading:
    """Read the cell in ``box`` (pixels of the straight page); ``rulings`` masks all lines of the page.

    ``em`` overrides the page's character height (a title is larger).
    """
    return together([cell_reading(page, rulings, box, em)], engine)[0]


def cell_reading(page: Prepared, rulings: Gray, box: Rect, em: float | None = None) -> Reading[CellReading]:
    """What :func:`read_cell` does, as a reading that can go :func:`together` with others."""
    em = em or page.rules.em
    sealed = _under_red(page.reds, box)
    lines = text_lines(page.clean, rulings, box, em)
    faint = False
    if not sealed:  # what cleaning took away may be red ink there
        uncleaned = text_lines(page.even, rulings, box, em, page.faintest)
        faint = not lines
        lines = reached(lines, uncleaned, em) or uncleaned
    if not lines:
        return CellReading("", None, sealed=sealed)
    first = yield from _take(page.even, rulings, box, lines, "plain", em)
    if not faint and not _needs_second(first, sealed):
        return CellReading(first.text, _claim(first), looks=first.looks)
    # Below a seal only the cleaned page tells print from red ink; elsewhere cleaning eats thin strokes.
    how, picture = ("wide", page.clean) if sealed else ("soft", page.even)
    second = yield from _take(picture, rulings, box, lines, how, em)
    settled = _settle(first, second, sealed)
    return _faint(settled) if faint else settled


def _faint(reading: CellReading) -> CellReading:
    """Print no darker than show-through: read, but not relied on."""
    sure = min(reading.sure or 0.0, limit("disagree"))
    return replace(reading, sure=sure, reasons=(*reading.reasons, "faint"))


def _take(
    picture: Gray,
    rulings: Gray,
    box: Rect,
    lines: list[TextLine],
    how: str,
    em: float,
) -> Reading[_Take]:
    inset = max(1.0, em * 0.06)
    limits = (box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset)
    if how == "soft":
        pictures = [soft_picture(picture, rulings, line.box, limits, em) for line in lines]
    else:
        pictures = [line_picture(picture, rulings, line.box, limits, em, _PADS[how]) for line in lines]
    seen = [one.pixels for one in pictures]
    if lines[0].stacked:
        read = yield [side_by_side(seen)]
        return _Take(tuple(read), False)
    found = yield seen
    read = [with_permille(*one, em) for one in zip(seen, found, strict=True)]
    unread = any(_unread(*one, em) for one in zip(read, pictures, lines, strict=True))
    # A softened picture shows no thin bars.
    return _Take(tuple(read), unread, () if how == "soft" else _looks(seen, read, em))


def _unread(read: Line, picture: LinePicture, line: TextLine, em: float) -> bool:
    begins, ends = ((x - picture.start) * picture.stretch for x in (line.box[0], line.box[2]))
    return unread_ink(read, picture.pixels, (begins, ends), em * picture.stretch)


def _looks(pictures: list[Gray], read: list[Line], em: float) -> tuple[str, ...]:
    pairs = list(zip(pictures, read, strict=True))
    barred = any(not bare_signs(picture, line, em) for picture, line in pairs)
    low = low_zero(*pairs[-1], em)
    torn = any(torn_point(line) for line in read)
    seen = {"barred": barred, "low_zero": low, "torn_point": torn}
    return tuple(look for look, there in seen.items() if there)


def _needs_second(take: _Take, sealed: bool) -> bool:
    text = take.text
    short = len(text) <= load_rules().value_length
    value = short and re.search(r"[\d≥≤<>%]", fold(text)) is not None
    if sealed or take.unread or take.low < _SURE or not text or _breaks_rules(take):
        return True
    return value and take.low < limit("certain")


def _settle(first: _Take, second: _Take, sealed: bool) -> CellReading:
    looks = tuple(dict.fromkeys((*first.looks, *second.looks)))
    if _plain(first.text) == _plain(second.text):
        return _agreed(first, second, sealed, looks)
    best, other = (first, second) if _worth(first) >= _worth(second) else (second, first)
    sure = limit("unread_ink") if best.unread else min(limit("disagree"), _claim(best))
    if not best.unread and _only_marks(best.text, other.text) and _long(best):
        # In a long text two readings that differ in a comma or a space are no disagreement about its words.
        return CellReading(best.text, _claim(best), other.text, ("marks",), sealed, looks)
    return CellReading(best.text, sure, other.text, ("disagree",), sealed, looks)


def _agreed(first: _Take, second: _Take, sealed: bool, looks: tuple[str, ...]) -> CellReading:
    reasons = ["unread_ink"] if first.unread and second.unread else []
    claims = _claim(first), _claim(second)
    # Two weak readings may agree in the same slip (own drawings, fax): of a short text both count.
    sure = max(claims) if _long(first) else round(sum(claims) / 2, 4)
    # One sure reading settles a short text's words; in a long one it may hide the other's doubt of one sign.
    if max(first.low, second.low) < _SURE / 2 or (_long(first) and _torn(first)):
        reasons.append("low_score")
    sure = min(sure, limit("unread_ink")) if reasons[:1] == ["unread_ink"] else sure
    return CellReading(first.text, sure, _rival(first), tuple(reasons), sealed, looks)


def _long(take: _Take) -> bool:
    return len(take.text) > load_rules().value_length


def _worth(take: _Take) -> tuple[bool, bool, float]:
    """Of two readings that disagree the one without unread ink, then the one that breaks no rule of form."""
    return not take.unread, not _breaks_rules(take), take.low * 0.5 + take.mean * 0.5


def _breaks_rules(take: _Take) -> bool:
    text = take.text
    foreign = not all(ordinary(char) for char in text if not char.isspace())
    broken = {one.rule for one in suspicions(_plain(text), looks=take.looks)} - set(load_rules().no_fault)
    return foreign or (len(text) <= load_rules().value_length and bool(broken))


def _claim(take: _Take) -> float:
    """How sure a cell is: its worst character in a short text, tempered by the mean in a long one."""
    count = sum(len(line.chars) for line in take.lines)
    share = min(1.0, load_rules().value_length / max(1, count))
    return min(_CERTAIN, round(take.low * share + take.mean * (1 - share), 4))


def _rival(take: _Take) -> str:
    """The text with its least sure character replaced by its rival."""
    chars = [char for line in take.lines for char in line.chars]
    if not chars:
        return ""
    worst = min(range(len(chars)), key=lambda i: chars[i].sure)
    if chars[worst].sure >= _SURE or chars[worst].rival_sure < 0.02:
        return ""
    return "".join(char.rival if i == worst else char.text for i, char in enumerate(chars))


def _torn(take: _Take) -> bool:
    """Whether some character had a rival about as likely as itself."""
    return any(c.sure < _TORN and c.rival_sure > c.sure / 2 for line in take.lines for c in line.chars)


def _plain(text: str) -> str:
    return "".join(fold(text).split())


def _only_marks(one: str, two: str) -> bool:
    return re.sub(r"[\W_]", "", _plain(one)) == re.sub(r"[\W_]", "", _plain(two))


def join_lines(texts: list[str]) -> str:
    """Lines of Chinese run on; between two Latin words a space stood at the break."""
    whole = ""
    for text in texts:
        latin = re.search(r"[A-Za-z]$", whole) and re.match(r"[A-Za-z]", text)
        whole += (" " if latin else "") + text
    return whole


def _under_red(reds: Gray, box: Rect) -> bool:
    x0, y0, x1, y1 = (int(max(0, v)) for v in box)
    part = reds[y0:y1, x0:x1]
    return bool(part.size and float(np.count_nonzero(part > 127)) / part.size > _RED_SHARE)
