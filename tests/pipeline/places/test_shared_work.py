"""A work place that several machines share: nobody destroys anything, and what was sent is not made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.places import PlaceError, place_of
from pipeline.provenance.explanation import explain
from pipeline.running.prune import prune_places
from pipeline.settings import SettingsError, load_settings
from pipeline.standins import alone, cache_of, stand_in
from pipeline.storage.segments import Segments
from pipeline.storage.store import Store
from tests.pipeline.conftest import FORM
from tests.pipeline.places.conftest import Site


def keys(folder: Path) -> set[str]:
    with Store(folder) as store:
        return {key for stage in store.counts() for key in store.keys_of(stage)}


def filled(folder: Path, *names: str) -> Path:
    with Store(folder) as store:
        for name in names:
            store.put(name, "read", name, name.encode())
    return folder


def test_two_machines_at_once_lose_nothing(bucket: str, tmp_path: Path) -> None:
    place = place_of(f"s3://{bucket}/work")
    one, two = Segments(place, tmp_path / "1"), Segments(place, tmp_path / "2")
    filled(tmp_path / "1", "a", "both")
    filled(tmp_path / "2", "b", "both")
    assert (one.send(), two.send()) == (1, 1)
    assert (one.take(), two.take()) == (1, 1)
    assert keys(tmp_path / "1") == keys(tmp_path / "2") == {"a", "b", "both"}
    assert (one.send(), two.send(), one.take()) == (0, 0, 0), "what came from others is not sent back"


def test_what_could_not_be_sent_is_sent_later(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of(f"s3://{bucket}/work")
    one = Segments(place, tmp_path / "1")
    filled(tmp_path / "1", "a", "b", "c")
    monkeypatch.setattr("pipeline.storage.segments._SIZE", 1)
    whole, sent = Segments._add, []

    def cut(self: Segments, rows: list[object]) -> str:
        if len(sent) == 1:
            raise PlaceError("the line is cut")
        sent.append(rows)
        return whole(self, rows)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Segments, "_add", cut)
        with pytest.raises(PlaceError):
            one.send()
    assert one.send() == 2
    two = Segments(place, tmp_path / "2")
    assert two.take() == 3
    assert keys(tmp_path / "2") == {"a", "b", "c"}


def test_segments_joined_while_another_machine_looks(bucket: str, tmp_path: Path) -> None:
    place = place_of(f"s3://{bucket}/work")
    one, two = Segments(place, tmp_path / "1"), Segments(place, tmp_path / "2")
    for name in "abc":
        filled(tmp_path / "1", name)
        one.send()
    assert two.take() == 3
    with Store(tmp_path / "1") as store, store.sweep() as sweep:
        sweep.keep_keys(["a", "b"])
        sweep.drop(("read",), ())
    filled(tmp_path / "2", "d")
    two.send()
    one.rewrite()
    three = Segments(place, tmp_path / "3")
    three.take()
    assert keys(tmp_path / "3") == {"a", "b", "d"}
    assert len(place.listing("results")) == 1
    two.take()
    assert keys(tmp_path / "2") == {"a", "b", "c", "d"}


def test_results_go_out_while_the_run_is_under_way(bucket: str, tmp_path: Path) -> None:
    place = place_of(f"s3://{bucket}/work")
    one = Segments(place, filled(tmp_path / "1"))
    filled(tmp_path / "1", "a")
    one.start(0.02)
    for _ in range(500):
        if place.listing("results"):
            break
        one._over.wait(0.02)
    one.stop()
    two = Segments(place, tmp_path / "2")
    two.take()
    assert keys(tmp_path / "2") == {"a"}, "killed now, nothing of this would be lost"


def test_two_runs_of_one_machine_wait_for_each_other(site: Site) -> None:
    site.write("2024/a.txt")
    with alone(cache_of(site.work)), pytest.raises(SettingsError, match="another run"):
        site.run()
    assert site.run().files == {"ok": 1}


def test_explain_and_prune_go_through_the_places(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site.write("2024/a.txt")
    site.write("2024/gone.txt", FORM.replace("河道", "公路"))
    site.run()
    place_of(site.raw).drop(["2024/gone.txt"])
    site.run()
    monkeypatch.setenv("JIXIAO_CACHE", str(tmp_path / "another"))
    lines = explain("2024", "河道清淤经费", "指标值", clean=site.clean, work=site.work)
    assert not any("no longer holds the reasons" in line for line in lines)
    found = prune_places(load_settings(raw=site.raw, out=site.clean, work=site.work))
    assert found.results["read"] == 1
    monkeypatch.setenv("JIXIAO_CACHE", str(tmp_path / "third"))
    assert {c["made"] for c in site.run().stages.values()} == {0}
    assert keys(stand_in(site.work))
