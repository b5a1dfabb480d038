"""Header fields: years, periods, natures, codes; what is not printed stays empty."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.fields import (
    FIELDS,
    YearReading,
    fiscal_year,
    project_code,
    project_nature,
    read_period,
    split_code,
)

WHOLE_2024 = (date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2024年", *WHOLE_2024),
        ("2024年度", *WHOLE_2024),
        ("２０２４年全年", *WHOLE_2024),
        ("2023-2025年", date(2023, 1, 1), date(2025, 12, 31)),
        ("2023年至2025年", date(2023, 1, 1), date(2025, 12, 31)),
        ("2023年1月-12月", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023.03—2024.02", date(2023, 3, 1), date(2024, 2, 29)),
        ("2023年1月1日至2023年6月30日", date(2023, 1, 1), date(2023, 6, 30)),
        ("2024-01-01至2024-12-31", *WHOLE_2024),
        ("20240101-20241231", *WHOLE_2024),
        ("2023年2月", date(2023, 2, 1), date(2023, 2, 28)),
    ],
)
def test_printed_periods(text: str, start: date, end: date) -> None:
    period = read_period(text)
    assert (period.kind, period.start, period.end) == ("span", start, end)
    assert period.raw == text


def test_the_form_year_fills_only_what_is_left_out() -> None:
    assert read_period("全年").kind == "unread"
    assert read_period("全年", year=2024).end == date(2024, 12, 31)
    assert read_period("3-11月", year=2024).start == date(2024, 3, 1)
    assert read_period("2023年", year=2024).start == date(2023, 1, 1)


@pytest.mark.parametrize(("text", "months"), [("1年", 12), ("三年", 36), ("18个月", 18), ("十年", 120)])
def test_a_length_gives_no_dates(text: str, months: int) -> None:
    period = read_period(text, year=2024)
    assert (period.kind, period.months, period.start) == ("duration", months, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("长期", "open"),
        ("2024年1月起", "open"),
        ("", "blank"),
        ("随项目进度", "unread"),
        ("2025-2023", "unread"),
    ],
)
def test_periods_without_both_ends(text: str, kind: str) -> None:
    period = read_period(text)
    assert period.kind == kind
    assert period.end is None


@given(st.text(max_size=30))
def test_periods_never_raise_and_run_forward(text: str) -> None:
    period = read_period(text, year=2024)
    if period.start and period.end:
        assert period.start <= period.end


@pytest.mark.parametrize(
    ("asked", "year", "source", "others"),
    [
        ({"title": "2023年部门项目支出预算绩效目标表"}, 2023, "title", ()),
        ({"title": "目标申报表", "header": "(2024年度)", "period": "2024年"}, 2024, "header", ()),
        ({"title": "目标表", "path": "2023/某县人民政府办公室.txt"}, 2023, "path", ()),
        ({"title": "二〇二四年目标表"}, 2024, "title", ()),
        ({"title": "2023年目标表", "header": "（2024年度）"}, 2023, "title", (2024,)),
        ({"title": "目标表"}, None, None, ()),
        ({"title": "2023年、2024年目标表"}, None, None, (2023, 2024)),
    ],
)
def test_fiscal_year(
    asked: dict[str, str], year: int | None, source: str | None, others: tuple[int, ...]
) -> None:
    title = asked.pop("title")
    assert fiscal_year(title, **asked) == YearReading(year, source, others)


@pytest.mark.parametrize(("printed", "code"), [(p, n.id) for n in FIELDS.natures for p in n.printed])
def test_every_printed_nature(printed: str, code: str) -> None:
    assert project_nature(printed).code == code
    assert project_nature(f" {printed}。 ").code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("□新增项目 ☑延续项目", "continuing"),
        ("新增项目☑ 延续项目□", "new"),
        ("□新增 □延续", None),
        ("☑新增 ☑延续", None),
        ("其他", None),
        ("", None),
    ],
)
def test_boxes_and_unknown_natures(text: str, code: str | None) -> None:
    assert project_nature(text).code == code


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("219-某厅", "219", "某厅"),
        ("219001-某局", "219001", "某局"),
        ("[105]教育部", "105", "教育部"),
        ("【173】中国科学院", "173", "中国科学院"),
        ("[219]人民检察院", "219", "人民检察院"),
        ("某县教育局（051001）", "051001", "某县教育局"),
        ("０５１００１\u3000某县教育局", "051001", "某县教育局"),
        ("51000021R000000019951-工资性支出", "51000021R000000019951", "工资性支出"),
        ("原州区人民政府", None, "原州区人民政府"),
        ("办公室（观摩考察）", None, "办公室（观摩考察）"),
        ("110指挥中心", None, "110指挥中心"),
        ("2023年项目", None, "2023年项目"),
    ],
)
def test_codes(text: str, code: str | None, name: str) -> None:
    found = split_code(text)
    assert (found.raw, found.code, found.name) == (text, code, name)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("51000021R000000019951-工资性支出", "51000021R000000019951"),
        ("2023-乡村振兴项目", None),
        ("219001-某局", None),
        ("河道保洁经费", None),
    ],
)
def test_project_codes(text: str, code: str | None) -> None:
    assert project_code(text) == code


@given(st.text(max_size=40))
def test_codes_and_natures_never_raise(text: str) -> None:
    assert split_code(text).raw == text
    assert project_nature(text).raw == text
    assert fiscal_year(text, path=text) is not None
