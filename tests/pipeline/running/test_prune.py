"""Pruning drops what no publish refers to, and nothing that the next run would have to make again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipeline import stage
from pipeline.provenance.explanation import explain
from pipeline.running.prune import prune
from pipeline.settings import SettingsError
from pipeline.storage.originals import place_of
from pipeline.storage.store import Store
from tests.pipeline.conftest import FORM, Place, files_of


def counts(place: Place) -> dict[str, int]:
    with Store(place.work) as store:
        return store.counts()


def test_old_versions_and_files_that_are_gone_are_dropped(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("2024/a.txt")
    gone = place.write("2024/gone.txt", FORM.replace("河道", "公路"))
    place.run()
    alone = place_of(place.work, "ab" * 32)
    alone.parent.mkdir(parents=True)
    alone.write_bytes(b"%PDF")
    whole = stage.digest_of
    with monkeypatch.context() as patch:
        patch.setattr(stage, "digest_of", lambda reads: whole(reads) + "old")
        place.run(force="audit")
    gone.unlink()
    place.run()
    published, before = files_of(place.clean), counts(place)
    seen = prune(place.clean, place.work, dry=True)
    assert (counts(place), alone.exists()) == (before, True), "a dry run only counts"
    found = prune(place.clean, place.work)
    assert found.results == seen.results and found.originals == seen.originals == 1
    assert not alone.exists()
    left = Counter(counts(place))
    assert left == Counter(before) - found.results
    assert {left[name] for name in ("read", "assemble", "normalise", "audit", "ticket")} == {1}
    assert left["compare"] == 3, "the comparison, its columns, and the list of what it was made from"
    again = place.run()
    assert {c["made"] for c in again.stages.values()} == {0}
    assert files_of(place.clean) == published
    assert any(
        "file" in line
        for line in explain("2024", "河道清淤经费", "指标值", clean=place.clean, work=place.work)
    )


def test_archives_quarantined_files_and_copies_keep_what_they_need(place: Place) -> None:
    import zipfile

    place.write("2024/a.txt")
    place.write("2024/copy.txt")
    place.write("2024/empty.txt", b"")
    with zipfile.ZipFile(place.raw / "2024" / "b.zip", "w") as archive:
        archive.writestr("b.txt", FORM.replace("河道", "公路"))
    place.run()
    before = counts(place)
    assert prune(place.clean, place.work).results == Counter()
    assert counts(place) == before
    again = place.run()
    assert {c["made"] for c in again.stages.values()} == {0}


def test_nothing_is_dropped_where_nothing_is_published(place: Place) -> None:
    place.write("2024/a.txt")
    place.run()
    before = counts(place)
    with pytest.raises(SettingsError, match="nothing dropped"):
        prune(place.clean / "elsewhere", place.work)
    assert counts(place) == before


def test_a_store_over_its_limit_is_pruned_after_the_run(place: Place) -> None:
    place.write("2024/a.txt")
    gone = place.write("2024/gone.txt", FORM.replace("河道", "公路"))
    with Store(place.work) as store:
        store.put("x" * 64, "read", "nobody", bytes(range(256)) * 8192)
        store.put("y" * 64, "of another kind", "nobody", b"y")
    place.run()
    assert counts(place)["read"] == 3
    gone.unlink()
    Path(place.work / "pad").touch()
    with Store(place.work) as store:
        import os

        store.put("z" * 64, "read", "nobody", os.urandom(2 << 20))
    place.run(store_mb=1)
    assert counts(place)["read"] == 1
    assert counts(place)["of another kind"] == 1, "what is not known to be dead is kept"
