"""Folding: what becomes one form, what must stay apart, and that folding twice changes nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizers.text import fold, fold_map, is_filler, strip_ordinal

MARKUP = st.lists(
    st.sampled_from(
        [
            *"<>\\$&{}^ ab12;=≥",
            "<b>",
            "</p>",
            "\\geq",
            "&lt;",
            "&amp;",
            "\\%",
            "b>",
            "<",
            "lt;",
            "\u3000",
            "①",
            "²",
        ]
    ),
    max_size=16,
).map("".join)


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("$\\geq 95\\%$", "≥95%"),
        ("$\\leq$ 5", "≤5"),
        ("$\\ge 3\\ \\text{次}$", "≥3次"),
        ("$\\sim 3 \\times 2$", "~3×2"),
        ("≧95﹪", "≥95%"),
        ("﹦５", "=5"),
        ("＝100", "=100"),
        (">=95", "≥95"),
        ("< = 100", "≤100"),
        ("⩾1", "≥1"),
        ("&ge;95%", "≥95%"),
        ("<p>目标１</p>", "目标1"),
        ("a&nbsp;b", "a b"),
        ("⽬标⻔户⻓", "目标门户长"),
        ("１，０００", "1,000"),
        ("永宁县 政府", "永宁县政府"),
        ("2 厘米", "2厘米"),
        ("10 km", "10 km"),
        ("㎡", "m2"),
        ("m^2", "m2"),
        ("120m²", "120m2"),
        ("（含本级）：", "(含本级):"),
        ("18—54", "18-54"),
    ],
)
def test_fold(raw: str, folded: str) -> None:
    assert fold(raw) == folded


@pytest.mark.parametrize("text", ["$100", "10⁴", "½", "国办发<2019>54号", "3。5", "第一、二"])
def test_what_stays(text: str) -> None:
    assert fold(text) == text


def test_a_circled_number_does_not_run_into_the_digits_behind_it() -> None:
    assert fold("①100次②200次") == "(1)100次(2)200次"


@given(st.one_of(st.text(), MARKUP))
@settings(max_examples=500)
def test_fold_twice_is_fold_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.one_of(st.text(), MARKUP))
@settings(max_examples=300)
def test_map_agrees_with_fold_and_points_into_the_raw_text(text: str) -> None:
    folded = fold_map(text)
    assert folded.text == fold(text)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start <= end <= len(text)


@pytest.mark.parametrize(
    "text", ["<" * 200_000, "$\\" * 100_000, "&" * 200_000, "<" * 50_000 + "b>" * 50_000, " " * 200_000]
)
def test_hostile_markup_is_folded_in_linear_work(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("raw", "ordinal", "name"),
    [
        ("指标1: 全年办理", 1, "全年办理"),
        ("指标2：", 2, ""),
        ("指标:", None, ""),
        ("指标 3 ：x", 3, "x"),
        ("★★★培训人次", None, "培训人次"),
        ("★其中：女性", None, "女性"),
        ("1.发放", 1, "发放"),
        ("(2)建设", 2, "建设"),
        ("十一、建设", 11, "建设"),
        ("①建设", 1, "建设"),
        ("1.5万元", None, "1.5万元"),
        ("10个村", None, "10个村"),
        ("一次办好", None, "一次办好"),
    ],
)
def test_strip_ordinal(raw: str, ordinal: int | None, name: str) -> None:
    assert strip_ordinal(raw) == (ordinal, name)


@pytest.mark.parametrize("text", ["", " ", "……", ".....", "--", "—", "/", "无", "（无）", "N/A", "\u3000"])
def test_filler(text: str) -> None:
    assert is_filler(text)


@pytest.mark.parametrize("text", ["0", "无事故", "-5", "√", "5%"])
def test_no_filler(text: str) -> None:
    assert not is_filler(text)
