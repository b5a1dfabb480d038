"""Serial numbers of days as a sheet shows them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from extractors.sheets.format_code import Section, Token
from extractors.sheets.numbers import numerals

_FIRST_YEAR = 1900
_LAST = 2_958_466  # the day after 9999-12-31
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK = "一二三四五六日"


def moment(serial: Decimal, from_1904: bool = False, decimals: int = 0) -> datetime | None:
    """The moment of a serial number, rounded to (parts of) a second; None when there is none.

    Serials below 60 count from one day later, because the 1900 system has a 29 February 1900.

    >>> moment(Decimal("44927.5")), moment(Decimal(1)), moment(Decimal(-1))
    (datetime.datetime(2023, 1, 1, 12, 0), datetime.datetime(1900, 1, 1, 0, 0), None)
    """
    if not 0 <= serial < _LAST:
        return None
    base = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if serial >= 60 else 31)  # noqa: DTZ001
    seconds = (serial * 86400).quantize(Decimal(1).scaleb(-min(decimals, 6)), ROUND_HALF_UP)
    try:
        return base + timedelta(seconds=int(seconds), microseconds=int(seconds % 1 * 1_000_000))
    except OverflowError:
        return None


def show_date(serial: Decimal, section: Section, from_1904: bool) -> str | None:
    """A date by one section of a format code; None when the number is no date.

    >>> from extractors.sheets.format_code import sections
    >>> show_date(Decimal("45291"), sections('yyyy"年"m"月"d"日"')[0], False)
    '2023年12月31日'
    """
    tokens = section.tokens
    decimals = 0
    for i, token in enumerate(tokens[:-1]):
        if token.kind == "point" and i and tokens[i - 1].text[:1] in ("s", "S"):
            decimals = sum(t.kind == "digit" for t in tokens[i + 1 :])
    when = moment(serial, from_1904, decimals)
    if when is None:
        return None
    return "".join(_piece(i, section, when, serial, decimals) for i in range(len(tokens)))


def _piece(i: int, section: Section, when: datetime, serial: Decimal, decimals: int) -> str:
    token = section.tokens[i]
    if token.kind == "date":
        shown = _date(i, section, when)
        if section.dbnum and shown.isdigit():
            return _spoken(shown, section.dbnum, token.text[0])
        return shown
    if token.kind == "elapsed":
        unit = {"h": 3600, "m": 60, "s": 1}[token.text[0]]
        total = int((serial * 86400).quantize(Decimal(1), ROUND_HALF_UP)) // unit
        return str(total).zfill(len(token.text))
    if token.kind == "ampm":
        am, pm = token.text.split("/")
        return am if when.hour < 12 else pm
    if token.kind == "point":
        return f".{when.microsecond:06d}"[: decimals + 1] if decimals else "."
    return {"literal": token.text, "comma": ",", "percent": token.text}.get(token.kind, "")


def _spoken(digits: str, style: int, letter: str) -> str:
    """Chinese numerals of a date: years digit by digit, 十二月 and not 一十二月."""
    words = numerals(digits, style, letter not in "ye")
    return words[1:] if words.startswith("一十") and letter not in "ye" else words


def _date(i: int, section: Section, when: datetime) -> str:
    text = section.tokens[i].text
    letter, size = text[0], len(text)
    if when.year < _FIRST_YEAR and letter in "yemd" and size <= (4 if letter in "ye" else 2):
        when, zero = when.replace(year=_FIRST_YEAR, month=1), letter == "d"  # a sheet's day 0 is 1900/1/0
        if zero:
            return "0" * size
    if letter == "m" and _is_minute(i, section.tokens):
        return f"{when.minute:0{min(size, 2)}d}"
    if letter in "ye":
        return f"{when.year % 100:02d}" if letter == "y" and size <= 2 else str(when.year)
    if letter == "m" and size > 2:
        if section.chinese:
            return f"{_spoken(str(when.month), 1, letter)}月"
        name = _MONTHS[when.month - 1]
        return {3: name[:3], 4: name}.get(size, name[0])
    if letter == "a" or (letter == "d" and size > 2 and section.chinese):
        return ("" if text == "aaa" else "星期") + _WEEK[when.weekday()]
    if letter == "d" and size > 2:
        return _DAYS[when.weekday()][: 3 if size == 3 else None]
    hour = when.hour
    if section.has("ampm"):
        hour = hour % 12 or 12
    number = {"m": when.month, "d": when.day, "h": hour, "s": when.second}.get(letter)
    return "" if number is None else f"{number:0{min(size, 2)}d}"


def _is_minute(i: int, tokens: tuple[Token, ...]) -> bool:
    """An ``m`` after hours or before seconds is minutes."""
    before = next((t for t in reversed(tokens[:i]) if t.kind in ("date", "elapsed")), None)
    after = next((t for t in tokens[i + 1 :] if t.kind in ("date", "elapsed")), None)
    return bool((before and before.text[0] == "h") or (after and after.text[0] == "s"))
