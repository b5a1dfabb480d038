"""Files that look as they did are not read again, and no change goes unseen for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.stages import collect
from pipeline.storage import digests
from pipeline.storage.store import Store
from tests.pipeline.conftest import FORM, Place


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that collect reads."""
    found: list[str] = []
    whole = collect._read
    monkeypatch.setattr(collect, "_read", lambda file: (found.append(Path(file).name), whole(file))[1])
    return found


def test_fresh_files_are_read_again(place: Place, read: list[str]) -> None:
    place.write("2024/a.txt")
    place.run()
    place.run()
    assert read == ["a.txt", "a.txt"], "it may have been written again within the last digit of the clock"


def test_a_file_that_looks_as_it_did_is_not_read(
    place: Place, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "FRESH", -3600.0)
    place.write("2024/a.txt")
    place.write("2024/b.zip", b"PK\x03\x04" + bytes(60))
    first = place.run()
    assert place.run().digest == first.digest
    assert sorted(read) == ["a.txt", "b.zip"]
    with Store(place.work) as store:
        assert store.counts()["digest"] == 2
    place.run(trust_times=False)
    assert sorted(read) == ["a.txt", "a.txt", "b.zip", "b.zip"]


def test_changes_that_keep_size_and_time_are_seen(
    place: Place, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "FRESH", -3600.0)
    file = place.write("2024/a.txt")
    before = place.run()
    times = file.stat()
    text = FORM.replace("河道", "桥梁")
    assert len(text.encode()) == times.st_size
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    changed = place.run()
    assert changed.digest != before.digest, "the time of the inode cannot be set back"
    other = place.write("2024/b.txt.new", FORM)
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(file)
    assert place.run().digest != changed.digest


def test_a_file_moved_in_time_of_reading_is_not_remembered(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "FRESH", -3600.0)
    file = place.write("2024/a.txt")
    whole = collect._read

    def touched(name: str) -> object:
        found = whole(name)
        with file.open("a", encoding="utf-8") as stream:
            stream.write("\n")
        return (*found[:2], file.stat())

    with monkeypatch.context() as patch:
        patch.setattr(collect, "_read", touched)
        assert place.run().reasons == {"changed": 1}
    with Store(place.work) as store:
        assert "digest" not in store.counts()
    assert place.run().files == {"ok": 1}
