"""Calendar spans and dates: ``2024年全年``, ``2021年1月-12月``, ``12月底到位``, ``2020-05-26``."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from normalizers.numerals import read_numeral
from normalizers.quantity import Kind
from normalizers.reference import Reference, load_yaml
from normalizers.units import trie_pattern
from normalizers.values.draft import Draft
from normalizers.values.lexicon import BEFORE, BEFORE_FIRST, BEFORE_RUN


class _Dates(Reference):
    """Model of ``dates.yaml``."""

    seen: str
    year_spans: dict[str, tuple[int, int]]
    year_ends: tuple[str, ...]
    relative: tuple[str, ...]
    before_words: tuple[str, ...]
    harmless: tuple[str, ...]


_DATES = load_yaml("dates.yaml", _Dates)
_CN = "〇○零一二三四五六七八九"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_YEAR = rf"(?:19|20)\d{{2}}|[一二][九{_CN[:3]}][{_CN}]{{2}}"
_EDGE = "上旬|中旬|下旬|底|末|初"
_POINT = re.compile(
    rf"(?:(?P<y>{_YEAR})(?:年度?|财年|学年)的?"
    rf"(?:(?P<span>{trie_pattern([f'第{k}' for k in _DATES.year_spans if '季' in k] + list(_DATES.year_spans))})"
    rf"|第?(?P<q>[1-4])季度|第(?P<nth>{_MONTH})个月"
    rf"|(?P<m>{_MONTH})(?:月份?)(?:(?P<d>{_DAY})[日号]?(?![\d月])|(?P<edge>{_EDGE}))?"
    rf"|(?P<end>{trie_pattern(list(_DATES.year_ends))}))?"
    rf"|(?P<y2>(?:19|20)\d{{2}})(?P<sep>[-./ ])(?P<m2>1[0-2]|0?[1-9])(?:(?P=sep)(?P<d2>{_DAY})(?!\d))?(?![\d.%])"
    rf"|(?P<y3>(?:19|20)\d{{2}})(?P<m3>0[1-9]|1[0-2])(?P<d3>0[1-9]|[12]\d|3[01])(?![\d.,%万亿千一-鿿])"
    rf"|(?P<m4>{_MONTH})(?:月份?)(?:(?P<d4>{_DAY})[日号]?(?![\d月])|(?P<edge4>{_EDGE}))?"
    rf"|(?P<d5>{_DAY})[日号](?!内|以内)"
    rf"|(?P<relative>第[1-4]季度|[每次当][月年](?:{_MONTH}月)?{_DAY}[日号]|每年{_MONTH}月(?:{_EDGE})?|{trie_pattern(list(_DATES.relative))}))"
)
_MONTHS = re.compile(
    rf"(?:(?P<y>{_YEAR})年的?)?(?P<a>{_MONTH})(?:月份?)?(?:-+|~+|至|到)(?P<b>{_MONTH})月份?(?!\d|{_DAY}[日号])(?P<edge>底|末)?"
)
_YEARS = re.compile(rf"(?P<a>{_YEAR})年?(?:-+|~+|/|至|到)(?P<b>{_YEAR})年度?")
_OPEN = re.compile(r"从|自|于|在|截至|截止到?|到|至")
_RANGE = re.compile(r"-+|~+|至|到")
_SUFFIX = re.compile(trie_pattern([*_DATES.before_words, *_DATES.harmless]))
_LATE = frozenset(_DATES.before_words) - {"止", "为止", "内", "以内", "之内"}
# Every relative date holds one of these.
DATE_BEGIN = "年月季日"
# 年度 before 资金 belongs to that word, 年底 before 前 or 完成 does not.
_BOUND = re.compile(rf"(?!{trie_pattern([*_DATES.before_words, *_DATES.harmless])})[一-鿿]")
DATE_FIRST = "一二十三四五六七八九第从自于在截到至本当年全上下月每季常项合预学次"
_EVERY = [word[1:] for word in _DATES.relative if word[0] == "每"]
# What a date can begin with: digits and 每 only where what follows belongs to a date.
_FIRST = re.compile(
    r"\d++[年财学月日号\-./ ~至到]|\d{8}(?!\d)"
    rf"|每(?:[月年](?:\d++[月日号]|[一二三四五六七八九十])|{trie_pattern(_EVERY)})"
    f"|[{DATE_FIRST.replace('每', '')}]"
)
# Words a date may end in; 份 is a unit too.
DATE_TAILS = frozenset([*_DATES.before_words, *_DATES.harmless])


@dataclass(slots=True)
class _Span:
    """A matched date: its days (None where the year is not printed), and how it was written."""

    start: date | None
    end: date | None
    year: int | None
    month: int | None
    edge: bool
    match: re.Match[str]


def read_date(text: str, at: int) -> Draft | None:
    """The calendar span that begins exactly at ``at``, or None. A bare ``8日`` is no date here."""
    begin, late = at, False
    run = BEFORE_RUN.match(text, at) if text[at] in BEFORE_FIRST else None
    if run is not None and BEFORE.get(run.group()) in ("le", "lt"):
        begin, late = run.end(), True
    if not _FIRST.match(text, begin):
        return None
    opened = _OPEN.match(text, begin)
    begin = opened.end() if opened else begin
    draft = _months(text, begin) or _years(text, begin) or _points(text, begin)
    if draft is None:
        return None
    draft.deadline = draft.deadline or late or (opened is not None and opened.group()[0] in "截到至")
    draft.start = at
    _suffix(text, draft)
    draft.kind = Kind.DEADLINE if draft.deadline else Kind.DATE_PERIOD
    if draft.deadline and (draft.date_start is None or not _RANGE.search(text, at, draft.end)):
        draft.date_start = None
    draft.number_raw = text[at : draft.end]
    draft.unit_raw = "年" if "年" in draft.number_raw else None
    draft.parser = "deadline" if draft.deadline else "period"
    return draft


def _suffix(text: str, draft: Draft) -> None:
    for _ in range(3):
        match = _SUFFIX.match(text, draft.end)
        if match is None:
            return
        draft.end = match.end()
        draft.deadline = draft.deadline or match.group() in _LATE


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text)
    number = read_numeral(text.replace("○", "〇"))
    return None if number is None else int(number.low)


def _year(text: str | None) -> int | None:
    if not text:
        return None
    digits = "".join(
        c if c.isascii() else str("零一二三四五六七八九".find(c.replace("〇", "零").replace("○", "零")))
        for c in text
    )
    return int(digits)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _months(text: str, at: int) -> Draft | None:
    """1-9月, 2021年1月-12月."""
    match = _MONTHS.match(text, at)
    if match is None:
        return None
    first, last, year = _number(match["a"]), _number(match["b"]), _year(match["y"])
    if first is None or last is None or first > last:
        return None
    draft = Draft(at, match.end())
    if year is not None:
        draft.date_start, draft.date_end = date(year, first, 1), _month_end(year, last)
    return draft


def _years(text: str, at: int) -> Draft | None:
    """2008年-2018年."""
    match = _YEARS.match(text, at)
    first, last = (_year(match["a"]), _year(match["b"])) if match else (None, None)
    if match is None or first is None or last is None or first > last:
        return None
    if match.end() < len(text) and text[match.end()] in "0123456789一二三四五六七八九十":
        return None
    return Draft(at, match.end(), date_start=date(first, 1, 1), date_end=date(last, 12, 31))


def _points(text: str, at: int) -> Draft | None:
    first = _point(text, at, None)
    if first is None:
        return None
    if first.match["d5"] or (first.match["relative"] and _BOUND.match(text, first.match.end())):
        return None
    loose = first.match["y2"] and not first.match["d2"] and first.match["sep"] in ". "
    draft = Draft(at, first.match.end(), date_start=first.start, date_end=first.end, deadline=first.edge)
    connect = _RANGE.match(text, draft.end)
    second = _point(text, connect.end(), first) if connect else None
    if second is not None and (first.end is None or (second.end is not None and second.end >= first.end)):
        draft.end, draft.date_end, draft.deadline = second.match.end(), second.end, False
        if first.start is None:
            draft.date_start = None
    elif loose and not _SUFFIX.match(text, draft.end):
        return None  # 2023.12 alone is a number
    return draft


def _point(text: str, at: int, before: _Span | None) -> _Span | None:
    match = _POINT.match(text, at)
    if match is None:
        return None
    year = _year(match["y"] or match["y2"] or match["y3"]) or (before.year if before else None)
    month = _number(match["m"] or match["m2"] or match["m3"] or match["m4"] or match["nth"])
    day = _number(match["d"] or match["d2"] or match["d3"] or match["d4"] or match["d5"])
    if match["d5"] and before is not None:
        month = before.month
    edge = match["edge"] or match["edge4"] or match["end"] or ""
    if match["relative"]:
        late = match["relative"].endswith(("底", "末", "终"))
        return _Span(None, None, None, None, late, match)
    start, end = _days(match, year, month, day)
    if day is not None and year is not None and start is None:
        return None
    if edge in ("上旬", "中旬", "下旬") and start is not None and end is not None:
        start, end = _third(start, end, edge)
    return _Span(start, end, year, month, edge.endswith(("底", "末", "终", "前")), match)


def _days(
    match: re.Match[str], year: int | None, month: int | None, day: int | None
) -> tuple[date | None, date | None]:
    if year is None:
        return None, None
    if month is not None and day is not None:
        exact = _day(year, month, day)
        return exact, exact
    if month is not None:
        return date(year, month, 1), _month_end(year, month)
    first, last = 1, 12
    if match["span"]:
        first, last = _DATES.year_spans[match["span"].removeprefix("第")]
    elif match["q"]:
        first, last = int(match["q"]) * 3 - 2, int(match["q"]) * 3
    return date(year, first, 1), _month_end(year, last)


def _third(start: date, end: date, edge: str) -> tuple[date, date]:
    """Ten-day parts of a month."""
    if edge == "上旬":
        return start, start + timedelta(days=9)
    if edge == "中旬":
        return start + timedelta(days=10), start + timedelta(days=19)
    return start + timedelta(days=20), end
