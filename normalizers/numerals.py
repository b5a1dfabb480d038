"""Arabic, Chinese and financial numerals, mixed forms and 万/亿 to Decimal. The characters are data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache

from pydantic import ConfigDict

from normalizers.reference import Reference, load_yaml


class Numerals(Reference):
    """The ``numerals`` block of ``words.yaml``."""

    seen: str
    digits: dict[str, int]
    small: dict[str, int]
    tens: dict[str, int]
    big: dict[str, int]


class _Words(Reference):
    model_config = ConfigDict(extra="ignore", frozen=True)
    numerals: Numerals


TABLE = load_yaml("words.yaml", _Words).numerals
# Wide enough for every exact product of amounts a form can print.
EXACT = Context(prec=60)
# A division rarely ends: as many digits as decimal's default.
DIVIDE = Context(prec=28)
MAX_LENGTH = 48
SCALES = "".join({**TABLE.small, **TABLE.big})
DIGITS = "".join(TABLE.digits)
ARABIC = r"\d{1,3}(?:,\d{3})++(?![\d,])(?:\.\d++)?|\d++(?:\.\d++)?|\.\d++"

_SMALL = {char: Decimal(value) for char, value in TABLE.small.items()}
_TENS = {char: Decimal(value) for char, value in TABLE.tens.items()}
_BIG = {char: Decimal(value) for char, value in TABLE.big.items()}
_PIECE = re.compile(rf"(?P<arabic>{ARABIC})|(?P<digits>[{DIGITS}]+)|(?P<point>点)|(?P<unit>.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A read numeral; ``high`` is set when two digits stand for a span (三五百 → 300, 500)."""

    low: Decimal
    high: Decimal | None = None


@lru_cache(maxsize=1)
def scale_pattern() -> re.Pattern[str]:
    """Scale characters at the end of an Arabic number: the 万 of 2.88万."""
    return re.compile(rf"({ARABIC})([{SCALES}]*)")


def scale_of(chars: str) -> Decimal:
    """Product of scale characters: ``万`` → 10000, ``千万`` → 10000000.

    Example:
        >>> scale_of("千万")
        Decimal('10000000')
    """
    product = Decimal(1)
    for char in chars:
        product = EXACT.multiply(product, _SMALL.get(char) or _BIG[char])
    return product


def read_numeral(text: str) -> Numeral | None:
    """Read one numeral, nothing before or after it.

    Args:
        text: folded and simplified, e.g. ``1,050``, ``2.88万``, ``三万五``, ``5万4千6百``, ``四十五六``.

    Returns:
        Its value, or None when the characters make no number. Never raises.

    Example:
        >>> read_numeral("一百二十万三").low, read_numeral("三五百"), read_numeral("万一")
        (Decimal('1203000'), Numeral(low=Decimal('300'), high=Decimal('500')), None)
    """
    if not text or len(text) > MAX_LENGTH:
        return None
    match = scale_pattern().fullmatch(text)
    if match:
        if text[0] == "0" and text[1:2].isdigit():
            return None  # 007 is a code
        number = Decimal(match[1].replace(",", ""))
        return Numeral(EXACT.multiply(number, scale_of(match[2])) if match[2] else number)
    try:
        reader = _Reader()
        for piece in _PIECE.finditer(text):
            if not reader.take(piece.lastgroup or "", piece.group()):
                return None
        return reader.result()
    except (InvalidOperation, KeyError, ValueError):
        return None


