"""The first look never turns away a text that is near: it may only be too kind."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from normalizers.concepts.catalogue import library
from normalizers.nearness import may_be_near, openings

texts = st.text("项目资金总额", max_size=9)


@given(wording=texts, text=texts, faults=st.integers(0, 3))
@example(wording="项目资金", text="目资金", faults=1)
@example(wording="项目资金", text="项目总资金", faults=1)
def test_what_is_near_may_be_near(wording: str, text: str, faults: int) -> None:
    if Levenshtein.distance(wording, text) <= faults:
        assert may_be_near(text, openings([wording], faults))


def test_far_texts_are_turned_away() -> None:
    begun = openings((wording for wording in library().wordings if len(wording) > 3), 1)
    assert not may_be_near("某某某某某", begun)


def test_short_wordings_turn_nothing_away() -> None:
    assert may_be_near("任何文字", openings(["知晓率", "群众知晓率"], 1))
