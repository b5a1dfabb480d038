"""The registry of issue codes: complete, consistent, in sentences, and documented."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipeline import issues
from pipeline.issues import UnknownIssueError, issue_code, registry
from pipeline.records.notes import Notes
from tests.pipeline.conftest import ROOT

STAGES = {"read", "assemble", "normalise"}


def raised_codes() -> Iterator[tuple[Path, str]]:
    """Every code written as the first argument of Doubt(…), .doubt(…) or notes.add(…)."""
    for package in ("extractors", "pipeline/records"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    value = node.args[0].value
                    if name in ("Doubt", "doubt", "_note") and isinstance(value, str):
                        yield path, value


def test_every_code_that_can_be_raised_is_registered() -> None:
    missing = {code for _, code in raised_codes() if code not in registry()}
    trust: dict[str, float] = {}
    for family in (ROOT / "extractors" / "families").glob("*.yaml"):
        trust |= yaml.safe_load(family.read_text(encoding="utf-8")).get("trust") or {}
    assert not missing | (set(trust) - set(registry()))


def test_every_code_is_documented() -> None:
    page = (ROOT / "docs" / "issues.md").read_text(encoding="utf-8")
    assert {code for code in registry() if f"`{code}`" not in page} == set()


@pytest.mark.parametrize("code", sorted(registry()))
def test_sentences(code: str) -> None:
    entry = registry()[code]
    assert entry.stage in STAGES
    assert re.search(r"[\u4e00-\u9fff]", entry.zh)
    assert not re.search(r"[\u4e00-\u9fff]", entry.title)
    assert entry.sentence({}).endswith("。")


def test_an_unregistered_code_is_refused() -> None:
    with pytest.raises(UnknownIssueError, match="not registered"):
        issue_code("made_up")
    with pytest.raises(UnknownIssueError):
        Notes("a.txt", "d", {}).add("made_up", {})


@pytest.mark.parametrize(
    "text",
    [
        "codes:\n- {code: a, severity: info, stage: read, title: A, zh: 甲。}\n" * 1
        + "- {code: a, severity: info, stage: read, title: A, zh: 甲。}\n",
        "codes:\n- {code: a, severity: grave, stage: read, title: A, zh: 甲。}\n",
        "codes:\n- {code: A b, severity: info, stage: read, title: A, zh: 甲。}\n",
        "codes:\n- {code: a, severity: info, stage: read, title: A, zh: 甲}\n",
        "codes:\n- {code: a, severity: info, stage: read, title: A, zh: 甲。, colour: red}\n",
    ],
)
def test_an_inconsistent_registry_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    file = tmp_path / "issues.yaml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(issues, "REGISTRY", file)
    with pytest.raises(ValueError, match=r"a|A b"):
        registry.__wrapped__()
