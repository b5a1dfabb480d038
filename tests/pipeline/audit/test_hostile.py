"""No text in a form may break a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.audit import audit, compare, fingerprint
from pipeline.records import FormRecords

PIECES = [
    *"0123456789.,/×%≥≤-~一二十百万亿元次人天月年件期",
    "每人每月", "每日", "元/天", "补助", "满意度", "完成率", "余", "约", "第", "以上", "99999999999999999999999999999999",
    "0.000000000000001", "2024年全年", "逐步提升", "292%", "1e99", "²", "亿亿亿", "$\\geq 95\\%$", "（）", "：", "，",
    "≥0次", "0次", "90%-95%", "±3%以内", "2023年8月底前", "2023年11月15日", "部分达成", "12公里", "12000米", "2022年计划",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
LEVELS = [
    "output.quantity",
    "output.cost",
    "output.timeliness",
    "satisfaction.beneficiary",
    "benefit.social",
    None,
]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "level2": st.sampled_from(LEVELS),
            "name": WORDS.map(lambda w: w or "名"),
            "target": WORDS,
            "actual": WORDS,
        },
        optional={"n": st.integers(0, 9), "weight": st.integers(-5, 200), "score": st.integers(-5, 200)},
    ),
    max_size=5,
)
AMOUNTS = st.dictionaries(
    st.sampled_from(["total", "fiscal", "other", "total.initial", "total.executed"]),
    st.sampled_from(["0", "-1", "0.01", "99999999999999999.99", "100000"]),
    max_size=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS, funding=AMOUNTS, goal=WORDS, kind=st.sampled_from(["target", "self_evaluation", "department"])
)
def test_rules_never_break(
    build: Callable[..., FormRecords], rows: list[Any], funding: dict[str, str], goal: str, kind: str
) -> None:
    form = {"rows": rows, "funding": funding, "goal": goal, "kind": kind, "project": goal, "total_score": 100}
    records = build(form)
    assert all(f.message.endswith("。") for f in audit(records))
    compare([fingerprint(records), fingerprint(build(form, "g"))])
