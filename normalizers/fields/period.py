"""Project periods (项目期): first and last day, or what little is printed."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from normalizers.fields.model import FIELDS
from normalizers.text import fold

PeriodKind = Literal["span", "open", "duration", "unread", "blank"]


@dataclass(frozen=True, slots=True)
class Period:
    """A project period. ``start`` and ``end`` are the first and last day, both inclusive, or None.

    ``kind``: ``span`` (dates printed), ``open`` (长期), ``duration`` (``1年``: ``months`` without a
    start), ``blank``, ``unread``.
    """

    raw: str
    kind: PeriodKind
    start: date | None = None
    end: date | None = None
    months: int | None = None


_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?P<m8>0[1-9]|1[0-2])(?P<d8>[0-3]\d)(?!\d)"
    r"|(?P<y3>(?:19|20)\d\d)(?:年|[-./])(?P<m3>1[0-2]|0?[1-9])(?:月|[-./])(?P<d3>[12]\d|3[01]|0?[1-9])(?:日|(?!\d|月))"
    r"|(?P<y2>(?:19|20)\d\d)(?:年|[-./])(?P<m2>1[0-2]|0?[1-9])(?!\d)月?份?"
    r"|(?P<y1>(?:19|20)\d\d)(?!\d)"
    r"|(?P<m1>1[0-2]|0?[1-9])月(?:份|(?P<d1>[12]\d|3[01]|0?[1-9])日)?"
)
_MONTHS = re.compile(r"(?P<first>1[0-2]|[1-9])月?[-~—至到](?P<last>1[0-2]|[1-9])月份?")
_DURATION = re.compile(r"(?P<n>\d{1,2}|[一二两三四五六七八九十])(?:个)?(?P<unit>年|月|季度)(?:期)?")
_COUNT = {char: i for i, char in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_UNIT = {"年": 12, "月": 1, "季度": 3}


def read_period(text: str, *, year: int | None = None) -> Period:
    """A 项目期 cell as first and last day.

    Args:
        text: the cell (``2023``, ``2023-2025年``, ``2023年1月-12月``, ``长期``, ``1年``).
        year: the form's fiscal year; fills only what the cell leaves to it (``全年``, ``1-12月``).

    Example:
        >>> p = read_period("2023年1月-12月"); p.start.isoformat(), p.end.isoformat()
        ('2023-01-01', '2023-12-31')
        >>> read_period("1年").months, read_period("长期").kind
        (12, 'open')
    """
    folded = fold(text).replace(" ", "").strip("()。;,")
    if not folded:
        return Period(text, "blank")
    if folded in FIELDS.period.open:
        return Period(text, "open")
    if folded in FIELDS.period.whole_year:
        return _span(text, (year, 1, 1), (year, 12, 31)) if year else Period(text, "unread")
    months = _MONTHS.fullmatch(folded)
    if months and year:
        return _span(text, (year, int(months["first"]), 1), (year, int(months["last"]), 31))
    length = _DURATION.fullmatch(folded)
    if length:
        count = _COUNT.get(length["n"]) or int(length["n"])
        return Period(text, "duration", months=count * _UNIT[length["unit"]])
    return _dated(text, folded)


Point = tuple[int, int | None, int | None]


def _dated(raw: str, folded: str) -> Period:
    points: list[Point] = []
    rest, at = "", 0
    for found in _DATE.finditer(folded):
        point = _point(found, points)
        if point is None:
            return Period(raw, "unread")
        points.append(point)
        rest, at = rest + folded[at : found.start()] + "|", found.end()
    rest += folded[at:]
    for word in FIELDS.period.filler:
        rest = rest.replace(word, "")
    between = rest.strip("|")
    if not 1 <= len(points) <= 2 or rest.count("|") != len(points) or rest.strip("|" + FIELDS.period.joiners):
        return Period(raw, "unread")
    if len(points) == 2 and not between and rest == "||":
        return Period(raw, "unread")
    first, last = points[0], points[-1]
    if len(points) == 1 and folded.endswith("起"):
        start = _span(raw, (first[0], first[1] or 1, first[2] or 1), (first[0], 12, 31))
        return Period(raw, "open", start.start)
    return _span(raw, (first[0], first[1] or 1, first[2] or 1), (last[0], last[1] or 12, last[2] or 31))


def _point(found: re.Match[str], before: list[Point]) -> Point | None:
    """One printed date; a month alone takes the year of the date before it."""
    g = found.groupdict()
    year = g["y"] or g["y3"] or g["y2"] or g["y1"]
    month = g["m8"] or g["m3"] or g["m2"] or g["m1"]
    day = g["d8"] or g["d3"] or g["d1"]
    if year is None and not before:
        return None
    return (
        int(year) if year else before[-1][0],
        int(month) if month else None,
        int(day) if day else None,
    )


def _span(raw: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> Period:
    try:
        start = date(*first)
        end = date(last[0], last[1], min(last[2], calendar.monthrange(last[0], last[1])[1]))
    except ValueError:
        return Period(raw, "unread")
    return Period(raw, "span", start, end) if start <= end else Period(raw, "unread")
