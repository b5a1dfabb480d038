"""The published tables of the sample archive against a transcription made by hand.

``rows.json`` holds all 14 forms: per row line, printed level-2 label, ordinal, name, value.
``expected_forms.json`` and ``expected_values.jsonl`` hold five forms and their values in full.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from normalizers import parse_value
from pipeline import extract

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "tests" / "fixtures" / "seeds"
ROWS = json.loads((SEEDS / "rows.json").read_text(encoding="utf-8"))
FORMS = json.loads((SEEDS / "expected_forms.json").read_text(encoding="utf-8"))
VALUES = [
    json.loads(line) for line in (SEEDS / "expected_values.jsonl").read_text(encoding="utf-8").splitlines()
]
PATHS = {
    "000_072ceaf814ecc3f7.txt": "2023/永宁县人民政府办公室.txt",
    "001_76686908e8cc2a34.txt": "2024/原州区人民政府办公室.txt",
}
LEVEL1 = {"产出指标": "output", "效益指标": "benefit", "满意度指标": "satisfaction"}
LEVEL2 = {
    "数量指标": "output.quantity",
    "质量指标": "output.quality",
    "时效指标": "output.timeliness",
    "成本指标": "output.cost",
    "经济效益指标": "benefit.economic",
    "经济效益": "benefit.economic",
    "社会效益指标": "benefit.social",
    "生态效益指标": "benefit.ecological",
    "可持续影响指标": "benefit.sustainability",
    "服务对象满意度指标": "satisfaction.beneficiary",
}


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("seeds")
    extract(ROOT / "data" / "raw", out=base / "clean", work=base / "work")
    return base / "clean"


def query(clean: Path, sql: str, *tables: str) -> list[dict[str, Any]]:
    with duckdb.connect() as db:
        for table in tables:
            files = clean / table / "**" / "*.parquet"
            db.execute(
                f"create view {table} as select * from read_parquet('{files}', hive_partitioning=true)"
            )
        cursor = db.execute(sql)
        names = [c[0] for c in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def one_form(clean: Path, path: str, form_no: int) -> dict[str, Any]:
    sql = f"select f.* from forms f join documents d using (document_id) where d.path = '{path}' and form_no = {form_no}"
    [form] = query(clean, sql, "forms", "documents")
    return form


@pytest.mark.parametrize("truth", ROWS, ids=lambda t: t["header"]["project_name"])
def test_every_row_of_every_form(clean: Path, truth: dict[str, Any]) -> None:
    form = one_form(clean, truth["path"], truth["form_no"])
    indicators = query(
        clean,
        f"""select c.line, i.level1_id, i.level2_id, i.ordinal, i.level3, i.target_raw, i.target_kind
            from indicators i join cells c on c.cell_id = i.level3_cell_id and c.document_id = i.document_id
            where i.form_id = '{form["form_id"]}' order by row_no""",
        "indicators",
        "cells",
    )
    got = [(r["line"], r["level2_id"], r["ordinal"], r["level3"], r["target_raw"]) for r in indicators]
    assert got == [
        (line, LEVEL2[level2], n, name, value) for line, level2, n, name, value in truth["indicators"]
    ]
    assert all(r["level1_id"] == r["level2_id"].split(".")[0] for r in indicators)
    assert all(r["target_kind"] != "other" for r in indicators)
    slots = query(
        clean,
        f"""select c.line, b.level2_id, b.ordinal from blank_slots b join cells c using (cell_id)
            where b.form_id = '{form["form_id"]}' order by row_no""",
        "blank_slots",
        "cells",
    )
    assert [tuple(r.values()) for r in slots] == [(a, LEVEL2[b], c) for a, b, c in truth["blank_slots"]]


@pytest.mark.parametrize("truth", ROWS, ids=lambda t: t["header"]["project_name"])
def test_header_and_money(clean: Path, truth: dict[str, Any]) -> None:
    form = one_form(clean, truth["path"], truth["form_no"])
    head = truth["header"]
    for name in ("project_name", "department", "agency", "project_nature_raw", "period_raw"):
        assert form[name] == head[name], name
    yuan = Decimal(re.sub("万", "", head["total"])) * 10000
    assert form["funding_total_yuan"] == form["funding_fiscal_yuan"] == yuan
    assert form["funding_other_yuan"] is None
    assert form["fiscal_year"] == int(truth["path"][:4])
    assert form["taxonomy_version"] == "2015"
    funding = query(clean, f"select * from funding where form_id = '{form['form_id']}'", "funding")
    assert {(r["source"], r["amount_raw"]) for r in funding} == {
        ("total", head["total"]),
        ("fiscal", head["fiscal"]),
    }
    where = "cell" if "万" in head["total"] else "row_label"
    assert {r["scale_source"] for r in funding} == {where}


@pytest.mark.parametrize("truth", FORMS, ids=lambda t: t["project_name"])
def test_the_five_forms_in_full(clean: Path, truth: dict[str, Any]) -> None:
    form = one_form(clean, PATHS[truth["source"]], truth["form_index"])
    assert form["title"] == truth["title"]
    assert form["kind"] == truth["form_family"]
    assert form["goal"] == truth["annual_goal"]
    rows = query(
        clean, f"select * from indicators where form_id = '{form['form_id']}' order by row_no", "indicators"
    )
    for row, expected in zip(rows, truth["indicators"], strict=True):
        assert row["level1_id"] == LEVEL1[expected["level1"]]
        assert row["level2_id"] == LEVEL2[expected["level2"]]
        assert (row["level3"], row["target_raw"]) == (expected["name"], expected["value_raw"])


def test_counts_and_claims(clean: Path) -> None:
    [counts] = query(
        clean,
        """select (select count(*) from forms) forms, (select count(*) from indicators) indicators,
           (select count(*) from blank_slots) blank, (select count(*) from cells where claimed_by = '') unclaimed""",
        "forms",
        "indicators",
        "blank_slots",
        "cells",
    )
    assert counts == {"forms": 14, "indicators": 169, "blank": 73, "unclaimed": 0}


def test_every_source_character_is_in_a_cell(clean: Path) -> None:
    """What the files print, white space aside, is exactly what the published cells hold."""
    for path in PATHS.values():
        cells = query(
            clean,
            f"select text from cells join documents using (document_id) where path = '{path}'",
            "cells",
            "documents",
        )
        printed = re.sub(r"\s", "", (ROOT / "data" / "raw" / path).read_text(encoding="utf-8"))
        assert sorted(re.sub(r"\s", "", "".join(c["text"] for c in cells))) == sorted(printed)


@pytest.mark.parametrize("truth", VALUES, ids=lambda t: t["raw"])
def test_values_of_the_five_forms(truth: dict[str, Any]) -> None:
    level2 = "成本指标" if truth["kind"] == "money" else None
    value = parse_value(truth["raw"], level2=level2)
    assert value.kind in {truth["kind"], *truth.get("alt_kinds", [])}
    assert value.direction in {truth["direction"], *truth.get("alt_directions", [])}
    assert len(value.parts) == len(truth["parts"])
    for part, expected in zip(value.parts, truth["parts"], strict=True):
        for bound in ("lower", "upper"):
            number = expected[bound]
            assert getattr(part, bound) == (None if number is None else Decimal(str(number)))
            assert getattr(part, f"{bound}_inclusive") == expected.get(f"{bound}_inclusive")
        assert part.approximate == expected["approx"]
        assert part.unit_raw == expected["unit_raw"] or part.date_start
        assert part.unit == expected["unit"]
        assert part.label == expected["label"]
        assert part.per_unit == expected["per"]
        if "date_start" in expected:
            assert (str(part.date_start), str(part.date_end)) == (
                expected["date_start"],
                expected["date_end"],
            )
            continue
        assert part.number_raw is not None
        assert Decimal(part.number_raw) == Decimal(str(expected["raw_number"]))
        assert part.scale == expected["scale"]
        base = part.base_upper if part.base_lower is None else part.base_lower
        assert base == Decimal(str(expected["value_in_base_unit"]))
        assert part.base_unit == expected["base_unit"]
