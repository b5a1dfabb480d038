"""From a printed label to its bare words: folding, and what hangs on a label cut off and kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from normalizers.labels.model import RULES
from normalizers.text import fold, simplified

_MARKS = re.escape(RULES.marks)
_NUMBER = r"\d{1,3}(?:\.\d{1,2})?"
_POINTS = re.compile(
    rf"(?:\(?(?P<low>{_NUMBER})(?:[-~—至](?P<high>{_NUMBER}))?\)?[分%]?\)?|\((?P<blank>分值?|_+分?)\))$"
)
_BRACKET = re.compile(r"\((?P<inside>[^()]*)\)?$|\[(?P<square>[^\[\]]*)\]?$")
_HEAD_MARK = re.compile(rf"^[{_MARKS}]+|^[-—_.,、:;。]+")
_TAIL_MARK = re.compile(rf"[{_MARKS}]+$")
_TAIL_POINT = re.compile(r"[-—_.,、:;。]+$")
_TORN = re.compile(r"^([^()]{2,8}?(?:指标|目标))([^()]{1,16}\))$")  # the bracket's opening lost or misread
_ORDINAL = re.compile(
    r"^(?:\((?:\d{1,2}|[一二三四五六七八九十]{1,2})\)|(?:\d{1,2}|[一二三四五六七八九十]{1,2})[、.)])"
)


@dataclass(frozen=True, slots=True)
class Surface:
    """A label without what hangs on it. ``whole`` still has its bracket (数量指标(或建筑规模指标))."""

    bare: str
    whole: str
    suffixes: tuple[str, ...]
    weight: Decimal | None
    weight_range: tuple[Decimal, Decimal] | None
    required: bool | None
    marks: int


def plain(text: str) -> str:
    """A label's folded text: no spaces at all, traditional characters made simple.

    >>> plain("可持续影 响 指標")
    '可持续影响指标'
    """
    return simplified(fold(text)).replace(" ", "")


def surface(text: str) -> Surface:
    """Cut points, brackets, stars and ordinals off a label and keep them.

    >>> s = surface("★产出指标（50分）"); s.bare, s.weight, s.suffixes
    ('产出指标', Decimal('50'), ('★', '(50分)'))
    >>> surface("数量指标入必填)").bare
    '数量指标'
    """
    rest = _TORN.sub(r"\1(\2", plain(text))
    cut: list[str] = []
    found = re.match(_ORDINAL, rest)
    if found and found.end() < len(rest):
        cut.append(found.group())
        rest = rest[found.end() :]
    for pattern in (_HEAD_MARK, _TAIL_MARK, _TAIL_POINT):
        rest = _cut(pattern, rest, cut)
    weight, span, rest = _points(rest, cut)
    rest = _cut(_TAIL_POINT, rest, cut)
    whole, required, bare = rest, None, rest
    while (bracket := _BRACKET.search(bare)) and bracket.start() > 0:
        inside = bracket.group("inside") or bracket.group("square") or ""
        required = _required(inside) if required is None else required
        cut.append(bracket.group())
        bare = bare[: bracket.start()]
    if weight is None and span is None and bare != whole:
        weight, span, bare = _points(bare, cut)
    marks = sum(piece.count(mark) for piece in cut for mark in RULES.marks)
    return Surface(_cut(_TAIL_MARK, bare, cut), whole, tuple(cut), weight, span, required, marks)


def _cut(pattern: re.Pattern[str], text: str, cut: list[str]) -> str:
    found = pattern.search(text)
    if not found or len(found.group()) == len(text):
        return text
    cut.append(found.group())
    return text[: found.start()] + text[found.end() :]


def _points(text: str, cut: list[str]) -> tuple[Decimal | None, tuple[Decimal, Decimal] | None, str]:
    """The points behind a label: 50分, (50), (40-50)分; the label itself must remain."""
    found = _POINTS.search(text)
    if not found or found.start() == 0 or not found.group():
        return None, None, text
    cut.append(found.group())
    rest = text[: found.start()]
    low, high = found.group("low"), found.group("high")
    if low is None:
        return None, None, rest
    if high is None:
        return Decimal(low), None, rest
    return None, (Decimal(low), Decimal(high)), rest


def _required(inside: str) -> bool | None:
    if any(word in inside for word in RULES.required):
        return True
    return False if any(word in inside for word in RULES.optional) else None
