"""Every export format read back against the published tables, hostile text included."""

from __future__ import annotations

import csv as plain_csv
import json
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports.formats import csv, xlsx
from pipeline.exports.published import plain, rows
from pipeline.exports.registry import export, formats
from pipeline.schema import TABLES, Type
from pipeline.settings import SettingsError

from ..conftest import FORM, Place

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Two forms whose texts look like formulas, markup and quotes."""
    base = tmp_path_factory.mktemp("hostile")
    place = Place(base / "raw", base / "clean", base / "work")
    place.write("2024/a.txt", FORM.replace("河道清淤经费", HOSTILE).replace("明显改善", "=1+1"))
    place.write("2024/b.txt", FORM.replace("清理河道。", '@SUM(A1) 说"好"').replace("≥3公里", "-5%"))
    place.run()
    return place


def published(place: Place, name: str) -> list[dict[str, Any]]:
    table = TABLES[name]
    return [dict(zip([c.name for c in table.columns], r, strict=True)) for r in rows(place.clean, table)]


def test_formats_are_found() -> None:
    assert set(formats()) == {"csv", "xlsx", "duckdb", "sqlite", "jsonl"}


def test_unknown_format_and_empty_place(tmp_path: Path, sample: Place) -> None:
    with pytest.raises(SettingsError, match="no export format"):
        export(sample.clean, "pdf")
    with pytest.raises(SettingsError, match="nothing is published"):
        export(tmp_path, "csv")


@given(st.text(alphabet="'=+-@ax5\t"))
def test_guard_is_turned_round(text: str) -> None:
    assert csv.unguarded(csv.guarded(text)) == text
    assert csv.guarded(text)[:1] not in set("=+-@\t")


@pytest.mark.parametrize("name", list(TABLES))
def test_csv_reads_back(hostile: Place, tmp_path: Path, name: str) -> None:
    export(hostile.clean, "csv", tmp_path / "out")
    blob = (tmp_path / "out" / f"{name}.csv").read_bytes()
    assert blob.startswith(b"\xef\xbb\xbf")
    found = list(plain_csv.DictReader(blob.decode("utf-8-sig").splitlines(keepends=True)))
    wanted = published(hostile, name)
    assert len(found) == len(wanted)
    for got, row in zip(found, wanted, strict=True):
        for column in TABLES[name].columns:
            value = row[column.name]
            if column.type is Type.TEXT:
                assert csv.unguarded(got[column.name]) == (value or "")
            elif column.type in (Type.MONEY, Type.NUMBER) and value is not None:
                assert Decimal(got[column.name]) == value


def test_csv_splits_and_forgets_old_parts(sample: Place, tmp_path: Path) -> None:
    notices = csv.write(sample.clean, tmp_path, limit=100)
    parts = sorted(tmp_path.glob("cells-*.csv"))
    assert len(parts) == 10
    assert any("cells-10.csv" in n for n in notices)
    lines = sum(len(list(plain_csv.reader(p.open(encoding="utf-8-sig", newline="")))) - 1 for p in parts)
    assert lines == len(published(sample, "cells"))
    csv.write(sample.clean, tmp_path)
    assert not list(tmp_path.glob("cells-*.csv"))
    assert (tmp_path / "cells.csv").is_file()


def test_jsonl_keeps_every_value(hostile: Place, tmp_path: Path) -> None:
    export(hostile.clean, "jsonl", tmp_path / "out")
    for name in TABLES:
        lines = (tmp_path / "out" / f"{name}.jsonl").read_text("utf-8").split("\n")[:-1]
        found = [json.loads(line, parse_float=Decimal) for line in lines]
        wanted = published(hostile, name)
        for row in wanted:
            row.update({k: v.isoformat() for k, v in row.items() if hasattr(v, "isoformat")})
        exact = [{k: v for k, v in r.items() if not isinstance(v, float)} for r in wanted]
        assert [{k: v for k, v in f.items() if k in e} for f, e in zip(found, exact, strict=True)] == exact


def test_duckdb_types_comments_and_views(hostile: Place, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    out = tmp_path / "x.duckdb"
    export(hostile.clean, "duckdb", out)
    with duckdb.connect(str(out), read_only=True) as base:
        for name in TABLES:
            assert base.execute(f"SELECT count(*) FROM {name}").fetchone() == (len(published(hostile, name)),)
        total = base.execute("SELECT funding_total_yuan FROM forms LIMIT 1").fetchone()
        assert total == (Decimal("120000.00"),)
        comment = base.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name='forms' AND column_name='funding_total_yuan'"
        ).fetchone()
        assert comment == ("年度资金总额 [元]: total of the year",)
        _views_lead_to_the_cell(base.execute)


def _views_lead_to_the_cell(ask: Any) -> None:
    found = ask(
        "SELECT path, line, cell_text FROM value_sources WHERE field = 'target' AND raw = '=1+1'"
    ).fetchall()
    [(path, line, text)] = found
    assert path == "2024/a.txt"
    assert text == "=1+1"
    assert FORM.splitlines()[line - 1].endswith("明显改善")
    assert ask("SELECT count(*) FROM finding_sources WHERE path IS NULL").fetchone() == (0,)
    assert ask("SELECT count(*) FROM finding_sources").fetchone()[0] > 0
    sources = ask("SELECT DISTINCT source, path FROM funding_sources WHERE source = 'total'").fetchall()
    assert sorted(sources) == [("total", "2024/a.txt"), ("total", "2024/b.txt")]


def test_sqlite_keeps_decimals_and_adds_up(hostile: Place, tmp_path: Path) -> None:
    out = tmp_path / "x.sqlite"
    export(hostile.clean, "sqlite", out)
    base = sqlite3.connect(out)
    assert base.execute("SELECT typeof(amount_yuan), amount_yuan FROM funding").fetchone() == (
        "text",
        "120000.00",
    )
    wanted = sum(r["amount_yuan"] for r in published(hostile, "funding") if r["amount_yuan"] is not None)
    assert base.execute("SELECT sum(amount_yuan) FROM funding_num").fetchone() == (float(wanted),)
    exact = {r["indicator_id"]: r["target_lower"] for r in published(hostile, "indicators")}
    for key, text in base.execute("SELECT indicator_id, target_lower FROM indicators"):
        assert text == (None if exact[key] is None else plain(exact[key]))
    _views_lead_to_the_cell(base.execute)
    assert base.execute("SELECT count(*) FROM _columns").fetchone() == (
        sum(len(t.columns) for t in TABLES.values()),
    )
    base.close()


@pytest.mark.parametrize("to", ["csv", "jsonl", "sqlite", "xlsx"])
def test_equal_data_gives_equal_bytes(hostile: Place, tmp_path: Path, to: str) -> None:
    if to == "xlsx":
        pytest.importorskip("xlsxwriter")
    for name in ("one", "two"):
        export(hostile.clean, to, tmp_path / name)
    one, two = tmp_path / "one", tmp_path / "two"
    if one.is_dir():
        assert {p.name: p.read_bytes() for p in one.iterdir()} == {
            p.name: p.read_bytes() for p in two.iterdir()
        }
    else:
        assert one.read_bytes() == two.read_bytes()


def test_a_failed_export_leaves_the_last_one(
    sample: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "x.sqlite"
    out.write_bytes(b"the last one")
    monkeypatch.setattr("pipeline.exports.formats.sqlite.views", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(sample.clean, "sqlite", out)
    assert [p.name for p in tmp_path.iterdir()] == ["x.sqlite"]
    assert out.read_bytes() == b"the last one"


def test_a_missing_library_is_named(sample: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.exports.registry.find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"jixiao\[exports\]"):
        export(sample.clean, "xlsx")


def test_limit_of_one_excel_sheet() -> None:
    assert csv.LIMIT + 1 == xlsx.LIMIT + 2 == 1_048_576
