"""Runs over many files with an engine of processes: same bytes, faults, years, parts, resuming."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
import typer

from pipeline import extract, load
from pipeline.cli.look import status
from pipeline.settings import SettingsError
from pipeline.watch import NAME, seen
from tests.pipeline.conftest import FORM, ROOT, Place, files_of

PROCESSES = {"engine": "processes", "workers": 2}


def fill(place: Place, count: int = 12, more: str = "") -> None:
    for n in range(count):
        year = 2022 + n % 3
        text = FORM.replace("2024年", f"{year}年").replace("河道", f"第{n}号河道")
        place.write(f"{year}/{n}.txt", text + more)


def test_processes_publish_what_serial_does(place: Place, tmp_path: Path) -> None:
    fill(place)
    place.write("2024/copy.txt", (place.raw / "2024" / "2.txt").read_bytes())
    place.write("2024/empty.txt", b"")
    place.run()
    other = Place(place.raw, tmp_path / "c2", tmp_path / "w2")
    summary = other.run(**PROCESSES)
    assert files_of(other.clean) == files_of(place.clean)
    assert summary.files == {"duplicate": 1, "ok": 12, "quarantined": 1}
    again = other.run(**PROCESSES)
    assert {counts["made"] for counts in again.stages.values()} == {0}
    assert again.parts["written"] == 0
    assert sorted(p.name for p in other.work.iterdir()) == ["run.log", "stages.sqlite", "worker.log"]


def test_only_the_years_that_changed_are_written(place: Place) -> None:
    fill(place)
    place.run()

    def inodes() -> dict[str, int]:
        return {
            str(p.relative_to(place.clean)): p.stat().st_ino
            for p in (place.clean / "cells").rglob("*.parquet")
        }

    before = inodes()
    place.write("2023/1.txt", FORM.replace("2024年", "2023年").replace("河道", "水库"))
    place.run()
    after = inodes()
    kept = {path for path in before if after.get(path) == before[path]}
    assert {path.split("/")[1] for path in kept} == {"fiscal_year=2022", "fiscal_year=2024"}


def test_a_year_by_itself_keeps_the_others(place: Place) -> None:
    fill(place)
    (place.raw / "2022" / "gone.txt").symlink_to("nowhere.txt")
    place.run()
    place.write("2023/new.txt", FORM.replace("2024年", "2023年").replace("河道", "水库"))
    place.write("2022/new.txt", FORM.replace("2024年", "2022年").replace("河道", "沟渠"))
    summary = place.run(year=2023)
    assert summary.stages["read"]["made"] == 1
    paths = set(load(place.clean)["documents"]["path"])
    assert "2023/new.txt" in paths and "2022/new.txt" not in paths and len(paths) == 14
    for file in place.work.glob("stages*"):
        file.unlink()
    place.run(year=2023)
    assert "2022/new.txt" in set(load(place.clean)["documents"]["path"]), "nothing known: all is read"
    whole = files_of(place.clean)
    place.run()
    assert files_of(place.clean) == whole


def test_force_runs_a_stage_again(place: Place) -> None:
    fill(place, 3)
    place.run()
    before = files_of(place.clean)
    forced = place.run(force="normalise")
    made = {name: counts["made"] for name, counts in forced.stages.items()}
    assert made == {"read": 0, "assemble": 0, "normalise": 3, "audit": 3, "compare": 1}
    assert place.run(force="publish").parts["kept"] == 0
    assert files_of(place.clean) == before
    with pytest.raises(SettingsError, match="no stage"):
        place.run(force="magic")


@pytest.fixture
def naughty_site(tmp_path: Path) -> Iterator[Path]:
    """A folder whose ``sitecustomize`` makes the reading of some texts abort, hang, eat memory or dawdle."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(
        "import sys\n"
        "if any(a.endswith('nursery') or 'nursery' in a for a in sys.orig_argv):\n"
        "    import os, time\n"
        "    from dataclasses import replace\n"
        "    from pipeline.stages import read\n"
        "    whole = read.STAGE.call\n"
        "    def call(source):\n"
        "        if b'ABORT' in source.data: os.abort()\n"
        "        if b'HANG' in source.data: time.sleep(600)\n"
        "        if b'DAWDLE' in source.data: time.sleep(0.05)\n"
        "        if b'MEMORY' in source.data: x = [b'x' * 10_000_000 for _ in range(10_000)]\n"
        "        return whole(source)\n"
        "    read.STAGE = replace(read.STAGE, call=call)\n",
        encoding="utf-8",
    )
    sys.path.insert(0, str(site))
    yield site
    sys.path.remove(str(site))


