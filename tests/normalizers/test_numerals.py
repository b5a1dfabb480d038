"""Numerals in all their printed forms."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.numerals import read_numeral, scale_of

DIGITS = "零一二三四五六七八九"


def spell(number: int) -> str:
    """A number below 10^8 in plain Chinese, written here independently of the reader."""
    if number >= 10000:
        rest = number % 10000
        return spell(number // 10000) + "万" + (("零" if rest < 1000 else "") + spell(rest) if rest else "")
    out, zero = "", False
    for unit, char in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out, zero = out + ("零" if zero and out else "") + DIGITS[digit] + char, False
        else:
            zero = True
    return out


@given(st.integers(1, 99_999_999))
def test_spelled_numbers_come_back(number: int) -> None:
    numeral = read_numeral(spell(number))
    assert numeral is not None
    assert (numeral.low, numeral.high) == (number, None)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1,050", "1050", None),
        ("2.88万", "28800", None),
        ("三万五", "35000", None),
        ("一万零三", "10003", None),
        ("5万4千6百", "54600", None),
        ("1万600", "10600", None),
        ("一百点123", "100.123", None),
        ("二十点一万", "201000", None),
        ("三百五十万亿", "350000000000000", None),
        ("五百卅四", "534", None),
        ("廿二", "22", None),
        ("二〇二四", "2024", None),
        ("千三", "1300", None),
        ("壹拾壹万壹仟", "111000", None),
        ("三五百", "300", "500"),
        ("四十五六万", "450000", "460000"),
        ("七百三四十", "730", "740"),
        ("五六十", "50", "60"),
    ],
)
def test_forms(text: str, low: str, high: str | None) -> None:
    numeral = read_numeral(text)
    assert numeral is not None
    assert numeral.low == Decimal(low)
    assert numeral.high == (None if high is None else Decimal(high))


@pytest.mark.parametrize(
    "text",
    ["", "万", "万一", "亿", "点五", "一点", "854万854万", "007", "一点二点三", "1" * 60, "十三五一二"],
)
def test_no_number(text: str) -> None:
    assert read_numeral(text) is None


@given(st.text(alphabet="零一二三四五六七八九十百千万亿兆点廿两0123456789.,", max_size=12))
def test_never_raises(text: str) -> None:
    read_numeral(text)


def test_scale() -> None:
    assert scale_of("千万") == 10_000_000
