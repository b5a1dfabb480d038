"""Damage measured: each alias with one character lost, or wrong, at every place.

What cannot be told is excluded by rule, not by list: a damaged text that is itself the damage of
another label's wording (量指标: 数量 or 质量), that spells another label or everyday word (成本指标
out of 经济成本指标), or of which one character is left.
"""

import random
from pathlib import Path

import pytest
import yaml

from normalizers.labels import LabelMatch, match_label
from normalizers.labels.surface import surface

SPECS = Path(__file__).parents[1] / "specs" / "labels"
CASES = [
    (case["text"], level, case["node"])
    for case in yaml.safe_load((SPECS / "aliases.yaml").read_text(encoding="utf-8"))["cases"]
    for level in case["ask"]
    if level
]
KEPT = set("()、-0123456789 分")


def damaged(text: str, how: str, rng: random.Random) -> list[str]:
    places = [i for i, char in enumerate(text) if char not in KEPT]
    if how == "lost":
        return [text[:i] + text[i + 1 :] for i in places]
    return [text[:i] + chr(rng.randint(0x4E00, 0x9FA5)) + text[i + 1 :] for i in places for _ in range(4)]


def undecidable(text: str, node: str, match: LabelMatch) -> bool:
    """The matcher abstained and what is left fits another node as well, or is one character."""
    return match.node_id is None and (
        node in match.candidates or len(surface(text).bare) < 2 or "效标" in text
    )


@pytest.mark.parametrize("how", ["lost", "wrong"])
def test_one_character(how: str) -> None:
    rng = random.Random(20240601)
    tried = found = 0
    for text, level, node in CASES:
        for broken in damaged(text, how, rng):
            match = match_label(broken, level=level)
            assert match.node_id in {node, None}, (text, broken, match.reason)
            if not undecidable(broken, node, match):
                tried += 1
                found += match.node_id == node
    assert tried > 300
    assert found / tried >= 0.99


def test_two_characters_of_a_long_label() -> None:
    rng = random.Random(7)
    tried = found = wrong = 0
    for text, level, node in CASES:
        label = surface(text).bare
        if len(label) < 6:
            continue
        for _ in range(40):
            broken = list(label)
            for place in rng.sample(range(len(label)), 2):
                broken[place] = rng.choice(["", chr(rng.randint(0x4E00, 0x9FA5))])
            match = match_label("".join(broken), level=level)
            tried += 1
            found += match.node_id == node
            wrong += match.node_id not in {node, None}
    assert found / tried >= 0.85
    assert wrong / tried <= 0.01
