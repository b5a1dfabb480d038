"""Runs whose places are URLs: the same tables, one switch, and what a lost store costs."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pandas as pd
import pytest

from pipeline import extract, load, tables_at
from pipeline.places import Place as StorePlace
from pipeline.places import PlaceError, place_of
from pipeline.settings import SettingsError
from tests.pipeline.conftest import FORM, Place, files_of
from tests.pipeline.places.conftest import Site


def some_files() -> dict[str, bytes]:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for n in range(3):
            data = FORM.replace("河道", f"第{n}号水库").encode()
            info = tarfile.TarInfo(f"报送/{n}.txt")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return {
        "2023/一.txt": FORM.replace("2024年", "2023年").encode(),
        "2024/a.txt": FORM.replace("河道", "桥梁").encode(),
        "2024/copy of a.txt": FORM.replace("河道", "桥梁").encode(),
        "2024/empty.txt": b"",
        "2024/报送.tar.gz": packed.getvalue(),
        "2024/Thumbs.db": b"x",
        "2024/.hidden/b.txt": FORM.encode(),
    }


def tables_of(place: StorePlace) -> dict[str, bytes]:
    """Every file of the last publish in a store that readers of tables see."""
    at = tables_at(place.url).rsplit("/", 2)
    found = place.below("/".join(at[-2:]))
    return {
        f.path: found.read(f.path) or b""
        for f in found.listing()
        if f.path not in ("files.json", ".parts.json")
    }


def fill(place: Place, site: Site) -> None:
    for path, data in some_files().items():
        place.write(path, data)
        site.write(path, data)


def test_the_same_bytes_from_store_to_store(place: Place, site: Site) -> None:
    fill(place, site)
    local, remote = place.run(), site.run()
    assert tables_of(place_of(site.clean)) == files_of(place.clean)
    assert (remote.files, remote.skipped, remote.digest) == (local.files, local.skipped, local.digest)
    assert remote.files == {"duplicate": 1, "ok": 5, "quarantined": 1}


def test_a_second_run_fetches_nothing_and_publishes_nothing_new(
    site: Site, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(place, site)
    site.run()
    before = tables_at(site.clean)
    fetched: list[str] = []
    whole = StorePlace.fetch
    monkeypatch.setattr(StorePlace, "fetch", lambda s, p, f: (fetched.append(p), whole(s, p, f))[1])
    again = site.run()
    assert {counts["made"] for counts in again.stages.values()} == {0}
    assert fetched == []
    assert tables_at(site.clean) == before
    numbers = [f.path for f in place_of(site.clean).below("publishes").listing()]
    assert numbers == ["00000001.json", "00000002.json"]


def test_only_what_changed_is_fetched_and_uploaded(
    site: Site, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(place, site)
    place.run()
    site.run()
    moved: list[str] = []
    fetch, send = StorePlace.fetch, StorePlace.send
    monkeypatch.setattr(StorePlace, "fetch", lambda s, p, f: (moved.append(p), fetch(s, p, f))[1])
    monkeypatch.setattr(StorePlace, "send", lambda s, f, p: (moved.append(p), send(s, f, p))[1])
    for one in (place, site):
        one.write("2024/a.txt", FORM.replace("河道", "公路"))
    site.run()
    place.run()
    assert "2024/a.txt" in moved and "2023/一.txt" not in moved
    assert not [path for path in moved if "fiscal_year=2023" in path]
    assert tables_of(place_of(site.clean)) == files_of(place.clean)


def test_another_machine_goes_on_where_the_first_was(
    site: Site, place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fill(place, site)
    site.run()
    before = tables_at(site.clean)
    monkeypatch.setenv("JIXIAO_CACHE", str(tmp_path / "another"))
    again = site.run()
    assert {counts["made"] for counts in again.stages.values()} == {0}
    assert (again.parts["written"], tables_at(site.clean)) == (0, before)


def test_pandas_and_load_read_one_publish(site: Site, place: Place) -> None:
    fill(place, site)
    place.run()
    site.run()
    frame = pd.read_parquet(f"{tables_at(site.clean)}/indicators")
    assert len(frame) == len(load(place.clean)["indicators"])
    for name, found in load(site.clean).items():
        pd.testing.assert_frame_equal(found, load(place.clean)[name])


def test_duckdb_reads_the_last_publish_by_the_log_alone(site: Site, place: Place) -> None:
    import duckdb
    import fsspec

    fill(place, site)
    site.run()
    at = site.clean
    with duckdb.connect() as base:
        base.register_filesystem(fsspec.filesystem("s3"))
        base.sql(
            f"set variable place = (select max_by(tables, number) from read_json('{at}/publishes/*.json'))"
        )
        [(count,)] = base.sql(
            f"select count(*) from read_parquet('{at}/' || getvariable('place') || '/indicators/**/*.parquet',"
            " hive_partitioning = true)"
        ).fetchall()
    assert count == len(load(at)["indicators"])


def test_readers_at_every_step_of_a_publish_see_one_publish(
    site: Site, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After every single write to the store the tables are the old ones or the new ones, whole."""
    fill(place, site)
    site.run()
    old = tables_of(place_of(site.clean))
    site.write("2023/二.txt", FORM.replace("2024年", "2023年").replace("河道", "公路"))
    seen: list[dict[str, bytes]] = []

    def stepped(name: str) -> None:
        whole = getattr(StorePlace, name)

        def step(self: StorePlace, *args: object) -> object:
            found = whole(self, *args)
            if site.clean.partition("://")[2] in self.root:
                seen.append(tables_of(place_of(site.clean)))
            return found

        monkeypatch.setattr(StorePlace, name, step)

    monkeypatch.setattr("pipeline.exports.shelf.ahead", lambda call, items: ((i, call(i)) for i in items))
    for name in ("write", "create", "send", "copy", "drop"):
        stepped(name)
    site.run()
    monkeypatch.undo()
    new = seen[-1]
    assert new != old and len(seen) > 10
    assert all(found in (old, new) for found in seen)
    assert [found == new for found in seen] == sorted(found == new for found in seen), "and never back"


