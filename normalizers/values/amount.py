"""One number with its unit: ``2.88万元``, ``100余次``, ``三斤半``, ``五块六``, ``百分之二``, ``3又1/5``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from normalizers.numerals import (
    DIGITS,
    DIVIDE,
    EXACT,
    SCALES,
    TABLE,
    Numeral,
    read_numeral,
    scale_of,
    scale_pattern,
)
from normalizers.quantity import Kind
from normalizers.units import Unit
from normalizers.values.lexicon import (
    AMOUNT,
    AMOUNT_FIRST,
    FRACTION,
    PERCENT_OF,
    RATIO,
    SPECIAL,
    UNIT_AT,
    UNITS,
    find_unit,
)

HALF = Decimal("0.5")
TEN = Decimal(10)
_SUFFIX = {
    "k": Decimal(1000),
    "K": Decimal(1000),
    "w": Decimal(10000),
    "W": Decimal(10000),
    "M": Decimal(1000000),
}
_SCALE_SET = frozenset(SCALES)
_ONLY_SCALES = re.compile(rf"[{SCALES}]+")
_ELIDED = re.compile(rf"(零)?([{DIGITS}1-9])(?![{DIGITS}{SCALES}\d.%％年月日个次人元块])")
_CHENG_TAIL = re.compile(rf"([{DIGITS}])(?![{DIGITS}{SCALES}个])")
COPULA = UNITS["%"]
_VAGUE = frozenset("近上约逾超过")
DOZEN = Decimal(12)


@dataclass(slots=True)
class Amount:
    """A number (or two, 三五百) with its unit, comparators not yet looked at. ``end`` is exclusive."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    number_raw: str
    number_end: int
    scale: Decimal = Decimal(1)
    unit: Unit | None = None
    unit_raw: str | None = None
    word: str | None = None  # 余, 多, 几
    chinese: bool = False
    tail: Decimal | None = None  # the 亿 of 九百亿, that an elided left end borrows
    classifier: bool = False  # 个 with a counted noun after it
    parser: str = "count"

    def map(self, factor: Decimal) -> None:
        """Multiply exactly."""
        self.low = EXACT.multiply(self.low, factor)
        self.high = None if self.high is None else EXACT.multiply(self.high, factor)

    def add(self, value: Decimal) -> None:
        """Add exactly."""
        self.low = EXACT.add(self.low, value)
        self.high = None if self.high is None else EXACT.add(self.high, value)


def read_amount(text: str, at: int) -> Amount | None:
    """The longest amount that begins exactly at ``at``, or None."""
    first = text[at : at + 1]
    if first not in AMOUNT_FIRST and not first.isdecimal():
        return None
    best = _plain(text, at)
    if not SPECIAL.match(text, at):
        return best
    for special in (_percent_of, _fraction, _ratio):
        other = special(text, at)
        if other is not None and (best is None or other.end > best.end):
            best = other
    return best


def _negative(match: re.Match[str], *names: str) -> bool:
    return any((match[name] or "") in ("-", "负", "零下") for name in names)


def _plain(text: str, at: int) -> Amount | None:
    match = AMOUNT.match(text, at)
    if match is None:
        return None
    printed = match["num"]
    if printed == "半":
        number: Numeral | None = Numeral(HALF)
    elif printed[0] in _SCALE_SET and _ONLY_SCALES.fullmatch(printed):
        number = Numeral(scale_of(printed))
    else:
        number = read_numeral(printed.replace(" ", ""))
    if number is None or not _allowed(match, printed):
        return None
    amount = Amount(at, match.end("num"), number.low, number.high, printed, match.end("num"))
    amount.chinese = not ("0" <= printed[0] <= "9" or printed[0] == ".")
    _scale(amount, match)
    _unit(amount, match, text)
    if (match["neg"] or match["neg2"]) and _negative(match, "neg", "neg2"):
        amount.low, amount.high = -amount.low, None if amount.high is None else -amount.high
    return amount


def _allowed(match: re.Match[str], printed: str) -> bool:
    """A numeral of scale characters only (百, 千) needs 几/数/上 before or 余/多 after it."""
    if printed == "半":
        return bool(match["unit"] or match["ge"])
    if printed[0] not in _SCALE_SET or printed[0] in "十拾" or not _ONLY_SCALES.fullmatch(printed):
        return match["few"] is None or printed[0] in _SCALE_SET
    before = match.string[match.start() - 1 : match.start()]
    return bool(match["few"] or match["mid"] or (before and before in _VAGUE))


def _scale(amount: Amount, match: re.Match[str]) -> None:
    """Scale characters and letters: the 万 of 2.88万, the 万 of 500余万, the K of 40K."""
    printed = amount.number_raw
    arabic = scale_pattern().fullmatch(printed)
    if arabic and arabic[2]:
        amount.scale = scale_of(arabic[2])
        amount.tail, amount.number_raw = amount.scale, arabic[1]
        amount.number_end = match.start("num") + len(arabic[1])
    elif not arabic:
        stripped = printed.rstrip("万亿兆")
        amount.tail = scale_of(printed[len(stripped) :]) if stripped != printed else None
        if amount.tail is None and len(printed) == 2 and printed[1] in "百千佰仟":
            amount.tail = scale_of(printed[1])
        elif amount.tail is not None and len(stripped) == 2 and stripped[1] in "百千佰仟":
            amount.tail = EXACT.multiply(amount.tail, scale_of(stripped[1]))
    mid, scale, letter, dozen, mid2, tail, few = match.group(
        "mid", "scale", "k", "dozen", "mid2", "tail", "few"
    )
    amount.word = mid or mid2 or tail or few
    if not (mid or letter or dozen or mid2):
        return
    if scale:
        factor = scale_of(scale)
        amount.map(factor)
        amount.scale = EXACT.multiply(amount.scale, factor)
    if letter:
        amount.map(_SUFFIX[letter])
        amount.scale = _SUFFIX[letter]
    if dozen:
        amount.map(DOZEN)
        amount.scale = DOZEN
    ends = [match.end(name) for name in ("mid", "scale", "k", "dozen", "mid2") if match[name]]
    amount.end = max([amount.end, *ends])


