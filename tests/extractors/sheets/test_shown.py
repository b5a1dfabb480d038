from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from extractors.sheets.shown import shown, shown_text

SPEC = Path(__file__).parents[2] / "specs" / "sheets" / "shown.yaml"
CASES = yaml.safe_load(SPEC.read_text(encoding="utf-8"))["shown"]


@pytest.mark.parametrize(("value", "code", "expected"), CASES)
def test_as_displayed(value: str, code: str, expected: str) -> None:
    assert shown(value, code) == expected


def test_the_1904_system_counts_from_another_day() -> None:
    assert shown(0, "yyyy-mm-dd", True) == "1904-01-01"


def test_a_text_through_a_format_of_its_own() -> None:
    assert shown_text("=1+1", "@") == "=1+1"
    assert shown_text("甲", '0;-0;0;@"等"') == "甲等"


@given(st.integers(-(10**14), 10**14))
def test_grouping_loses_no_digit(number: int) -> None:
    assert int(shown(number, "#,##0").replace(",", "")) == number


@given(st.decimals(-(10**9), 10**9, places=2))
def test_two_decimals_are_all_shown(number: Decimal) -> None:
    assert Decimal(shown(str(number), "0.00")) == number
    assert Decimal(shown(str(number))) == number


@given(st.text(max_size=30), st.text(alphabet='0#?.,%;"\\_*[]@yMdhs/EGeneral万', max_size=20))
def test_any_value_and_code_give_a_text(value: str, code: str) -> None:
    assert isinstance(shown(value, code), str)
    assert isinstance(shown("12.5", code), str)
    assert isinstance(shown("-45291.3", code), str)
    assert isinstance(shown_text(value, code), str)
