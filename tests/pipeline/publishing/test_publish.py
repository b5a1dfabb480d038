"""Publishing: the declared schema, byte-identity, and never half a run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline import load
from pipeline.exports import snapshot
from pipeline.exports.parquet import arrow_schema
from pipeline.exports.snapshot import PublishError, publish_files
from pipeline.schema import TABLES
from tests.pipeline.conftest import RAW, Place, files_of


def test_two_processes_publish_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        code = f"from pipeline import extract; extract({str(RAW)!r}, out={str(out / 'c')!r}, work={str(out / 'w')!r})"
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Shanghai" if seed == "1" else "UTC"}
        subprocess.run([sys.executable, "-c", code], check=True, env=env, cwd=RAW.parents[1])
        found.append(files_of(out / "c"))
    assert found[0] == found[1]
    assert len(found[0]) > len(TABLES)


def test_a_resumed_run_publishes_the_same_bytes(place: Place) -> None:
    place.write("2024/a.txt")
    place.run()
    before = files_of(place.clean)
    summary = place.run()
    assert files_of(place.clean) == before
    assert {counts["made"] for counts in summary.stages.values()} == {0}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_the_declared_columns(sample: Place, name: str) -> None:
    parts = sorted((sample.clean / name).rglob("*.parquet"))
    assert parts
    for part in parts:
        schema = pq.read_schema(part)
        assert schema.equals(arrow_schema(TABLES[name]), check_metadata=True)
        assert all(f.metadata[b"description"] for f in schema)
        assert "fiscal_year" not in schema.names
    frame = pd.read_parquet(sample.clean / name)
    assert set(frame.columns) == {c.name for c in TABLES[name].columns}
    files = sample.clean / name / "**" / "*.parquet"
    rows = duckdb.sql(f"from read_parquet('{files}', hive_partitioning=true)").fetchall()
    assert len(rows) == len(frame)


def test_keys_are_unique(sample: Place) -> None:
    for name, frame in load(sample.clean).items():
        key = list(TABLES[name].key)
        assert not frame.duplicated(subset=key).any(), name


def test_every_pointer_points_somewhere(sample: Place) -> None:
    tables = load(sample.clean)
    cells = set(tables["cells"]["cell_id"])
    for name, frame in tables.items():
        for column in (c for c in frame.columns if c.endswith("cell_id")):
            assert set(frame[column].dropna()) <= cells, (name, column)
        for column in (c for c in frame.columns if c in ("form_id", "other_form_id")):
            assert set(frame[column].dropna()) <= set(tables["forms"]["form_id"]), (name, column)
    assert {c for ids in tables["findings"]["cell_ids"] for c in ids} <= cells
    claimed = tables["cells"]["claimed_by"]
    assert claimed.str.fullmatch(r"(form|noise|issue):[a-z0-9_]+|indicator:[0-9a-f]{16}:[a-z0-9_]+").all()


def test_dictionary_and_package_name_every_column(sample: Place) -> None:
    dictionary = (sample.clean / "dictionary.md").read_text(encoding="utf-8")
    package = json.loads((sample.clean / "datapackage.json").read_text(encoding="utf-8"))
    resources = {r["name"]: r for r in package["resources"]}
    for name, table in TABLES.items():
        assert f"## {name} " in dictionary
        assert [f["name"] for f in resources[name]["schema"]["fields"]] == [c.name for c in table.columns]
        for column in table.columns:
            assert f"`{column.name}`" in dictionary
        assert all((sample.clean / path).is_file() for path in resources[name]["path"])


def test_a_crash_while_publishing_leaves_the_last_publish(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("2024/a.txt")
    place.run()
    before, target = files_of(place.clean), (place.clean / ".current").readlink()
    place.write("2024/b.txt", "另一个文件\n")

    def crash(*_: object) -> None:
        raise OSError("the disk is full")

    for name in ("_settle", "_write", "_link"):
        with monkeypatch.context() as patch:
            patch.setattr(snapshot, name, crash)
            with pytest.raises(OSError, match="disk is full"):
                place.run()
        assert files_of(place.clean) == before
        assert (place.clean / ".current").readlink() == target
    place.run()
    assert files_of(place.clean) != before
    assert len(list((place.clean / ".snapshots").iterdir())) == 1


def test_a_damaged_publish_is_replaced(place: Place) -> None:
    place.write("2024/a.txt")
    place.run()
    before = files_of(place.clean)
    shutil.rmtree((place.clean / "cells").resolve())
    place.run()
    assert files_of(place.clean) == before


def test_a_foreign_folder_is_not_replaced(place: Place) -> None:
    place.write("2024/a.txt")
    (place.clean / "cells").mkdir(parents=True)
    (place.clean / "cells" / "mine.txt").write_text("mine")
    with pytest.raises(PublishError, match="move it away"):
        place.run()
    assert (place.clean / "cells" / "mine.txt").read_text() == "mine"
    assert not (place.clean / ".current").exists()


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".gitkeep").touch()
    (tmp_path / "notes.txt").write_text("mine")
    publish_files(tmp_path, [(Path("t/x"), b"1")])
    publish_files(tmp_path, [(Path("t/x"), b"2")])
    assert (tmp_path / "t" / "x").read_bytes() == b"2"
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / ".gitkeep").exists()