class _Reader:
    """Left-to-right reading: ``total`` (closed by 万/亿), ``section`` below it, digits still pending."""

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.section = Decimal(0)
        self.pending: Decimal | None = None
        self.high: Decimal | None = None  # the second of two adjacent digits
        self.spread: Decimal | None = None  # what the second digit adds to the whole
        self.big = Decimal(0)  # the last 万 / 亿
        self.last = Decimal(1)  # the unit before the pending digit, for 三万五
        self.zero = False
        self.decimal: str | None = None
        self.seen = False

    def take(self, kind: str, text: str) -> bool:
        if kind == "point":
            return self._point()
        if kind == "arabic":
            return self._arabic(text)
        if kind == "digits":
            return self._digits(text)
        return self._unit(text)

    def _point(self) -> bool:
        if self.decimal is not None or not self.seen or self.high is not None:
            return False
        self._close(elided=False)
        self.decimal = ""
        return True

    def _arabic(self, text: str) -> bool:
        if self.decimal is not None:
            if self.decimal or not text.isdigit():
                return False
            self.decimal = text
            return True
        if self.pending is not None:
            return False
        self.pending = Decimal(text.replace(",", ""))
        self.seen = True
        if len(text) > 1:
            self.zero = True  # 1万600 is 10600: more than one digit is never elided
        return True

    def _digits(self, text: str) -> bool:
        values = [TABLE.digits[char] for char in text]
        if self.decimal is not None:
            self.decimal += "".join(map(str, values))
            return True
        if self.pending is not None:
            return False
        self.seen = True
        stripped = len(values) - len("".join(map(str, values)).lstrip("0"))
        if stripped:
            self.zero = True
            values = values[stripped:]
        if not values:
            return True
        if len(values) == 2 and values[0] > 0 and (values[1] - values[0] == 1 or values == [3, 5]):
            self.pending, self.high = Decimal(values[0]), Decimal(values[1])
        elif len(values) == 1 or (self.section == 0 and self.total == 0):
            self.pending = Decimal("".join(map(str, values)))
            self.zero = self.zero or len(values) > 1
        else:
            return False
        return True

    def _unit(self, char: str) -> bool:
        if char in _TENS:
            self.section += _TENS[char]
            self.last, self.seen, self.zero = Decimal(10), True, False
            return self.pending is None
        if char in _SMALL:
            return self._small(_SMALL[char])
        if char in _BIG:
            return self._big(_BIG[char])
        return False

    def _small(self, unit: Decimal) -> bool:
        if self.decimal is not None:
            return False
        count = Decimal(1) if self.pending is None else self.pending
        if self.high is not None and self.pending is not None:
            self.spread, self.high = EXACT.multiply(self.high - self.pending, unit), None
        self.section = EXACT.add(self.section, EXACT.multiply(count, unit))
        self.pending, self.last, self.seen, self.zero = None, unit, True, False
        return True

    def _big(self, unit: Decimal) -> bool:
        if not self.seen:
            return False
        self._close(elided=False)
        self._fraction()
        if self.section and unit == self.big:
            return False  # 854万854万 is no number
        if self.spread is not None:
            self.spread = EXACT.multiply(self.spread, unit)
        if self.section == 0 or self.total < unit:
            whole = EXACT.add(self.total, self.section) if self.total < unit else self.total
            self.total = EXACT.multiply(whole, unit)
        else:
            self.total = EXACT.add(self.total, EXACT.multiply(self.section, unit))
        self.section, self.last, self.big, self.zero = Decimal(0), unit, unit, False
        return True

    def _close(self, *, elided: bool) -> None:
        """Add the pending digit: alone it counts ones, after a unit without 零 a tenth of that unit."""
        if self.pending is None:
            return
        unit = Decimal(1)
        if elided and not self.zero and self.last > 1:
            unit = self.last / 10
        if self.high is not None:
            self.spread, self.high = EXACT.multiply(self.high - self.pending, unit), None
        self.section = EXACT.add(self.section, EXACT.multiply(self.pending, unit))
        self.pending = None

    def _fraction(self) -> None:
        if self.decimal:
            self.section = EXACT.add(self.section, Decimal("0." + self.decimal))
        self.decimal = None

    def result(self) -> Numeral | None:
        if not self.seen or self.decimal == "":
            return None
        self._close(elided=self.decimal is None)
        self._fraction()
        low = EXACT.add(self.total, self.section)
        return Numeral(low, None if self.spread is None else EXACT.add(low, self.spread))
