"""Quantities in running words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.mentions import find_quantities


def _read(text: str) -> list[tuple[str, str | None, str | None]]:
    return [
        (text[q.start : q.end], q.unit, str(q.base_lower if q.base_lower is not None else q.base_upper))
        for q in find_quantities(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("办公经费60万", [("60万", "元", "600000")]),
        ("信访业务培训10次,40余人", [("10次", "次", "10"), ("40余人", "人", "40")]),
        ("聘用人员3名工资15万", [("3名", "名", "3"), ("15万", "元", "150000")]),
        ("意见建议21件,政协提案、意见建议20件", [("21件", "件", "21"), ("20件", "件", "20")]),
        ("保险费约２０万元", [("２０万元", "元", "200000")]),
        ("满意度达到95%以上", [("95%", "%", "0.95")]),
        ("带动10万人增收", [("10万人", "人", "100000")]),
        ("二十万元经费", [("二十万元", "元", "200000")]),
    ],
)
def test_quantities_are_found_where_they_stand(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "根据永政办发[2014]131号三定方案",
        "宁党厅字〔2021〕18号",
        "国办发<2019>54号文件精神",
        "2023年年底",
        "2024年度",
        "12月底到位",
        "第3期培训班",
        "第一书记",
        "党的二十大精神",
        "进一步提升一流水平",
        "惠及千家万户",
        "受益10万",
        "",
    ],
)
def test_dates_documents_ordinals_and_set_words_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == ()


def test_signs_approximation_and_frequency() -> None:
    (over,) = find_quantities("承办会议100余次")
    assert (over.approximate, over.approximate_word, over.upper) == (True, "余", None)
    (most,) = find_quantities("经费不超过30万元")
    assert (most.lower, str(most.upper), most.upper_inclusive) == (None, "300000", True)
    (yearly,) = find_quantities("每年2-3次")
    assert (str(yearly.lower), str(yearly.upper), yearly.per_unit) == ("2", "3", "年")
    (each,) = find_quantities("补助标准500元/人")
    assert each.per_unit == "人"


@given(st.text(alphabet="0123456789一二十百万亿元次人年月第每约余%.,，、 -/督查费", max_size=40))
def test_never_fails_and_spans_lie_in_the_text(text: str) -> None:
    last = 0
    for q in find_quantities(text):
        assert last <= q.start < q.end <= len(text)
        last = q.end