def test_of_two_who_publish_at_once_one_loses_and_nothing_is_mixed(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("2024/a.txt")
    site.run()
    other = Place(tmp_path / "other", tmp_path / "unused", tmp_path / "w2")
    other.write("2024/b.txt", FORM.replace("河道", "公路"))
    from pipeline import standins

    whole = standins.push

    def overtaken(*args: object) -> object:
        monkeypatch.setattr(standins, "push", whole)
        extract(other.raw, out=site.clean, work=other.work, engine="serial")
        return whole(*args)

    monkeypatch.setattr(standins, "push", overtaken)
    site.write("2024/c.txt", FORM.replace("河道", "学校"))
    with pytest.raises(OSError, match=r"s3://.*/clean: another run published here"):
        site.run()
    assert set(load(site.clean)["documents"]["path"]) == {"2024/b.txt"}
    shelf = {f.path.split("/")[0] for f in place_of(site.clean).below("snapshots").listing()}
    assert len(shelf) == 2, "the loser takes its files away"
    site.run()
    assert set(load(site.clean)["documents"]["path"]) == {"2024/a.txt", "2024/c.txt"}


def test_an_object_that_does_not_come_is_tried_again_next_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("2024/a.txt")
    site.write("2024/b.txt", FORM.replace("河道", "公路"))
    whole = StorePlace.fetch

    def lost(self: StorePlace, path: str, file: Path) -> None:
        if path.endswith("b.txt"):
            raise PlaceError("the line is cut")
        whole(self, path, file)

    monkeypatch.setattr("pipeline.running.objects._WAITS", (0.0,))
    with monkeypatch.context() as patch:
        patch.setattr(StorePlace, "fetch", lost)
        assert site.run().reasons == {"unreadable": 1}
    assert site.run().files == {"ok": 2}


def test_a_store_that_is_gone_ends_the_run_and_leaves_the_last_publish(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(25):
        site.write(f"2024/{n}.txt", f"第{n}号\n")

    def lost(self: StorePlace, path: str, file: Path) -> None:
        raise PlaceError(f"{self.url}/{path}: the line is cut")

    monkeypatch.setattr("pipeline.running.objects._WAITS", ())
    with monkeypatch.context() as patch:
        patch.setattr(StorePlace, "fetch", lost)
        with pytest.raises(PlaceError, match=r"s3://.*the store is lost"):
            site.run()
    assert place_of(site.clean).listing() == []
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(PlaceError, match="s3://"):
        site.run()


def test_a_missing_bucket_is_named(bucket: str, tmp_path: Path, place: Place) -> None:
    for url in (f"s3://{bucket}-none/raw", f"s3://{bucket}/nothing here"):
        with pytest.raises((PlaceError, SettingsError), match=url):
            extract(url, out=tmp_path / "c", work=tmp_path / "w", engine="serial")
    place.write("a.txt")
    with pytest.raises(PlaceError, match=f"s3://{bucket}-none/clean"):
        extract(place.raw, out=f"s3://{bucket}-none/clean", work=tmp_path / "w", engine="serial")
    with pytest.raises(SettingsError, match="nothing is published"):
        load(f"s3://{bucket}/clean")


def test_a_huge_object_is_refused_before_it_is_fetched(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("2024/a.txt")
    site.write("2024/huge.txt", b"x" * 5000)
    monkeypatch.setattr("pipeline.running.objects.LARGEST", 4000)
    fetched: list[str] = []
    whole = StorePlace.fetch
    monkeypatch.setattr(StorePlace, "fetch", lambda s, p, f: (fetched.append(p), whole(s, p, f))[1])
    assert site.run().reasons == {"too_large": 1}
    assert fetched == ["2024/a.txt"]


def test_what_does_not_fit_is_fetched_again(site: Site, place: Place) -> None:
    fill(place, site)
    place.run()
    site.run(fetch_mb=0)
    assert tables_of(place_of(site.clean)) == files_of(place.clean)


def test_no_secret_is_written(site: Site, tmp_path: Path, server: str) -> None:
    site.write("2024/a.txt")
    storage = {"s3": {"key": "somebody", "secret": "SECRET-WORD", "endpoint_url": server}}
    out, work = tmp_path / "c", tmp_path / "w"
    extract(site.raw, out=out, work=work, engine="serial", storage=storage)
    assert "storage" not in json.loads((out / "run.json").read_text())["settings"]
    for file in (*out.rglob("*"), *work.rglob("*")):
        if file.is_file():
            assert b"SECRET-WORD" not in file.read_bytes(), file


@pytest.mark.parametrize("scheme", ["memory", "file"])
def test_other_protocols(place: Place, scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_CACHE", str(tmp_path / "cache"))
    base = f"memory://{tmp_path.name}" if scheme == "memory" else f"file://{tmp_path}/there"
    for path, data in some_files().items():
        place.write(path, data)
        if scheme == "memory":
            place_of(f"{base}/raw").write(path, data)
        else:
            Place(tmp_path / "there" / "raw", place.clean, place.work).write(path, data)
    place.run()
    extract(f"{base}/raw", out=f"{base}/clean", work=f"{base}/work", engine="serial")
    extract(f"{base}/raw", out=f"{base}/clean", work=f"{base}/work", engine="serial")
    if scheme == "memory":
        assert tables_of(place_of(f"{base}/clean")) == files_of(place.clean)
    else:
        assert files_of(tmp_path / "there" / "clean") == files_of(place.clean)
    assert len(load(f"{base}/clean")["documents"]) == len(load(place.clean)["documents"])


def test_a_year_of_a_store_keeps_the_others(site: Site, place: Place) -> None:
    fill(place, site)
    site.run()
    site.write("2023/二.txt", FORM.replace("2024年", "2023年").replace("河道", "公路"))
    site.write("2024/not yet.txt", FORM.replace("河道", "学校"))
    site.run(year=2023)
    paths = set(load(site.clean)["documents"]["path"])
    assert "2023/二.txt" in paths and "2024/a.txt" in paths and "2024/not yet.txt" not in paths


def test_commands_take_urls(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from pipeline.cli import app

    monkeypatch.chdir(tmp_path)
    (tmp_path / "jixiao.toml").write_text(
        f'raw = "{site.raw}"\nout = "{site.clean}"\nwork = "{site.work}"\nengine = "serial"\n'
    )
    site.write("2024/a.txt")

    def said(*words: str) -> str:
        found = CliRunner().invoke(app, list(words))
        assert found.exit_code == 0, found.output
        return found.output

    assert "nothing is published in s3://" in said("status", "--out", site.clean, "--work", site.work)
    assert "files ok" in said("extract")
    assert f"tables:   {tables_at(site.clean)}" in said("status", "--out", site.clean, "--work", site.work)
    assert "3公里" in said(
        *("explain", "2024", "河道清淤经费", "指标值", "--out", site.clean, "--work", site.work)
    )
    said("report", "--clean", site.clean, "--out", "r.html")
    said("export", "--to", "csv", "--clean", site.clean, "--out", "csv")
    assert (tmp_path / "r.html").stat().st_size > 10_000
    assert (tmp_path / "csv" / "indicators.csv").is_file()
    assert "dropped" in said("prune", "--dry-run")


def test_options_of_a_store_come_from_the_settings_file(
    bucket: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jixiao.toml").write_text(f'[storage.s3]\nendpoint_url = "{server}"\n')
    raw = Place(tmp_path / "raw", tmp_path / "c", tmp_path / "w")
    raw.write("2024/a.txt")
    extract(raw.raw, out=f"s3://{bucket}/clean", work=raw.work, engine="serial")
    assert len(load(f"s3://{bucket}/clean")["documents"]) == 1
