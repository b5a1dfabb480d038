"""One sheet: two heading rows that stay, filters, widths by content, every value by its declared type.

No text is ever offered to Excel as a formula, a number or a web address. Numbers that Excel could
not hold exactly (more than 15 significant digits) are written as text.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipeline.exports.published import plain
from pipeline.exports.workbook.places import HEAD, Place
from pipeline.schema import Type

LONGEST = 32_767
MOST_LINKS = 65_000
_NARROW = {"id": 19, "ids": 21}
_WIDEST = 60
_WRAPPED = ("message", "evidence_text")
_LINE = 15.5  # points a line


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a sheet: both names, its type, and whether its ids are linked."""

    zh: str
    name: str
    type: Type = Type.TEXT
    linked: bool = False


@dataclass(slots=True)
class Losses:
    """What Excel could not take as it is, counted."""

    cut: int = 0
    exact: int = 0
    links: int = 0


def width_of(text: str) -> int:
    """How many narrow characters wide a text is; Chinese ones count two.

    >>> width_of("指标 id")
    7
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def width(heading: Heading, sample: Iterable[Any]) -> int:
    """The width of a column from its headings and some of its values, between 8 and 60."""
    tail = heading.name.rpartition("_")[2]
    head = max(width_of(heading.zh), width_of(heading.name)) + 4
    if tail in _NARROW:
        return max(_NARROW[tail], min(head, 24))
    seen = [width_of(str(v)[:80].partition("\n")[0]) for v in sample if v is not None]
    most = 14 if heading.type in (Type.MONEY, Type.DAY) else 8
    if heading.type in (Type.TEXT, Type.TEXTS):
        most = max([8, *seen])
    return min(max(most + 2, head), _WIDEST)


@dataclass(slots=True)
class Sheet:
    """A sheet under construction; rows must come in order (the file is written as they come)."""

    page: Any
    headings: tuple[Heading, ...]
    styles: dict[str, Any]
    places: dict[str, Place] = field(default_factory=dict)
    losses: Losses = field(default_factory=Losses)
    rows: int = 0
    links: int = 0

    def open(self, sample: list[tuple[Any, ...]]) -> None:
        """Write the headings, set widths, freeze them."""
        columns = list(zip(*sample, strict=True)) or [()] * len(self.headings)
        for at, heading in enumerate(self.headings):
            style = self.styles.get(heading.type.value, self.styles["text"])
            self.page.set_column(at, at, width(heading, columns[at]), style)
        for at, heading in enumerate(self.headings):
            self.page.write_string(0, at, heading.zh, self.styles["head"])
        for at, heading in enumerate(self.headings):
            self.page.write_string(1, at, heading.name, self.styles["name"])
        self.page.freeze_panes(HEAD, 1)

    def add(self, values: Iterable[Any]) -> None:
        """Write one row."""
        row = self.rows + HEAD
        values = tuple(values)
        if lines := self._lines(values):
            self.page.set_row(row, _LINE * lines)
        for at, (heading, value) in enumerate(zip(self.headings, values, strict=True)):
            if value is not None:
                self._write(row, at, heading, value)
        self.rows += 1

    def close(self) -> None:
        """Set the filter over all rows; repeat the headings on every printed page."""
        self.page.autofilter(1, 0, HEAD - 1 + max(self.rows, 1), len(self.headings) - 1)
        self.page.repeat_rows(0, HEAD - 1)
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)

    def _lines(self, values: tuple[Any, ...]) -> int:
        """How many lines the row's wrapped text takes; 0 where nothing is wrapped."""
        found = (v for h, v in zip(self.headings, values, strict=True) if h.name in _WRAPPED and v)
        return max((width_of(text) // (_WIDEST - 2) + 1 for text in found), default=0)

    def _write(self, row: int, col: int, heading: Heading, value: Any) -> None:
        style = self.styles.get(heading.type.value, self.styles["text"])
        match heading.type:
            case Type.MONEY | Type.NUMBER:
                self._number(row, col, value, style)
            case Type.INTEGER | Type.REAL:
                self.page.write_number(row, col, value, style)
            case Type.FLAG:
                self.page.write_boolean(row, col, value, style)
            case Type.DAY:
                self.page.write_datetime(row, col, value, style)
            case Type.TEXTS:
                self._texts(row, col, heading, value)
            case _:
                self._text(row, col, heading, value)

    def _number(self, row: int, col: int, value: Decimal, style: Any) -> None:
        if len(plain(abs(value)).replace(".", "").strip("0")) > 15:
            self.losses.exact += 1
            self.page.write_string(row, col, plain(value), self.styles["text"])
        else:
            self.page.write_number(row, col, float(value), style)

    def _texts(self, row: int, col: int, heading: Heading, value: list[str]) -> None:
        if heading.linked and len(value) == 1:
            self._text(row, col, heading, value[0])
        elif value:
            joined = json.dumps(value, ensure_ascii=False)
            self._text(row, col, heading, joined, self.places.get(value[0]))

    def _text(self, row: int, col: int, heading: Heading, text: str, place: Place | None = None) -> None:
        if len(text) > LONGEST:
            self.losses.cut += 1
            text = text[:LONGEST]
        place = place or self.places.get(text)
        style = self.styles["long"] if heading.name in _WRAPPED else self.styles["text"]
        if not heading.linked or place is None:
            self.page.write_string(row, col, text, style)
        elif self.links >= MOST_LINKS:
            self.losses.links += 1
            self.page.write_string(row, col, text, style)
        else:
            self.links += 1
            self.page.write_url(row, col, place.link, self.styles["link"], string=text, tip=place.text[:250])
