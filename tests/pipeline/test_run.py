"""Whole runs: every file gets a status, bad input never ends a run, and only what changed runs again."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import Damaged, Missing
from extractors.source import SourceFile
from normalizers.reference import ReferenceFileError
from pipeline import extract, load
from pipeline import stage as stage_module
from pipeline.issues import UnknownIssueError
from pipeline.settings import Settings, SettingsError
from pipeline.stage import Stage
from pipeline.stages import assemble, audit, normalise, read
from pipeline.stages.collect import collect
from pipeline.storage.store import NAME, Store
from tests.pipeline.conftest import FORM, ROOT, Place, files_of


def documents(place: Place) -> dict[str, dict[str, Any]]:
    frame = load(place.clean)["documents"]
    return {row["path"]: row for row in frame.to_dict("records")}


def test_the_sample_archive(sample: Place) -> None:
    tables = load(sample.clean)
    assert {name: len(tables[name]) for name in ("forms", "indicators", "blank_slots")} == {
        "forms": 14,
        "indicators": 169,
        "blank_slots": 73,
    }
    assert (tables["documents"]["status"] == "ok").all()
    assert set(tables["forms"]["fiscal_year"]) == {2023, 2024}
    assert not tables["cells"]["claimed_by"].str.startswith("issue:").any()


BAD = {
    "empty.txt": (b"", "quarantined", "empty"),
    "blank.txt": (b" \n\t\n\n", "quarantined", "empty"),
    "binary.txt": (bytes(range(256)) * 40, "quarantined", "binary"),
    "half.txt": (FORM[: len(FORM) // 2].encode(), "partial", "no_indicator_rows"),
    "untitled.txt": (FORM.split("\n", 1)[1].encode(), "ok", None),
    "table.txt": ("序号\t姓名\t电话\n1\t张三\t123\n2\t李四\t456\n".encode(), "no_form", "no_form"),
    "prose.txt": ("这是一份通知。\n请各单位执行。\n".encode(), "no_form", "no_table"),
    "damaged.txt": (FORM.encode().replace("河道".encode(), b"\xff\xfe\xe6", 1), "partial", "damaged_bytes"),
    "line\nbreak.txt": (FORM.replace("河道", "沟渠").encode(), "ok", None),
}


def test_bad_input_gets_a_status_and_a_reason(place: Place) -> None:
    for name, (blob, _, _) in BAD.items():
        place.write(f"2024/{name}", blob)
    summary = place.run()
    found = documents(place)
    assert {p.removeprefix("2024/") for p in found} == set(BAD)
    for name, (_, status, reason) in BAD.items():
        row = found[f"2024/{name}"]
        assert row["status"] == status, name
        assert row["reason_code"] == reason or reason is None, name
        assert status == "ok" or row["message"], name
    assert sum(summary.files.values()) == len(BAD)
    assert summary.cells_share == 1.0
    cells = load(place.clean)["cells"]
    assert (cells["claimed_by"] != "").all()


def test_a_huge_line_is_refused_and_the_run_goes_on(place: Place) -> None:
    place.write("2024/a.txt")
    place.write("2024/huge.txt", b"\xe8\xa1\xa8\t" * 1_000_000)
    place.run()
    found = documents(place)
    assert found["2024/huge.txt"]["reason_code"] == "too_large"
    assert found["2024/a.txt"]["status"] == "ok"


def test_links_litter_and_odd_files(place: Place) -> None:
    place.write("2024/a.txt")
    place.write("2024/.DS_Store", b"x")
    place.write("2024/Thumbs.db", b"x")
    place.write(".gitkeep", b"")
    (place.raw / "2024" / "loop").symlink_to(place.raw)
    (place.raw / "2024" / "gone.txt").symlink_to("nowhere.txt")
    os.mkfifo(place.raw / "2024" / "pipe.txt")
    summary = place.run()
    found = documents(place)
    assert set(found) == {"2024/a.txt", "2024/gone.txt", "2024/pipe.txt"}
    assert found["2024/gone.txt"]["reason_code"] == found["2024/pipe.txt"]["reason_code"] == "unreadable"
    assert summary.skipped == (".gitkeep", "2024/.DS_Store", "2024/Thumbs.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(place: Place) -> None:
    place.write("2024/a.txt").chmod(0)
    place.run()
    assert documents(place)["2024/a.txt"]["reason_code"] == "unreadable"


def test_a_name_that_is_no_utf8(place: Place) -> None:
    file = os.fsencode(place.raw) + b"/\xd3\xc0\xc4\xfe.txt"
    Path(os.fsdecode(file)).write_text(FORM, encoding="utf-8")
    place.run()
    assert list(documents(place)) == ["\\xd3\\xc0\\xc4\\xfe.txt"]


def test_the_same_bytes_twice_are_read_once(place: Place) -> None:
    place.write("2024/a.txt")
    place.write("2024/b.txt")
    place.run()
    found = documents(place)
    assert (found["2024/a.txt"]["status"], found["2024/b.txt"]["status"]) == ("ok", "duplicate")
    assert "2024/a.txt" in found["2024/b.txt"]["message"]
    assert len(load(place.clean)["forms"]) == 1


def test_only_what_changed_runs_again(place: Place) -> None:
    place.write("2024/a.txt")
    place.write("2024/b.txt", FORM.replace("河道", "沟渠"))
    assert place.run().stages["read"] == {"made": 2, "reused": 0, "refused": 0}
    place.write("2024/c.txt", FORM.replace("河道", "水库"))
    assert place.run().stages["read"] == {"made": 1, "reused": 2, "refused": 0}
    (place.raw / "2024" / "a.txt").unlink()
    summary = place.run()
    assert summary.dropped == 1
    assert set(documents(place)) == {"2024/b.txt", "2024/c.txt"}
    assert set(load(place.clean)["forms"]["project_name"]) == {"沟渠清淤经费", "水库清淤经费"}


def test_a_changed_reference_file_runs_what_reads_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("2024/a.txt")
    place.run()
    before = stage_module.digest_of

    def edited(reads: tuple[str, ...]) -> str:
        return before(reads) + ("+" if any("normalizers".startswith(r) for r in reads) else "")

    monkeypatch.setattr(stage_module, "digest_of", edited)
    made = {name: counts["made"] for name, counts in place.run().stages.items()}
    assert made == {"read": 0, "assemble": 0, "normalise": 1, "audit": 1, "compare": 1}


WORKERS = {
    "read": "from extractors.readers.base import readers; readers()",
    "assemble": "import extractors.layout.find",
    "normalise": "import normalizers.values, pipeline.records.build",
    "audit": "from pipeline.audit.rule import rules; rules(); import pipeline.audit.judge",
}


@pytest.mark.parametrize("stage", [read.STAGE, assemble.STAGE, normalise.STAGE, audit.STAGE])
def test_what_a_stage_loads_is_in_its_key(stage: Stage[Any, Any]) -> None:
    """Code or words that a stage uses without declaring them would leave stale results in the store."""
    script = (
        f"import sys; {WORKERS[stage.name]}; from normalizers import reference; "
        "print('\\n'.join(m.__file__ for m in list(sys.modules.values()) if getattr(m, '__file__', None)))"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    found = {Path(line) for line in out.stdout.splitlines()}
    loaded = {str(p.relative_to(ROOT)) for p in found if p.is_relative_to(ROOT) and ".venv" not in p.parts}
    own = {p for p in loaded if p.split("/")[0] in OWN[stage.name] and not p.endswith("__init__.py")}
    declared = {p for p in own if any(p == r or p.startswith(f"{r}/") for r in stage.reads)}
    assert own == declared


OWN = {
    "read": {"extractors", "normalizers"},
    "assemble": {"extractors", "normalizers"},
    "normalise": {"normalizers"},
    "audit": {"normalizers"},
}


def test_an_accident_quarantines_one_document_only(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("2024/a.txt")
    place.write("2024/b.txt", FORM.replace("河道", "沟渠"))
    whole = normalise.STAGE.call

    def breaks(given: normalise.Understood) -> Any:
        if given.path.endswith("b.txt"):
            raise ZeroDivisionError("an accident")
        return whole(given)

    broken = Stage("normalise", "broken", ("pipeline/records",), breaks, normalise.STAGE.codec)
    with monkeypatch.context() as patch:
        patch.setattr(normalise, "STAGE", broken)
        summary = place.run()
    found = documents(place)
    assert (found["2024/b.txt"]["status"], found["2024/b.txt"]["reason_code"]) == (
        "quarantined",
        "internal_error",
    )
    assert found["2024/a.txt"]["status"] == "ok"
    assert summary.exit_status(strict=True) == 3
    assert "an accident" in (place.work / "run.log").read_text(encoding="utf-8")
    assert place.run().quarantined == 0, "retried once what it depends on has changed"


def test_a_refusal_is_remembered_and_an_unlucky_moment_is_not(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("2024/a.txt")
    calls = []

    def refuses(error: Exception) -> Stage[Any, Any]:
        def call(_: object) -> Any:
            calls.append(type(error).__name__)
            raise error

        return Stage("read", type(error).__name__, ("extractors/readers",), call, read.STAGE.codec)

    for error in (Damaged("a.txt: broken"), OSError("the share is gone")):
        monkeypatch.setattr(read, "STAGE", refuses(error))
        assert place.run().quarantined == place.run().quarantined == 1
    assert calls == ["Damaged", "OSError", "OSError"]


def test_a_file_that_vanishes_during_the_run_is_read_the_next_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("2024/a.txt")
    with monkeypatch.context() as patched:
        patched.setattr(SourceFile, "from_path", classmethod(_vanished))
        assert place.run().quarantined == 1
    row = documents(place)["2024/a.txt"]
    assert (row["reason_code"], row["message"]) == ("missing", "a.txt: cannot be opened any more")
    assert place.run().quarantined == 0


def _vanished(_: type[SourceFile], path: Path) -> SourceFile:
    raise Missing(f"{path}: there is no such file")


@pytest.mark.parametrize("error", [UnknownIssueError("x"), ReferenceFileError("x")])
def test_our_own_fault_stops_the_run(place: Place, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    place.write("2024/a.txt")
    place.run()
    before = files_of(place.clean)

    def call(_: object) -> Any:
        raise error

    monkeypatch.setattr(read, "STAGE", Stage("read", "x", ("extractors/readers",), call, read.STAGE.codec))
    with pytest.raises(type(error)):
        place.run()
    assert files_of(place.clean) == before


def test_a_killed_run_goes_on_where_it_was(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(4):
        place.write(f"2024/{n}.txt", FORM.replace("河道", f"河道{n}"))
    whole = read.STAGE.call
    seen: list[str] = []

    def dies(source: Any) -> Any:
        if len(seen) == 3:
            raise KeyboardInterrupt
        seen.append(source.path)
        return whole(source)

    dying = Stage("read", read.STAGE.version, read.STAGE.reads, dies, read.STAGE.codec)
    with monkeypatch.context() as patch:
        patch.setattr(read, "STAGE", dying)
        patch.setattr(Settings, "__post_init__", lambda self: object.__setattr__(self, "batch", 1))
        with pytest.raises(KeyboardInterrupt):
            place.run()
    assert not (place.clean / ".current").exists()
    assert place.run().stages["read"] == {"made": 1, "reused": 3, "refused": 0}


def test_a_damaged_store_is_made_anew(place: Place) -> None:
    place.write("2024/a.txt")
    place.run()
    (place.work / NAME).write_bytes(b"no database" * 1000)
    assert place.run().stages["read"]["made"] == 1
    assert (place.work / f"{NAME}.damaged").exists()


def test_a_batch_is_stored_wholly_or_not_at_all(tmp_path: Path) -> None:
    def die(store: Store) -> None:
        with store.batch():
            store.put("k", "read", "a", b"1")
            raise KeyboardInterrupt

    with Store(tmp_path) as store, pytest.raises(KeyboardInterrupt):
        die(store)
    with Store(tmp_path) as store:
        assert store.get("k") is None
        assert store.counts() == {}
    assert sqlite3.connect(tmp_path / NAME).execute("pragma integrity_check").fetchone() == ("ok",)


def test_one_year_and_one_file(place: Place) -> None:
    place.write("2023/a.txt", FORM.replace("2024年", "2023年"))
    place.write("2024/b.txt")
    place.run(year=2023)
    assert set(documents(place)) == {"2023/a.txt"}
    extract(place.raw / "2024" / "b.txt", out=place.clean, work=place.work)
    assert set(documents(place)) == {"b.txt"}


def test_a_year_nobody_names_is_zero_and_an_issue(place: Place) -> None:
    place.write("a.txt", FORM.replace("2024年部门", "部门").replace("2024年", "长期"))
    place.write("2022/b.txt", FORM.replace("河道", "沟渠"))
    place.run()
    tables = load(place.clean)
    assert set(tables["forms"]["fiscal_year"]) == {0, 2024}
    assert {"year_unknown", "year_conflict"} <= set(tables["issues"]["code"])


def test_wrong_usage(place: Place) -> None:
    place.write("2024/a.txt")
    with pytest.raises(SettingsError, match="no such file"):
        extract(place.raw / "nothing", out=place.clean, work=place.work)
    with pytest.raises(SettingsError, match="no folder for this year"):
        place.run(year=2020)
    with pytest.raises(SettingsError, match="nosuch://bucket/raw"):
        extract("nosuch://bucket/raw", out=place.clean, work=place.work)
    with pytest.raises(SettingsError, match="engine"):
        place.run(engine="magic")
    with pytest.raises(SettingsError, match="never written to"):
        extract(place.raw, out=place.raw / "clean", work=place.work)


def test_raw_is_never_written(place: Place) -> None:
    place.write("2024/a.txt")
    before = {p: p.stat().st_mtime_ns for p in [place.raw, *place.raw.rglob("*")]}
    place.run()
    assert {p: p.stat().st_mtime_ns for p in [place.raw, *place.raw.rglob("*")]} == before


def test_an_empty_archive_is_published_as_empty_tables(place: Place) -> None:
    summary = place.run()
    assert summary.files == {}
    assert all(len(frame) == 0 for frame in load(place.clean).values())


def test_collect_sorts_and_digests(place: Place) -> None:
    place.write("b.txt")
    place.write("a.txt")
    entries = collect(place.raw).entries
    assert [e.path for e in entries] == ["a.txt", "b.txt"]
    assert entries[0].document_id == entries[1].document_id
