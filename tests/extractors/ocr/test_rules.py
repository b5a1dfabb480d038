"""Readings that break a rule are flagged with the likely text; good ones are left alone."""

from __future__ import annotations

import pytest

from extractors.imaging.align import align
from extractors.ocr.rules import suspicions, why


@pytest.mark.parametrize(
    ("text", "words", "likely"),
    [
        ("292%", "", "≥92%"),
        ("4S条", "", "45条"),
        ("296.37万元", "专项补助96.37万元", "≥96.37万元"),
        ("<0.38", "指标2:网络丢包率", "<0.3%"),
        ("1200m2", "", "1200㎡"),
        ("≤3%0", "", ""),
        ("1200m", "", ""),
        ("3.×4次", "", ""),
        ("98.5%.", "", ""),
        ("-45条", "", ""),
        (">918", "指标1:合格率", ">91%"),
        ("≤718", "满意度", "≤71%"),
        ("3296", "指标1:合格率", "32%"),
        ("91.296", "覆盖率", "91.2%"),
        ("75%6", "", "75%"),
        ("14,52", "", "14.52"),
        ("313,3项", "", "313.3项"),
        ("67:107152", "", "67.107152"),
        ("83:35", "", "83.35"),
        ("不低于7:23%", "", "不低于7.23%"),
        ("26期:61本", "", "26期×61本"),
        ("C4户", "", "≤4户"),
        ("之65吨", "", "≤65吨"),
        ("下低于1399本", "", "不低于1399本"),
        ("90两", "", "90辆"),
        ("高高", "", "高"),
    ],
)
def test_flagged(text: str, words: str, likely: str) -> None:
    found = suspicions(text, words=words)
    assert found, text
    assert likely in {one.suggestion for one in found}


@pytest.mark.parametrize(
    "text",
    ["45条", "≥95%", "100%", "120%", "2.88万元", "313批/374人次", "2024年全年", "<0.3%", "3×4次", "优秀党员",
     "每年2-3次", "10次/40余人", "5km", "100M", "明显提升", "A类", "12,500元", "≤5次", "2023", "1小时内",
     "1,250.35", "801,259.62", "8:30", "1:3", "12.500元", "12:30", "9时:30", "3,5月", "K12教育", "下降5%", "两次", "3期×12本", "C类"],
)  # fmt: skip
def test_left_alone(text: str) -> None:
    assert suspicions(text) == []


@pytest.mark.parametrize("text", ["95", "100", "150", "2023", "1996", "9.85", "98.5", "10", "96", "9.96"])
def test_plain_numbers_in_a_row_of_a_rate_are_left_alone(text: str) -> None:
    assert suspicions(text, words="指标1:服务对象满意度") == []


def test_a_label_covers_the_rows_it_is_centred_at() -> None:
    rows = [(x, y, x + 90.0, y + 20.0) for y in range(0, 240, 40) for x in (200.0, 400.0, 600.0)]
    labels = [(0.0, 55.0, 90.0, 85.0), (0.0, 160.0, 90.0, 180.0)]  # beside rows 1-2 and 3-5
    heads = [(0.0, 0.0, 90.0, 20.0)]
    table = align([*rows, *heads, *labels], 20.0)
    assert table is not None
    first = sorted(block.rows for block in table.blocks if block.cols[0] == 0)
    assert first == [(0, 0), (1, 2), (3, 5)]


def test_the_sign_of_a_thousandth_is_suggested() -> None:
    assert suspicions("≤3%0")[0].suggestion == "≤3‰"


def test_reasons_are_told_in_words() -> None:
    assert why(["near_words", "unread_ink"]) == "与本行文字所写的数相差一位；有墨迹未识读"
    with pytest.raises(KeyError):
        why(["nobody_knows"])