def test_a_document_that_breaks_its_reader_costs_itself(place: Place, naughty_site: Path) -> None:
    fill(place, 4)
    for word in ("ABORT", "HANG", "MEMORY"):
        place.write(f"2024/{word}.txt", FORM + word)
    limits = {"document_seconds": 8.0, "memory_mb": 700}
    summary = place.run(**PROCESSES, **limits)
    assert summary.files == {"ok": 4, "quarantined": 3}
    assert summary.reasons == {"crashed": 1, "out_of_memory": 1, "timeout": 1}
    again = place.run(**PROCESSES, **limits)
    assert (again.files, again.readers) == (summary.files, {}), "remembered until something changes"


SCRIPT = (
    "import sys; from pipeline import extract\n"
    "extract({raw!r}, out={out!r}, work={work!r}, engine='processes', workers=2, batch=2)\n"
)


def begin(place: Place, site: Path | None = None) -> subprocess.Popen[bytes]:
    script = SCRIPT.format(raw=str(place.raw), out=str(place.clean), work=str(place.work))
    path = {"PYTHONPATH": os.pathsep.join((str(site), str(ROOT)))} if site else {}
    return subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.DEVNULL, env={**os.environ, **path}
    )


def of_this_run(place: Place) -> list[int]:
    """Processes that hold something of the work folder open: the run's own and whatever it left behind."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                names = [str(fd.readlink()) for fd in (process / "fd").iterdir()]
            except OSError:
                continue
            if any(name.startswith(str(place.work)) for name in names):
                found.append(int(process.name))
    return found


def wait_for(condition: object, seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


def there_or_over(mark: Path, run: subprocess.Popen[bytes]) -> bool:
    return mark.exists() or run.poll() is not None


def at_work_or_over(place: Place, run: subprocess.Popen[bytes]) -> bool:
    return len(of_this_run(place)) > 2 or run.poll() is not None


def test_killed_at_six_moments_and_resumed(place: Place, tmp_path: Path) -> None:
    fill(place, 12)
    whole = Place(place.raw, tmp_path / "c2", tmp_path / "w2")
    whole.run()
    chance = random.Random(6)
    for moment in range(6):
        run = begin(place)
        mark = place.clean / ".snapshots" if moment % 3 == 2 else place.work / NAME
        wait_for(partial(there_or_over, mark, run))
        if moment % 2:
            wait_for(partial(at_work_or_over, place, run))
        time.sleep(chance.random() * (0.3 if moment % 2 else 1.5))
        running = of_this_run(place)
        victim = chance.choice(running) if moment % 2 and running else run.pid
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        if victim == run.pid:
            run.wait()
        elif run.wait() != 0:
            pytest.fail("a killed worker must not end the run")
        assert wait_for(lambda: not of_this_run(place)), "no process is left"
    place.run(**PROCESSES)
    assert files_of(place.clean) == files_of(whole.clean)
    assert not list(place.work.glob("tmp*"))
    assert len(list((place.clean / ".snapshots").iterdir())) == 1


def test_an_interrupted_run_ends_soon_and_says_where_it_was(
    place: Place, naughty_site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(place, 120, "DAWDLE")
    run = begin(place, naughty_site)
    assert wait_for(lambda: (found := seen(place.work)) is not None and found[0].fresh > 1, 60)
    state, alive = seen(place.work) or pytest.fail("no progress")
    assert alive and state.phase == "documents" and state.total == 120
    run.send_signal(signal.SIGINT)
    assert run.wait(60) != 0
    assert wait_for(lambda: not of_this_run(place))
    with pytest.raises(typer.Exit):
        status(place.clean, place.work)
    assert "stopped before its end" in capsys.readouterr().out
    found = place.run(**PROCESSES)
    assert found.stages["read"]["reused"] >= state.fresh - 2
    lines = (place.work / "run.log").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["message"] for line in lines)


def test_extract_takes_limits(place: Place) -> None:
    with pytest.raises(SettingsError, match="memory_mb"):
        extract(place.raw, out=place.clean, work=place.work, memory_mb=1)
