"""The shape of the code base, held as tests: sizes, no facts in Python, nothing of this machine."""

from __future__ import annotations

import ast
import pkgutil
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline

ROOT = Path(__file__).parents[1]
PACKAGES = ("normalizers", "extractors", "pipeline")
MODULES = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))

MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_CHINESE_LITERALS = 6
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the ``def`` to the end, the docstring not counted: explaining is never punished."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_sizes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_MODULE_LINES, f"{path.name}: split it by meaning"
    too_long = {
        f.name: body_lines(f) for f in functions(ast.parse(text)) if body_lines(f) > MAX_FUNCTION_LINES
    }
    assert not too_long, f"{path.name}: functions over {MAX_FUNCTION_LINES} lines: {too_long}"


def direct_members(node: ast.AST) -> list[ast.expr]:
    """The members written straight into a literal collection, those inside calls left out."""
    if isinstance(node, ast.Dict):
        return [*(k for k in node.keys if k), *node.values]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return list(node.elts)
    return []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_lists_of_chinese_facts_in_python(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        values = [m.value for m in direct_members(node) if isinstance(m, ast.Constant)]
        words = [v for v in values if isinstance(v, str) and CHINESE.search(v)]
        assert len(words) <= MAX_CHINESE_LITERALS, f"{path.name}: words belong in YAML: {words[:3]}"


def public_definitions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_":
            yield node


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_public_name_is_documented(path: Path) -> None:
    missing = [
        n.name
        for n in public_definitions(ast.parse(path.read_text(encoding="utf-8")))
        if not ast.get_docstring(n)
    ]
    assert not missing


def tracked_text_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.splitlines() if listed.returncode == 0 else []
    return [ROOT / n for n in names if not n.endswith((".pdf", ".png", ".jpg", ".xlsx", ".docx"))]


def test_no_drawers() -> None:
    drawers = {"utils", "helpers", "common", "misc", "models"}
    assert not [p for p in MODULES if p.stem in drawers or re.search(r"_v\d+$|^legacy_", p.stem)]


def test_no_registry_host_in_the_locks() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock.name
    assert not (ROOT / "uv.lock").exists()


def test_every_requirement_is_hashed() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
        unhashed = [e.split()[0] for e in entries if "--hash=sha256:" not in e]
        assert not unhashed, lock.name


def test_no_path_of_one_machine() -> None:
    pattern = re.compile(r"(?<![\w./~-])/(?:home|root|Users|work|tmp/\w+)/\S")
    guilty = []
    for path in tracked_text_files():
        if path.suffix in {".py", ".md", ".yaml", ".toml", ".yml"} and path.is_file():
            guilty += [
                f"{path.relative_to(ROOT)}: {line}"
                for line in path.read_text(encoding="utf-8").splitlines()
                if pattern.search(line)
            ]
    assert not guilty


def test_no_public_name_is_hidden_by_a_module() -> None:
    modules = {found.name for found in pkgutil.iter_modules(pipeline.__path__)}
    assert modules.isdisjoint(pipeline.__all__)