def _unit(amount: Amount, match: re.Match[str], text: str) -> None:
    surface = match["unit"] or match["bracket"]
    unit = find_unit(surface) if surface else None
    half = match["half"] or match["gehalf"]
    if match["ge"] and (unit is None or (unit.kind is Kind.COUNT and unit.dimension == "count")):
        unit, amount.end = UNITS["个"], match.end("ge")
        amount.classifier, half = True, match["gehalf"]
        if match["mid2"]:
            amount.end = match.end("mid2")
    elif surface in ("成", "折"):
        _tenths(amount, match, text)
        return
    elif unit is not None:
        amount.end = match.end()
    if half and unit is not None:
        amount.add(HALF)
    if unit is not None and unit.id == "度" and match["thermo"]:
        unit = find_unit(match["thermo"] + "度")
    if match["cur"] and (unit is None or unit.kind is Kind.MONEY):
        unit = find_unit(match["cur"])
        amount.unit_raw = None if surface else match["cur"]
    amount.unit = unit
    raw = text[amount.number_end : amount.end]
    raw = raw.strip("()") if match["bracket"] else raw
    for piece in (match["mid"], match["mid2"], match["tail"]):
        raw = raw.replace(piece, "", 1) if piece else raw
    amount.unit_raw = amount.unit_raw or raw.strip(" ") or None
    if unit is not None and unit.id == "元" and unit.factor == 1 and unit.kind is Kind.MONEY:
        amount.parser = "money"


def _tenths(amount: Amount, match: re.Match[str], text: str) -> None:
    """成 and 折 count tenths; 七成六 and 三成半 go on, 三八折 is two digits behind the point."""
    surface = match["unit"]
    amount.end = match.end("unit")
    if len(amount.number_raw.replace(" ", "")) == 2 and amount.low >= 11 and surface == "折":
        amount.low = amount.low / TEN
    if surface == "折" and amount.high is not None and amount.low < TEN < amount.high:
        amount.high = None
    if surface == "折" and amount.high is not None:
        amount.low, amount.high = EXACT.add(amount.low, amount.high / TEN), None
    amount.map(TEN)
    if match["half"]:
        amount.add(Decimal(5))
        amount.end = match.end("half")
    tail = _CHENG_TAIL.match(text, amount.end)
    if tail and surface == "成":
        amount.add(Decimal(TABLE.digits[tail[1]]))
        amount.end = tail.end()
    amount.unit, amount.unit_raw, amount.parser = COPULA, surface, "percent"


def _percent_of(text: str, at: int) -> Amount | None:
    """百分之五, 千分之一, 百分之五十八点二."""
    match = PERCENT_OF.match(text, at)
    number = read_numeral(match["num"]) if match else None
    if match is None or number is None:
        return None
    amount = Amount(at, match.end(), number.low, number.high, match["num"], match.end())
    amount.map(DIVIDE.divide(Decimal(100), scale_of(match["den"])))
    if _negative(match, "neg"):
        amount.map(Decimal(-1))
    amount.unit, amount.chinese, amount.parser = COPULA, True, "percent"
    amount.unit_raw = match["den"] + "分之"
    return amount


def _fraction(text: str, at: int) -> Amount | None:
    """三分之二, 一又二分之一, 1/5."""
    match = FRACTION.match(text, at)
    if match is None or (match["a"] and len(match["a"]) == 4 == len(match["b"])):
        return None  # 2023/2024 is no fraction
    top, bottom = read_numeral(match["num"] or match["a"]), read_numeral(match["den"] or match["b"])
    whole = read_numeral(match["whole"]) if match["whole"] else Numeral(Decimal(0))
    if top is None or bottom is None or whole is None or not bottom.low:
        return None
    value = EXACT.add(whole.low, DIVIDE.divide(top.low, bottom.low))
    amount = Amount(
        at, match.end(), value, None, match.group(), match.end(), chinese=match["a"] is None, parser="ratio"
    )
    unit = UNIT_AT.match(text, amount.end)
    if unit is not None and match["a"] is None:
        amount.unit, amount.unit_raw, amount.end = find_unit(unit.group()), unit.group(), unit.end()
    if _negative(match, "neg"):
        amount.map(Decimal(-1))
    return amount


def _ratio(text: str, at: int) -> Amount | None:
    match = RATIO.match(text, at)
    if match is None:
        return None
    top, bottom = read_numeral(match["a"]), read_numeral(match["b"])
    if top is None or bottom is None or not bottom.low:
        return None
    value = DIVIDE.divide(top.low, bottom.low)
    return Amount(at, match.end(), value, None, match.group(), match.end(), parser="ratio")


def elided_money(text: str, amount: Amount, last: Decimal) -> Decimal | None:
    """The 六 of 五块六 and the 四 of 三块零四: a digit without unit after money, as an amount in 元."""
    match = _ELIDED.match(text, amount.end)
    if match is None:
        return None
    digit = Decimal(
        TABLE.digits.get(match[2], 0) or int(match[2]) if match[2].isdigit() else TABLE.digits[match[2]]
    )
    amount.end = match.end()
    step = Decimal("0.01") if match[1] else last / TEN
    return EXACT.multiply(digit, step)
