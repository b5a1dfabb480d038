"""The table of changes: what each publish says otherwise than the last, and why."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import extract, load
from pipeline.exports.changes import Editions, difference
from pipeline.exports.changes.watched import WATCHED
from pipeline.publishing import changed
from pipeline.schema import TABLES, ChangeRow
from tests.pipeline.conftest import FORM, Place, files_of

Line = tuple[str, str, str | None, str | None, str]


def lines(place: Place) -> list[Line]:
    found = load(place.clean)["changes"]
    columns = (found[c] for c in ("table", "column", "old", "new", "because"))
    return [tuple(None if v != v else v for v in row) for row in zip(*columns, strict=True)]


def test_every_table_but_changes_is_watched() -> None:
    decided = {"changes"}
    assert {w.table for w in WATCHED} == TABLES.keys() - decided


def test_the_first_publish_has_none_and_the_same_again_is_the_same_publish(place: Place) -> None:
    place.write("2024/a.txt")
    place.run()
    first = files_of(place.clean)
    assert lines(place) == []
    place.run()
    assert files_of(place.clean) == first
    place.write("2024/a.txt", FORM.replace("≥3公里", "≥2公里"))
    place.run()
    second = files_of(place.clean)
    assert lines(place)
    for stage in (None, "publish"):
        place.run(force=stage)
        assert files_of(place.clean) == second


def test_many_changes_of_a_year_are_parts_that_the_same_run_again_takes_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("2024/a.txt")
    place.run()
    place.write("2024/a.txt", FORM.replace("≥3公里", "≥2公里"))
    place.run()
    whole = lines(place)
    shutil.rmtree(place.clean)
    place.write("2024/a.txt")
    place.run()
    monkeypatch.setattr(changed, "_ROWS_A_PART", 2)
    place.write("2024/a.txt", FORM.replace("≥3公里", "≥2公里"))
    place.run()
    parts = sorted((place.clean / "changes").rglob("*.parquet"))
    assert len(whole) > 2
    assert len(parts) == -(-len(whole) // 2)
    assert parts[1].name.startswith("part-changes-00001-")
    assert lines(place) == whole
    first = files_of(place.clean)
    place.run(force="publish")
    assert files_of(place.clean) == first


def test_a_folder_may_have_quotes_and_wildcards_in_its_name(place: Place, tmp_path: Path) -> None:
    place.write("2024/a.txt")
    odd = tmp_path / "it's [new] *?"
    for old, new in (("≥3公里", "≥3公里"), ("≥3公里", "≥2公里")):
        place.write("2024/a.txt", FORM.replace(old, new))
        extract(place.raw, odd, work=place.work, engine="serial")
    assert "2000" in set(load(odd)["changes"]["new"])


def test_one_value_changed_in_a_file_is_one_value_changed(place: Place) -> None:
    place.write("2024/a.txt")
    place.write("2024/b.txt", FORM.replace("河道", "水渠"))
    place.run()
    place.write("2024/a.txt", FORM.replace("≥3公里", "≥2公里"))
    place.run()
    found = [line for line in lines(place) if line[0] == "indicators"]
    assert found == [
        ("indicators", "target_base_lower", "3000", "2000", "source"),
        ("indicators", "target_lower", "3", "2", "source"),
        ("indicators", "target_raw", "≥3公里", "≥2公里", "source"),
    ]
    assert {line[0] for line in lines(place)} == {"documents", "indicators", "quantities"}
    changes = load(place.clean)["changes"]
    assert list(changes[changes["table"] == "documents"]["key"]) == ["2024/a.txt"]  # its digest
    key = changes.query("table == 'indicators'")["key"].unique()
    rows = load(place.clean)["indicators"]
    assert list(rows[rows["indicator_id"].isin(key)]["target_raw"]) == ["≥2公里"]


def test_a_row_put_in_front_is_one_row_come(place: Place) -> None:
    place.write("2024/a.txt")
    place.run()
    before = "\t\t质量指标\t指标1: 验收合格率"
    row = "\t\t\t指标2: 清理河道条数\t2条\n"
    place.write("2024/a.txt", FORM.replace(before, row + before))
    place.run()
    found = [line for line in lines(place) if line[0] in {"indicators", "quantities", "forms", "funding"}]
    assert ("indicators", "*", None, "清理河道条数", "source") in found
    assert {line[:2] for line in found} <= {
        ("indicators", "*"),
        ("forms", "cells_total"),
        ("forms", "cells_claimed"),
    }


def test_rows_come_and_go_with_their_file(place: Place) -> None:
    place.write("2024/a.txt")
    place.run()
    place.write("2023/b.txt", FORM.replace("2024年", "2023年").replace("河道", "水渠"))
    place.run()
    come = lines(place)
    assert {line[2] for line in come} == {None}
    assert {line[1] for line in come} == {"*"}
    assert ("documents", "*", None, "2023/b.txt", "source") in come
    assert ("forms", "*", None, "水渠清淤经费", "source") in come
    assert not {line[0] for line in come} & {"cells", "quantities", "blank_slots"}
    (place.raw / "2023" / "b.txt").unlink()
    place.run()
    assert Counter((t, c, o) for t, c, _, o, _ in come) == Counter(
        (t, c, o) for t, c, o, _, _ in lines(place)
    )


def test_a_file_that_moved_keeps_its_rows(place: Place) -> None:
    place.write("2024/a.txt")
    place.run()
    (place.raw / "2024" / "a.txt").rename(place.raw / "2024" / "z.txt")
    place.run()
    assert {line[:4] for line in lines(place) if line[0] in {"documents", "forms", "indicators"}} == {
        ("documents", "*", "2024/a.txt", None),
        ("documents", "*", None, "2024/z.txt"),
    }


@pytest.mark.parametrize(
    ("now", "because"),
    [
        (Editions("new", "old"), "version"),
        (Editions("old", "new"), "reference"),
        (Editions("new", "new"), "version"),
        (Editions("old", "old"), "source"),
    ],
)
def test_what_changes_without_its_file_is_put_down_to_code_or_reference(
    place: Place, tmp_path: Path, now: Editions, because: str
) -> None:
    place.write("2024/a.txt")
    place.run()
    new = {"indicators": [edited(place.clean, tmp_path, {(0, "grade"): "poor"})]}
    found = list(
        difference(parts(place.clean), {**parts(place.clean), **new}, now, Editions("old", "old"), tmp_path)
    )
    assert [(c.table, c.column, c.new, c.because) for c in found] == [
        ("indicators", "grade", "poor", because)
    ]


def test_editions_change_with_code_and_with_reference_files(monkeypatch: pytest.MonkeyPatch) -> None:
    now = changed.editions_now()
    monkeypatch.setattr(changed, "READS", (*changed.READS, "pipeline/cli"))
    more = changed.editions_now()
    assert more.code != now.code
    assert more.reference == now.reference


def test_a_column_the_last_publish_did_not_have_is_no_change(place: Place, tmp_path: Path) -> None:
    place.write("2024/a.txt")
    place.run()
    [file] = parts(place.clean)["forms"]
    older = tmp_path / "forms" / "fiscal_year=2024" / "part.parquet"
    older.parent.mkdir(parents=True)
    pq.write_table(pq.read_table(file, partitioning=None).drop_columns(["grade"]), older)
    old = {**parts(place.clean), "forms": [older]}
    assert list(difference(old, parts(place.clean), Editions(), Editions(), tmp_path)) == []


def parts(clean: Path) -> dict[str, list[Path]]:
    return {t: sorted((clean / t).glob("*/*.parquet")) for t in TABLES if t != "changes"}


def edited(clean: Path, folder: Path, edits: dict[tuple[int, str], str | None]) -> Path:
    """A copy of the indicators with other texts in some places."""
    [file] = parts(clean)["indicators"]
    table = pq.read_table(file, partitioning=None)
    for (row, column), text in edits.items():
        values = table[column].to_pylist()
        values[row % len(values)] = text
        at = table.schema.get_field_index(column)
        table = table.set_column(at, table.schema.field(column), pa.array(values, pa.string()))
    target = folder / "indicators" / file.parent.name / "part-edited.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, target)
    return target


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("published")
    place = Place(base / "raw", base / "clean", base / "work")
    place.write("2024/a.txt")
    place.run()
    return place.clean


_COLUMNS = ("target_raw", "target_kind", "deviation", "target_unit")
_EDITS = st.dictionaries(
    st.tuples(st.integers(0, 5), st.sampled_from(_COLUMNS)), st.none() | st.text(max_size=5), max_size=6
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_EDITS)
def test_every_edit_is_found_and_nothing_else(
    published: Path, tmp_path: Path, edits: dict[tuple[int, str], str | None]
) -> None:
    shutil.rmtree(tmp_path / "indicators", ignore_errors=True)
    edits = {at: text.replace("\0", "0") if text else text for at, text in edits.items()}
    new = edited(published, tmp_path, edits)
    [old] = parts(published)["indicators"]
    before, now = (pq.read_table(f, partitioning=None).to_pylist() for f in (old, new))
    wanted = {
        (b["indicator_id"], c, b[c], n[c])
        for b, n in zip(before, now, strict=True)
        for c in _COLUMNS
        if b[c] != n[c]
    }
    found: list[ChangeRow] = list(
        difference(
            parts(published), {**parts(published), "indicators": [new]}, Editions(), Editions(), tmp_path
        )
    )
    assert {(c.key, c.column, c.old, c.new) for c in found} == wanted
    assert len(found) == len(wanted)
