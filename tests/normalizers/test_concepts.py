"""Level-3 concepts: the library is sound, the answers are those that were looked at, doubt abstains."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from normalizers.concepts import concept, concepts, match_concept, segment
from normalizers.taxonomy import level_of

SPECS = Path(__file__).parents[1] / "specs" / "concepts"
REFERENCE = Path(segment.__file__).parents[1] / "reference"


def cases(name: str) -> Any:
    return yaml.safe_load((SPECS / name).read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", cases("seeds.yaml") + cases("names.yaml"), ids=lambda c: c["name"][:20])
def test_names(case: dict[str, Any]) -> None:
    match = match_concept(case["name"], level2=case["level2"])
    assert match.concept_id == case["concept"], match.reason
    assert match.reason


def test_the_library_is_large_enough_and_ids_are_unique() -> None:
    assert len(concepts()) >= 160
    assert len({c.id for c in concepts()}) == len(concepts())


@pytest.mark.parametrize("entry", concepts(), ids=lambda c: c.id)
def test_each_concept_is_sound(entry: Any) -> None:
    assert entry.level2 and all(level_of(node) == 2 for node in entry.level2)
    for text in (entry.name, *entry.aliases):
        match = match_concept(text)
        assert match.concept_id == entry.id, (text, match.reason)
        assert match.score == 1.0


def test_dimensions_are_those_of_the_units_table() -> None:
    units = yaml.safe_load((REFERENCE / "units.yaml").read_text(encoding="utf-8"))
    known = {*units["dimensions"], "any", "none"}
    assert {c.dimension for c in concepts()} <= known


def test_a_wrong_unit_speaks_against_a_concept() -> None:
    name = "购置办公电脑数量"
    assert match_concept(name, unit_dimension="count").concept_id == "count.equipment"
    assert match_concept(name, unit_dimension="percent").concept_id is None


def test_several_audiences_fall_back_to_the_general_one() -> None:
    match = match_concept("领导满意、接待对象满意", level2="satisfaction.beneficiary")
    assert match.concept_id == "satisfaction.general"
    assert match.runner_up is not None


def test_two_things_at_once_are_not_decided() -> None:
    match = match_concept("知晓率,覆盖率")
    assert match.concept_id is None
    assert "alike" in match.reason


def test_key_words_are_whole_words() -> None:
    assert match_concept("组织社会议题研讨3次").concept_id is None


def test_one_wrong_character_in_long_wordings() -> None:
    tried = same = stray = 0
    for entry in concepts():
        for text in (t for t in (entry.name, *entry.aliases) if len(t) >= 6):
            for place in range(0, len(text), 2):
                found = match_concept(text[:place] + "鼉" + text[place + 1 :]).concept_id
                tried += 1
                same += found == entry.id
                stray += found is not None and found.partition(".")[0] != entry.id.partition(".")[0]
    assert tried > 1000
    assert same / tried > 0.88
    assert stray / tried < 0.02


@given(st.text(max_size=60), st.sampled_from([None, "output.quantity", "nonsense"]))
def test_never_raises_and_explains_itself(name: str, level2: str | None) -> None:
    match = match_concept(name, level2=level2, unit_dimension="count")
    assert match.raw == name
    assert match.reason
    assert 0.0 <= match.score <= 1.0


@given(st.sampled_from([c.name for c in concepts()]), st.integers(1, 9))
def test_ordinals_and_closing_marks_do_not_matter(name: str, ordinal: int) -> None:
    assert match_concept(f"指标{ordinal}：{name}；").concept_id == match_concept(name).concept_id


@given(st.text(alphabet="会议社题信访案件办结率培训人次", max_size=15))
def test_words_join_to_the_text(text: str) -> None:
    assert "".join(segment.words(text)) == text


def test_lookup_by_id() -> None:
    found = concept("rate.closure")
    assert found is not None and found.better == "up" and found.dimension == "percent"
    assert concept("no.such") is None


def test_the_page_lists_every_concept() -> None:
    page = (Path(__file__).parents[2] / "docs" / "level3.md").read_text(encoding="utf-8")
    assert not [c.id for c in concepts() if f"| `{c.id}` | {c.name} |" not in page]
