"""What is kept of a comparison never changes its answer: any subset, any edit, any order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.audit import compare, fingerprint
from pipeline.audit.compare import compare_sheaves
from pipeline.audit.fingerprint import Fingerprint
from pipeline.audit.sheaf import sheaf
from pipeline.records import FormRecords
from tests.pipeline.audit.conftest import _build

NAMES = ("农村供水一期", "农村供水二期", "河道清淤", "河道清瘀", "村务公开", "政务公开")
ROWS = (
    "制作展板和户外广告牌",
    "刊印政府公报",
    "组织业务培训",
    "工作机制健全完善率",
    "能力和水平提升率",
    "开发微信小程序",
    "群众满意度",
)
GOAL = "全面提升全区基层政务公开标准化规范化水平，坚持标准引领、坚持需求导向，全面推进决策公开执行公开管理公开服务公开结果公开。"
Choice = tuple[int, int, int, int, int]


@cache
def form(number: int, choice: Choice) -> FormRecords:
    """A form by its number and what is chosen for it: name, year, kind, rows, target."""
    name, year, kind, rows, target = choice
    printed = ROWS[rows % 3 : 4 + rows]
    spec = {
        "project": NAMES[name],
        "year": 2022 + year,
        "kind": ("target", "self_evaluation")[kind],
        "agency": f"{'甲乙'[name % 2]}县水务局",
        "goal": GOAL if rows % 2 else None,
        "funding": {"total.initial" if kind else "total": 10000 * (1 + target)},
        "rows": [{"level2": "output.quantity", "name": r, "target": f"≥{5 + target}次"} for r in printed],
    }
    return _build(spec, f"{number:02}")


class Kept:
    """A source that keeps what was found, from one comparison to the next."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.forms: list[FormRecords] = []
        self.made = 0

    def prints(self, document: int) -> Sequence[Fingerprint]:
        return (fingerprint(self.forms[document]),)

    def records(self, document: int) -> Sequence[FormRecords]:
        return (self.forms[document],)

    def kept(self, key: str, make: Callable[[], bytes]) -> bytes:
        if key not in self.held:
            self.held[key] = make()
            self.made += 1
        return self.held[key]


def incremental(source: Kept, forms: list[FormRecords]) -> object:
    source.forms = forms
    rows = [(n, 0, repr(f).encode(), fingerprint(f)) for n, f in enumerate(forms)]
    middle = len(rows) // 2
    halves = [rows[:middle], [(n - middle, 0, d, p) for n, _, d, p in rows[middle:]]]
    return compare_sheaves([sheaf(half) for half in halves], [0, middle], source)


CHOICES = st.tuples(
    st.integers(0, 5), st.integers(0, 2), st.integers(0, 1), st.integers(0, 3), st.integers(0, 2)
)
ARCHIVES = st.lists(
    st.dictionaries(st.integers(0, 30), CHOICES, min_size=1, max_size=24), min_size=2, max_size=4
)


@settings(max_examples=60, deadline=None)
@given(archives=ARCHIVES, chance=st.randoms(use_true_random=False))
def test_incremental_is_full(archives: list[dict[int, Choice]], chance: object) -> None:
    source, before = Kept(), {}
    for edits in archives:
        before = {**before, **edits} if len(before) < 30 else edits
        forms = [form(number, choice) for number, choice in before.items()]
        chance.shuffle(forms)  # type: ignore[attr-defined]
        assert incremental(source, forms) == compare(map(fingerprint, forms), forms)


def test_nothing_is_judged_again_where_nothing_changed() -> None:
    forms = [form(n, (n % 6, n % 3, n % 2, n % 4, 0)) for n in range(24)]
    source = Kept()
    first = incremental(source, forms)
    made = source.made
    assert made > 0
    assert incremental(source, forms[::-1]) == first
    assert source.made == made
    other = replace(forms[0], form=replace(forms[0].form, goal="保障正常运转。"))
    incremental(source, [other, *forms[1:]])
    assert source.made < 2 * made
