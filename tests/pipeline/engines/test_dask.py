"""The dask engine: the pool's guarantees kept inside workers, workers killed, files that workers cannot open."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import pipeline.engines.dask as engine
from pipeline.engines.outcome import ClusterError
from pipeline.engines.worker import Bounds
from pipeline.settings import SettingsError
from pipeline.stages.collect import collect
from pipeline.storage.store import Store
from pipeline.summary import read_run
from pipeline.watch import seen
from pipeline.work.job import DocumentTask
from pipeline.work.parcel import Away, Unseen, parcel_of
from tests.pipeline.conftest import FORM, ROOT, Place, files_of
from tests.pipeline.engines.naughty import Naughty

pytest.importorskip("distributed")


def fill(place: Place, count: int, folder: str = "2024", more: str = "") -> None:
    for n in range(count):
        place.write(f"{folder}/{n}.txt", FORM.replace("河道", f"第{n}号河道") + more)


def workers_of(cluster: Any) -> list[int]:
    return [worker.pid for worker in cluster.workers.values()]


def wait_for(condition: Any, seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def processes_in(folder: Path) -> list[int]:
    """Processes that have a file below a folder open."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                names = [str(fd.readlink()) for fd in (process / "fd").iterdir()]
            except OSError:
                continue
            if any(name.startswith(str(folder)) for name in names):
                found.append(int(process.name))
    return found


def test_the_pool_keeps_its_promises_inside_workers(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items: list[tuple[str, Any]] = [("double", n) for n in range(60)]
    items[7], items[20], items[31] = ("abort", None), ("sleep", 60), ("big", 5 << 30)
    items[40] = ("error", "no")
    bounds = Bounds(seconds=4, memory=400 << 20)
    with engine.Cluster(Naughty(), 2, bounds, address=cluster.scheduler_address, folder=tmp_path) as found:
        ended = {o.key: o for o in found.run(enumerate(items))}
        assert found.described()["workers"] == 2
    assert sorted(ended) == list(range(60)), "each item ends exactly once"
    assert [ended[n].status for n in (7, 20, 31, 40)] == ["crash", "timeout", "memory", "error"]
    good = {n: o.value for n, o in ended.items() if items[n][0] == "double"}
    assert good == {n: 2 * n for n in good} and {ended[n].status for n in good} == {"ok"}
    monkeypatch.setattr(engine, "build", lambda: "code of another day")
    with pytest.raises(ClusterError, match="another version of jixiao"):
        engine.Cluster(Naughty(), 2, address=cluster.scheduler_address, folder=tmp_path)


def test_a_killed_worker_loses_nothing(cluster: Any, place: Place, tmp_path: Path) -> None:
    fill(place, 60, more="DAWDLE")
    place.write("2024/broken.pdf", b"%PDF-1.7 and no more")
    whole = Place(place.raw, tmp_path / "c2", tmp_path / "w2")
    whole.run()
    struck: list[int] = []

    def strike(state: Any) -> None:
        if state.phase == "documents" and state.fresh and not struck:
            struck.append(workers_of(cluster)[0])
            os.kill(struck[0], signal.SIGKILL)

    summary = place.run(engine="dask", address=cluster.scheduler_address, progress=strike)
    assert struck and summary.files == {"ok": 60, "quarantined": 1}
    assert files_of(place.clean) == files_of(whole.clean)
    record = read_run(place.clean) or {}
    assert record["settings"]["engine"] == "dask"
    assert record["cluster"]["scheduler"] == cluster.scheduler_address
    assert record["cluster"]["files"] == "opened by the workers"
    again = place.run(engine="dask", address=cluster.scheduler_address)
    assert again.readers == {} and again.cluster == {}, "nothing to do: no cluster is asked"


def test_files_that_workers_cannot_open_are_sent(cluster: Any, place: Place, tmp_path: Path) -> None:
    fill(place, 12, "hidden/2024")
    whole = Place(place.raw, tmp_path / "c2", tmp_path / "w2")
    whole.run()
    summary = place.run(engine="dask", address=cluster.scheduler_address)
    assert summary.files == {"ok": 12} and summary.cluster["files"] == "sent by the run"
    assert files_of(place.clean) == files_of(whole.clean)
    assert "files are sent from now on" in (place.work / "run.log").read_text(encoding="utf-8")


def test_a_lost_scheduler_ends_the_run_with_a_sentence(doomed: Any, place: Place) -> None:
    fill(place, 80, more="DAWDLE")

    def strike(state: Any) -> None:
        if state.phase == "documents" and state.fresh:
            doomed.close()

    with pytest.raises(ClusterError, match="start the run again"):
        place.run(engine="dask", address=doomed.scheduler_address, progress=strike)
    assert place.run().files == {"ok": 80}


def test_a_parcel_brings_what_the_store_has(place: Place) -> None:
    fill(place, 1)
    place.run()
    [entry] = collect(place.raw).entries
    away = Away()
    away.start()
    with Store(place.work) as store:
        full = parcel_of(DocumentTask(entry), store, place.work, send=True)
    made = away(full)
    assert (made.made, made.reused.total(), made.results) == ({}, 4, [])
    entry.file.unlink()
    assert isinstance(away(parcel := type(full)(full.task)).value, Unseen), parcel
    assert away(full).value == made.value
    assert away(type(full)(full.task, (), full.data)).value == made.value


def test_a_missing_extra_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"jixiao\[dask\]"):
        place.run(engine="dask")


def test_an_address_is_for_dask_only(place: Place) -> None:
    with pytest.raises(SettingsError, match="only engine dask"):
        place.run(engine="serial", address="tcp://127.0.0.1:1")


def begun(place: Place, site: Path) -> subprocess.Popen[bytes]:
    code = "from pipeline.cli import main\nif __name__ == '__main__': main()\n"
    script = place.work.parent / "begin.py"
    script.write_text(code, encoding="utf-8")
    places = [str(place.raw), "--out", str(place.clean), "--work", str(place.work)]
    return subprocess.Popen(
        [sys.executable, str(script), "extract", *places, "--engine", "dask", "--workers", "2"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(site), str(ROOT)))},
    )


def test_interrupted_with_a_cluster_of_its_own(site: Path, place: Place) -> None:
    fill(place, 150, more="DAWDLE")
    run = begun(place, site)
    assert wait_for(lambda: (state := seen(place.work)) is not None and state[0].fresh > 1, 90)
    state, alive = seen(place.work) or pytest.fail("no progress")
    assert alive and state.engine == "dask"
    os.killpg(run.pid, signal.SIGINT)  # what a terminal does: everybody hears it
    assert run.wait(60) != 0
    assert wait_for(partial(nothing_left, place), 60), "no process is left"
    assert not (place.work / "tmp").exists()
    found = place.run()
    assert found.stages["read"]["reused"] >= state.fresh


def nothing_left(place: Place) -> bool:
    return not processes_in(place.work)
