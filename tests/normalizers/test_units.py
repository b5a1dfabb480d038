"""The table of units."""

from __future__ import annotations

import re

import pytest

from normalizers.quantity import Kind
from normalizers.units import trie_pattern, unit_table

TABLE = unit_table()


@pytest.mark.parametrize(
    ("surface", "unit", "dimension", "base"),
    [
        ("元", "元", "money", "元"),
        ("公里", "千米", "length", "米"),
        ("m2", "平方米", "area", "平方米"),
        ("亩", "亩", "area", "平方米"),
        ("年", "年", "time", "月"),
        ("季度", "季度", "time", "月"),
        ("小时", "小时", "time", "秒"),
        ("周", "周", "time", "秒"),
        ("工作日", "工作日", "time", None),
        ("%", "%", "percent", "1"),
        ("人次", "人次", "count", None),
        ("人", "人", "count", None),
        ("千瓦时", "千瓦时", "energy", "千瓦时"),
        ("摄氏度", "摄氏度", "temperature", None),
    ],
)
def test_unit(surface: str, unit: str, dimension: str, base: str | None) -> None:
    found = TABLE[surface]
    assert (found.id, found.dimension, found.base) == (unit, dimension, base)


def test_counts_never_convert() -> None:
    assert all(unit.factor is None for unit in TABLE.values() if unit.kind is Kind.COUNT)


def test_every_factor_has_a_base_that_is_a_unit_itself() -> None:
    for unit in TABLE.values():
        if unit.factor is not None and not unit.chain and unit.base != "1":
            assert TABLE[unit.base or ""].factor == 1, unit


def test_surfaces_are_many_and_folded() -> None:
    assert len(TABLE) > 900
    assert not [surface for surface in TABLE if surface != surface.strip()]


def test_trie_takes_the_longest_word() -> None:
    pattern = re.compile(trie_pattern(["人", "人次", "人天次", "件"]))
    assert [m.group() for m in pattern.finditer("人次人件人天次")] == ["人次", "人", "件", "人天次"]
