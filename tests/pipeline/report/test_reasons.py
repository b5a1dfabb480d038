"""Every reason for which a file is not read has its words, and no words are kept for a reason that is none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from pipeline.issues import registry
from pipeline.report.words import reason, words

ROOT = Path(__file__).parents[3]
NEVER_PUBLISHED = {"litter"}  # what a system left in an archive is no document
REFUSALS = {"ExtractionError", "Refused"}  # reason first
IN_OUTCOMES = {"Refusal"}  # stage first, reason second
BY_HAND = {
    "no_form",
    "no_table",
    "crashed",
    "timeout",
    "out_of_memory",
    "unreadable",
}  # passed on in variables


def codes_in(tree: ast.AST) -> Iterator[str]:
    """Reason codes that a module states as literals."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at = 0 if name in REFUSALS else 1 if name in IN_OUTCOMES else None
            found = [] if at is None else node.args[at : at + 1]
            found += [k.value for k in node.keywords if k.arg in {"reason", "reason_code"}]
            yield from (one.value for one in found if isinstance(one, ast.Constant) and one.value)
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
            yield from [node.value.value] if isinstance(node.value, ast.Constant) else []


def stated() -> set[str]:
    modules = [p for top in ("extractors", "pipeline") for p in (ROOT / top).rglob("*.py")]
    wanted = [p for p in modules if "corrections" not in p.parts and "review" not in p.parts]
    return {code for path in wanted for code in codes_in(ast.parse(path.read_text(encoding="utf-8")))}


def test_every_reason_has_its_words_and_no_other() -> None:
    assert words()["reasons"].keys() == (stated() | BY_HAND) - NEVER_PUBLISHED


def test_a_file_read_in_part_is_told_by_its_issue() -> None:
    partial = [code for code in registry().values() if code.partial]
    assert partial
    assert not {code.code for code in partial} & words()["reasons"].keys()
    assert all(reason(code.code).zh != code.code for code in partial)
