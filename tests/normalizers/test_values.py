"""The value reader against specs, the seeds' values, and the properties it promises."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizers import parse_value
from normalizers.quantity import Direction, Kind, ParsedValue
from normalizers.text import fold_map
from normalizers.units import unit_table
from normalizers.values import parse_parts
from normalizers.values.assemble import assemble
from normalizers.values.context import NOTHING
from normalizers.values.dates import read_date
from normalizers.values.lexicon import simplify
from normalizers.values.number import read_quantity
from normalizers.values.scan import MOST_PARTS, Scan, may_begin, read_fully, scan
from normalizers.values.single import read_plain, read_single

from .value_render import render

SPECS = Path(__file__).parents[1] / "specs" / "values"
CASES = [
    pytest.param(case, id=f"{path.stem}:{case['raw']}")
    for path in sorted(SPECS.glob("*.yaml"))
    if path.stem != "known_failures"
    for case in yaml.safe_load(path.read_text("utf-8"))["cases"]
]
PIECES = st.sampled_from(
    [
        *"≥≤=<>~-+/%,.;:()*$\\{}^ 一二三十百千万亿点半两多余几每各约年月日元块个次人内前",
        "分之",
        "以上",
        "万元",
        "进一步",
        "2024年",
        "\\geq",
        "<p>",
        "&lt;",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=40), st.lists(PIECES | st.integers(0, 99999).map(str), max_size=12).map("".join)
)


@pytest.mark.parametrize("case", CASES)
def test_spec(case: dict[str, Any]) -> None:
    value = parse_value(case["raw"], **case.get("context", {}))
    wanted = {"parts": [], "direction": None, "residue": ""} | {
        k: v for k, v in case.items() if k not in ("raw", "context")
    }
    assert render(value) == wanted


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_never_raises_and_spans_lie_inside(text: str) -> None:
    value = parse_value(text)
    assert value.raw == text
    for item in (*value.parts, *value.states):
        assert 0 <= item.start <= item.end <= len(text)


@given(
    TEXTS,
    st.sampled_from([None, "万元", "%", "人次", "乱"]),
    st.sampled_from([None, "培训费", "完成率", "面积(亩)"]),
)
@settings(max_examples=200, deadline=None)
def test_context_only_fills_gaps(text: str, column: str | None, label: str | None) -> None:
    alone, filled = parse_value(text), parse_value(text, column_unit=column, label=label)
    assert len(alone.parts) == len(filled.parts)
    for before, after in zip(alone.parts, filled.parts, strict=True):
        if before.unit is not None and before.unit_raw != "块":
            assert (before.unit, before.lower, before.upper) == (after.unit, after.lower, after.upper)


NUMBERS = st.decimals(min_value=1, max_value=999999, places=2, allow_nan=False)
PLAIN_UNITS = sorted(
    s
    for s, u in unit_table().items()
    if u.kind is Kind.COUNT and len(s) == 2 and u.dimension == "count" and s[0] != "个"
)


@given(
    NUMBERS,
    st.sampled_from(["", "≥", "≤", ">", "<"]),
    st.sampled_from(["", "万", "亿"]),
    st.sampled_from(PLAIN_UNITS),
)
@settings(deadline=None)
def test_render_then_parse(number: Decimal, sign: str, scale: str, unit: str) -> None:
    (part,) = parse_value(f"{sign}{number}{scale}{unit}").parts
    expected = number * {"": 1, "万": 10000, "亿": 100000000}[scale]
    assert (part.lower if sign in ("", "≥", ">") else part.upper) == expected
    assert (part.lower is None, part.upper is None) == (sign in ("≤", "<"), sign in ("≥", ">"))
    assert part.unit == unit_table()[unit].id
    assert Decimal(part.number_raw or "") == number
    assert f"{sign}{number}{scale}{unit}"[part.start : part.end].endswith(unit)


@pytest.mark.parametrize(
    "text",
    [
        "\udc00\udfff", "\x00\x01", "9" * 100_000, "一" * 100_000, "每" * 100_000, "1万" * 50_000, "≥" * 100_000,
        "<" * 100_000, "$\\" * 50_000, "(" * 100_000, "1-" * 50_000, "1," * 50_000, "2024年" * 20_000, "进一步" * 30_000,
        "百分之" * 30_000, "1/" * 50_000, "不" * 100_000, "1" + "个" * 100_000, "&" * 100_000, "<b" * 50_000, "又零" * 50_000,
    ],
    ids=lambda text: repr(text[:4]),
)  # fmt: skip
def test_hostile_text_is_read_in_linear_work(text: str) -> None:
    """No timing here: a quadratic reader would hang the suite."""
    value = parse_value(text)
    assert isinstance(value, ParsedValue)
    assert value.kind in Kind


@pytest.mark.parametrize(
    "word",
    [
        "进一步",
        "一流",
        "第一书记",
        "统一",
        "一致",
        "唯一",
        "一带一路",
        "三公经费",
        "四平八稳",
        "一次性",
        "十分满意",
        "两会",
        "千方百计",
    ],
)
def test_no_number_is_invented_out_of_words(word: str) -> None:
    assert parse_value(word).parts == ()


def test_cut_off_word_is_marked() -> None:
    value = parse_value("进一步")
    assert (value.kind, value.direction, value.parser) == (Kind.QUALITATIVE, Direction.UP, "state.cut_off")


def test_sources_of_unit_and_scale() -> None:
    by_column = parse_value("20", column_unit="万元").parts[0]
    by_cell = parse_value("20万", column_unit="万元").parts[0]
    by_row = parse_value("15万", level2="output.cost").parts[0]
    assert (by_column.scale, by_column.scale_source, by_column.unit_source) == (10000, "column", "column")
    assert (by_cell.scale_source, by_cell.unit_source, by_cell.unit_raw) == ("cell", "column", "万")
    assert (by_row.unit, by_row.unit_source, by_row.base_lower) == ("元", "row", 150000)


def test_span_points_into_the_raw_text() -> None:
    raw = "<p>丢包率 ＜ 0.3 ％</p>"
    part = parse_value(raw).parts[0]
    assert raw[part.start : part.end] == "＜ 0.3 ％"


def test_traditional_characters_read_alike() -> None:
    assert simplify("三萬五千個") == "三万五千个"
    assert parse_value("三萬五千個").parts[0].lower == 35000


@pytest.mark.parametrize(
    ("sign", "number", "unit", "expected"),
    [
        ("≥", "95", "%", "[95,) %"),
        ("＝", "1", "套", "[1,1] 套"),
        ("≤", "30", "万元", "(,300000] 元"),
        ("大于等于", "100", "人次", "[100,) 人次"),
        ("定性", "优良中低差", "", None),
        (None, "20", "次/年", "[20,20] 次 per 1 年"),
        ("≥", "≤5", "天", "(,5] 天"),
        ("≥", "95%", "%", "[95,) %"),
    ],
)
def test_three_columns(sign: str | None, number: str, unit: str, expected: str | None) -> None:
    value = parse_parts(sign, number, unit)
    parts = render(value)["parts"]
    assert parts == ([] if expected is None else [expected])
    assert value.raw == number
    assert all(part.end <= len(number) for part in value.parts)


def _long_way(text: str) -> ParsedValue:
    folded = fold_map(text)
    return assemble(text, folded, scan(simplify(folded.text)), NOTHING)


@given(
    NUMBERS,
    st.sampled_from(["", "≥", "<"]),
    st.sampled_from(["", "万", "余", "千"]),
    st.sampled_from(sorted(unit_table())),
)
@settings(max_examples=400, deadline=None)
def test_the_short_way_reads_what_the_full_grammar_reads(
    number: Decimal, sign: str, scale: str, unit: str
) -> None:
    text = f"{sign}{number}{scale}{unit}"
    folded = fold_map(text)
    short = read_single(text, folded, simplify(folded.text), NOTHING)
    if short is not None:
        full = _long_way(text)
        assert (short.parts, short.kind, short.residue) == (full.parts, full.kind, full.residue)


@given(
    st.sampled_from(["", "≥", "≤", "<", "="]),
    NUMBERS.map(str) | st.integers(0, 99_999_999).map(str),
    st.sampled_from(["", "万", "余", "多", "余万", "千", "百余", "5万余千"]),
    st.sampled_from(["", *sorted(unit_table())]),
    st.sampled_from(
        ["", "/3人次", "+2角", "+5个", ",每次2块", ";≥3套", "、4.5%", "。", ")", "内", "/年", "-30次", " 5"]
    ),
)
@settings(max_examples=1000, deadline=None)
def test_the_short_way_inside_a_cell_reads_what_the_full_grammar_reads(
    sign: str, number: str, scale: str, unit: str, behind: str
) -> None:
    text = f"{sign}{number}{scale}{unit}{behind}"
    short = read_plain(text, 0)
    if short is not None:
        assert short == read_fully(text, 0, 0, Scan(text))


@given(
    st.integers(1998, 2040),
    st.sampled_from(["", "度", "底", "全年", "上半年", "第三季度"])
    | st.integers(1, 12).map(lambda month: f"{month}月"),
    st.sampled_from(["", "底", "中旬", "份", "-12月", "至2041年3月"])
    | st.integers(1, 31).map(lambda day: f"{day}日"),
    st.sampled_from(["", "前", "以前", "内", "前完成", "止", "以上", "左右", "/人", "3次"]),
)
@settings(max_examples=400, deadline=None)
def test_no_quantity_reaches_farther_than_a_date_that_ends_the_cell(
    year: int, month: str, day: str, behind: str
) -> None:
    text = f"{year}年{month}{day}{behind}"
    period, quantity = read_date(text, 0), read_quantity(text, 0)
    if period is not None and quantity is not None and period.end == len(text):
        assert quantity.end < period.end or quantity.unit is not None


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_what_is_passed_over_begins_nothing(text: str) -> None:
    plain = simplify(fold_map(text).text)
    for at, char in enumerate(plain):
        if not may_begin(char) and char not in " :":
            assert read_fully(plain, at, at, Scan(plain)) is None


def test_too_many_quantities_leave_the_rest_as_residue() -> None:
    cells = [f"{number}次" for number in range(MOST_PARTS + 2)]
    whole, more = parse_value("、".join(cells[:MOST_PARTS])), parse_value("、".join(cells))
    assert (len(whole.parts), whole.kind, whole.residue) == (MOST_PARTS, Kind.COMPOUND, "")
    assert (len(more.parts), more.kind) == (MOST_PARTS, Kind.OTHER)
    assert more.residue == f"、{cells[-2]}、{cells[-1]}"
