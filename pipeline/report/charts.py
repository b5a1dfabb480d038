"""Bars as inline SVG, drawn here: labels left, bars, totals right; parts of a bar share its length.

Sizes are in CSS pixels. Labels are cut to the width they have (the whole text is in the tooltip), so
none can run into a bar.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.report.markup import both, esc, note
from pipeline.report.words import Word, word

Number = int | Decimal
_LABEL, _BAR, _TOTAL, _ROW, _SIZE = 215, 225, 120, 24, 13


@dataclass(frozen=True, slots=True)
class Series:
    """One part of every bar: its name and its colour class (``c0`` … or a grade, a severity)."""

    name: Word
    css: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label and the numbers of its parts, in the order of the series.

    What all the others come to (``rest``) stands as a number without a bar: it would dwarf the rest.
    """

    label: Word
    parts: tuple[Number, ...]
    rest: bool = False

    @property
    def total(self) -> Number:
        """The length of the bar."""
        return sum(self.parts)


def counted(number: Number) -> str:
    """A count with separators: ``12,345``."""
    return f"{number:,}"


def ten_thousands(yuan: Number) -> str:
    """Yuan as 万元 with two places.

    >>> ten_thousands(Decimal("12345678.90"))
    '1,234.57'
    """
    return f"{Decimal(yuan) / 10_000:,.2f}"


def _advance(char: str) -> float:
    return _SIZE if unicodedata.east_asian_width(char) in "WFA" else _SIZE * 0.58


def fitted(text: str, room: float) -> str:
    """The text, cut with … where it is wider than ``room`` pixels.

    >>> fitted("永宁县人民政府办公室", 60)
    '永宁县…'
    """
    if sum(map(_advance, text)) <= room:
        return text
    used, kept = float(_SIZE), ""
    for char in text:
        used += _advance(char)
        if used > room:
            break
        kept += char
    return f"{kept}…"


def _label(text: Word, y: float) -> str:
    spots = []
    for language in ("zh", "en"):
        said: str = getattr(text, language)
        spots.append(
            f'<text class="{language}" x="{_LABEL - 8}" y="{y:.1f}" text-anchor="end">'
            f"<title>{esc(said)}</title>{esc(fitted(said, _LABEL - 12))}</text>"
        )
    return "".join(spots)


def _row(bar: Bar, at: int, scale: float, series: Sequence[Series], shown: Callable[[Number], str]) -> str:
    top, x, drawn = at * _ROW, float(_LABEL), []
    for part, value in zip(series, bar.parts, strict=True):
        length = 0.0 if bar.rest else max(float(value) * scale, 0.0)
        if length > 0:
            tip = f"{part.name.zh} / {part.name.en}: {shown(value)}"
            drawn.append(
                f'<rect class="{part.css}" x="{x:.1f}" y="{top + 4}" width="{max(length, 1):.1f}" '
                f'height="{_ROW - 8}"><title>{esc(tip)}</title></rect>'
            )
        x += length
    y = top + _ROW / 2 + 4.5
    total = f'<text x="{x + 6:.1f}" y="{y:.1f}" class="n">{esc(shown(bar.total))}</text>'
    return _label(bar.label, y) + "".join(drawn) + total


def bars(
    found: Sequence[Bar], series: Sequence[Series] = (), shown: Callable[[Number], str] = counted
) -> str:
    """Horizontal bars, stacked where there are several series (then with a legend of those present)."""
    if not found or not any(bar.total for bar in found):
        return note(word("page", "none"))
    series = series or (Series(found[0].label, "c0"),)
    scale = _BAR / max([float(bar.total) for bar in found if not bar.rest and bar.total > 0], default=1.0)
    rows = "".join(_row(bar, at, scale, series, shown) for at, bar in enumerate(found))
    wide, high = _LABEL + _BAR + _TOTAL, len(found) * _ROW
    drawing = f'<svg viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img">{rows}</svg>'
    return drawing + (legend(found, series) if len(series) > 1 else "")


def legend(found: Sequence[Bar], series: Sequence[Series]) -> str:
    """The legend: each series that has a length somewhere, with its sum."""
    keys = []
    for at, part in enumerate(series):
        total = sum(bar.parts[at] for bar in found)
        if total:
            keys.append(f'<span class="key"><i class="{part.css}"></i>{both(part.name)} {total:,}</span>')
    return f'<p class="legend">{"".join(keys)}</p>'
