"""PDFs typeset from the sample archive: their published tables equal those of the text they came from.

White space is not compared (a typesetter breaks lines where it must), nor what differs only because
the text dump itself is damaged (a lost 标 of 满意度指标, ``$\\geq 95\\%$`` for ≥95%).
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import extract

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "pdf"
SAMPLES = ROOT.parent / "shared" / "samples" / "pdf"
FILES = {p.stem: p for folder in (FIXTURES, SAMPLES) if folder.is_dir() for p in sorted(folder.glob("*.pdf"))}
# What a file is called by, how sure a reading is, and labels that are damaged in the text dumps.
APART = re.compile(
    r".*_id$|confidence_.*|grade|level[12]_raw|level[12]_how|level2_score|level3_raw|page_.*|cells_.*|fiscal_year|form_no"
)
KEPT = {"level1_id", "level2_id", "concept_id"}
TABLES = ("forms", "funding", "indicators", "blank_slots")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    base = tmp_path_factory.mktemp("typeset")
    shutil.copytree(ROOT / "data" / "raw", base / "raw")
    (base / "raw" / "pdf").mkdir()
    for path in FILES.values():
        shutil.copy(path, base / "raw" / "pdf")
    extract(base / "raw", out=base / "clean", work=base / "work")
    db = duckdb.connect()
    for table in (*TABLES, "documents"):
        files = base / "clean" / table / "**" / "*.parquet"
        db.execute(f"create view {table} as select * from read_parquet('{files}', hive_partitioning=true)")
    return db


def records(db: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = db.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, map(bare, row), strict=True)) for row in cursor.fetchall()]


def bare(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    plain = value.replace("\\geq", "≥").replace("\\%", "%").replace("$", "")
    return re.sub(r"\s", "", plain)


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k in KEPT or not APART.fullmatch(k)}


def table_of(db: duckdb.DuckDBPyConnection, table: str, form_id: str) -> list[dict[str, Any]]:
    order = "source, stage" if table == "funding" else "row_no"
    found = records(db, f"select * from {table} where form_id = '{form_id}' order by {order}")
    return [comparable(row) for row in found]


def longer_goal(name: str, goal: str) -> bool:
    """Whether the PDF was typeset with more text after the goal, so that it crosses a page."""
    forms = json.loads(FILES[name].with_suffix(".json").read_text(encoding="utf-8"))["logical"]
    printed = [bare(cell[4]) for form in forms if form["goal_split"] for cell in form["cells"]]
    return any(text.endswith(goal) for text in printed)


@pytest.mark.parametrize("name", FILES)
def test_the_forms_of_a_pdf_are_those_of_its_text(published: duckdb.DuckDBPyConnection, name: str) -> None:
    found = records(
        published,
        f"""select f.* from forms f join documents d using (document_id)
            where d.path = 'pdf/{name}.pdf' order by form_no""",
    )
    truth = json.loads(FILES[name].with_suffix(".json").read_text(encoding="utf-8"))["logical"]
    assert len(found) == len(truth)
    for form in found:
        [seed] = records(
            published,
            f"""select f.* from forms f join documents d using (document_id)
                where d.path like '%.txt' and project_name = '{form["project_name"]}'""",
        )
        compare_forms(name, form, seed)
        for table in ("funding", "indicators", "blank_slots"):
            assert table_of(published, table, form["form_id"]) == table_of(
                published, table, seed["form_id"]
            ), (table, form["project_name"])


def compare_forms(name: str, form: dict[str, Any], seed: dict[str, Any]) -> None:
    assert form["fiscal_year"] == seed["fiscal_year"]
    mine, theirs = comparable(form), comparable(seed)
    goal, short = mine.pop("goal"), theirs.pop("goal")
    assert mine == theirs
    assert goal == short or (goal.startswith(short) and longer_goal(name, goal))
