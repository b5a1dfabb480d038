"""Labels: every alias found, every look-alike refused, damage and structure as the spec files say."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from normalizers.concepts import concepts
from normalizers.labels import decide_version, match_label

SPECS = Path(__file__).parents[1] / "specs" / "labels"


def spec(name: str) -> Any:
    return yaml.safe_load((SPECS / name).read_text(encoding="utf-8"))


ALIASES = spec("aliases.yaml")
WORDS = spec("not_labels.yaml")


@pytest.mark.parametrize("case", ALIASES["cases"], ids=lambda c: f"{c['text']}-{c['node']}")
def test_every_alias_is_found(case: dict[str, Any]) -> None:
    for level in case["ask"]:
        match = match_label(case["text"], level=level or None)
        assert match.node_id == case["node"], match.reason
        assert match.how in {"exact", "alias"} and match.score == 1.0
        if "weight" in case:
            assert match.weight == Decimal(case["weight"])
        if "range" in case:
            assert match.weight_range == tuple(map(Decimal, case["range"]))
        assert match.required == case.get("required")


@pytest.mark.parametrize("case", ALIASES["combined"] + ALIASES["ambiguous"], ids=lambda c: c["text"])
def test_several_nodes_are_listed_and_none_chosen(case: dict[str, Any]) -> None:
    match = match_label(case["text"])
    assert match.node_id is None
    assert match.candidates == tuple(case["nodes"])


@pytest.mark.parametrize("word", WORDS["words"])
def test_words_that_are_no_labels(word: str) -> None:
    for level in (None, 1, 2):
        allowed = WORDS["only_where_asked"].get(word, {}).get(level)
        match = match_label(word, level=level)
        assert match.node_id == allowed, match.reason


def test_there_are_enough_words() -> None:
    assert len(set(WORDS["words"])) >= 200


@pytest.mark.parametrize("case", spec("damaged.yaml")["cases"], ids=lambda c: f"{c['text']}-{c.get('level')}")
def test_damage_and_hangings(case: dict[str, Any]) -> None:
    match = match_label(case["text"], level=case.get("level"), version=case.get("version"))
    assert match.node_id == case["node"], match.reason
    if "candidates" in case:
        assert sorted(match.candidates) == case["candidates"]


@pytest.mark.parametrize("case", spec("versions.yaml")["cases"], ids=lambda c: f"{c['version']}-{c['why']}")
def test_version_by_structure(case: dict[str, Any]) -> None:
    version, reason = decide_version([(head, below) for head, below in case["levels"]])
    assert version == case["version"], reason
    assert reason


def test_no_concept_of_the_library_is_taken_for_a_label() -> None:
    """Level-3 names stand right of the labels: the nearest words there are, some two thousand of them."""
    allowed = set(WORDS["concepts_that_are_labels"])
    texts = {text for entry in concepts() for text in (entry.name, *entry.aliases)}
    taken = {text for text in texts for level in (None, 1, 2) if match_label(text, level=level).node_id}
    assert taken <= allowed


def test_what_hangs_on_a_label_is_kept() -> None:
    match = match_label("★产出指标（50分）")
    assert (match.suffixes, match.marks, match.weight) == (("★", "(50分)"), 1, Decimal(50))
    assert match_label("质量指标（选填）").required is False


@given(st.text(max_size=60), st.sampled_from([None, 1, 2]), st.sampled_from([None, "2015", "2021", "x"]))
def test_never_raises_and_always_says_why(text: str, level: int | None, version: str | None) -> None:
    match = match_label(text, level=level, version=version)
    assert match.reason
    assert 0.0 <= match.score <= 1.0
    assert (match.node_id is None) == (match.how is None)


@given(st.text(max_size=12))
def test_a_text_without_label_characters_never_matches(text: str) -> None:
    if not any("一" <= char <= "鿿" for char in text):
        assert match_label(text, level=1).node_id is None
