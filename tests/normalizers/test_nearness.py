"""The first look never turns away a text that is near: it may only be too kind."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from normalizers.nearness import Nearness

texts = st.text("项目资金总额", max_size=9)


@given(wordings=st.lists(texts, max_size=5), text=texts, faults=st.integers(0, 3))
@example(wordings=["项目资金"], text="目资金", faults=1)
@example(wordings=["项目资金"], text="项目总资金", faults=1)
def test_what_is_near_is_a_candidate(wordings: list[str], text: str, faults: int) -> None:
    near = [wording for wording in wordings if Levenshtein.distance(wording, text) <= faults]
    candidates = Nearness(wordings, faults).candidates(text)
    assert [wording for wording in candidates if wording in near] == near


def test_far_texts_are_turned_away() -> None:
    assert Nearness(["群众知晓率", "培训人次"], 1).candidates("某某某某某") == []


def test_short_wordings_turn_nothing_away() -> None:
    assert Nearness(["知晓率", "群众知晓率"], 1).candidates("任何文字") == ["知晓率"]
