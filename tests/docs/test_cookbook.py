"""The cookbook's questions, run as printed: pandas and DuckDB must give the same, non-empty answers."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import yaml

from pipeline import extract, load
from pipeline.exports.registry import export

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cookbook" / "README.md").read_text(encoding="utf-8")
SPEC = yaml.safe_load((ROOT / "tests" / "specs" / "cookbook.yaml").read_text(encoding="utf-8"))
QUESTION = re.compile(r"^## (\d+)\. .*?^```python\n(.*?)^```.*?^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)
QUESTIONS = {int(number): (code, sql) for number, code, sql in QUESTION.findall(PAGE)}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample archive and one project in two years."""
    base = tmp_path_factory.mktemp("cookbook")
    shutil.copytree(ROOT / "data" / "raw", base / "raw")
    for year, facts in SPEC["project"]["years"].items():
        text = SPEC["project"]["form"].format(year=year, **facts)
        (base / "raw" / str(year) / "project.txt").write_text(text.replace("|", "\t"), encoding="utf-8")
    extract(base / "raw", out=base / "clean", work=base / "work")
    return base / "clean"


@pytest.fixture(scope="module")
def tables(clean: Path) -> dict[str, pd.DataFrame]:
    return load(clean)


@pytest.fixture(scope="module")
def base(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    place, _ = export(clean, "duckdb", tmp_path_factory.mktemp("base") / "x.duckdb")
    with duckdb.connect(str(place), read_only=True) as found:
        yield found


def comparable(value: Any) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value) or value is pd.NA:
        return "∅"
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, Decimal | int | float) or hasattr(value, "item"):
        return f"{float(value):.6f}"
    return str(value)


def normal(rows: Any) -> list[tuple[str, ...]]:
    return sorted(tuple(map(comparable, row)) for row in rows)


def test_there_are_ten() -> None:
    assert sorted(QUESTIONS) == list(range(1, 11))


@pytest.mark.parametrize("number", sorted(QUESTIONS))
def test_both_ways_agree(
    number: int, tables: dict[str, pd.DataFrame], base: duckdb.DuckDBPyConnection
) -> None:
    code, sql = QUESTIONS[number]
    space: dict[str, Any] = {"t": {name: frame.copy() for name, frame in tables.items()}, "pd": pd}
    exec(compile(code, f"cookbook {number}", "exec"), space)  # the page's own code
    pandas_rows = normal(space["answer"].itertuples(index=False, name=None))
    assert pandas_rows == normal(base.execute(sql).fetchall())
    wanted = SPEC["answers"][number]
    assert len(pandas_rows) == wanted["rows"]
    shown = ["/".join(row) for row in pandas_rows]
    for text in wanted["holds"]:
        assert any(text in row for row in shown), text
