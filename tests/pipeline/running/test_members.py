"""Archives in a run: members have rows of their own, are remembered, and nothing is left behind."""

from __future__ import annotations

import io
import zipfile

import pytest

from pipeline import load
from tests.pipeline.conftest import FORM, Place, files_of


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


NO_YEAR = FORM.replace("2024年部门", "部门").replace("2024年", "长期")


def fill(place: Place) -> None:
    inner = zipped({"c.txt": NO_YEAR.replace("河道", "沟渠").encode(), "copy.txt": FORM.encode()})
    place.write(
        "2023/a.zip", zipped({"a.txt": FORM.encode(), "b.zip": inner, "../x.txt": b"1", ".DS_Store": b"2"})
    )
    place.write("2024/bad.zip", b"PK\x03\x04" + bytes(100))
    place.write("2024/b.txt", FORM.replace("河道", "水库"))


@pytest.mark.parametrize("engine", ["serial", "processes"])
def test_members_have_rows(place: Place, engine: str) -> None:
    fill(place)
    summary = place.run(engine=engine)
    tables = load(place.clean)
    rows = {
        (r["path"], r["member"] if isinstance(r["member"], str) else None): r
        for r in tables["documents"].to_dict("records")
    }
    assert {
        key: (r["status"], r["reason_code"] if isinstance(r["reason_code"], str) else None)
        for key, r in rows.items()
    } == {
        ("2023/a.zip", "../x.txt"): ("quarantined", "unsafe_name"),
        ("2023/a.zip", "a.txt"): ("ok", None),
        ("2023/a.zip", "b.zip!c.txt"): ("ok", None),
        ("2023/a.zip", "b.zip!copy.txt"): ("duplicate", "duplicate"),
        ("2024/b.txt", None): ("ok", None),
        ("2024/bad.zip", None): ("quarantined", "damaged"),
    }
    assert rows["2023/a.zip", "b.zip!c.txt"]["fiscal_year"] == 2023, "from the folder the archive lies in"
    assert "2023/a.zip!../x.txt" in rows["2023/a.zip", "../x.txt"]["message"]
    assert summary.skipped == ("2023/a.zip!.DS_Store",)
    assert not (place.work / "members").exists()
    before = files_of(place.clean)
    again = place.run(engine=engine)
    assert {counts["made"] for counts in again.stages.values()} == {0}
    assert place.run(engine=engine, year=2024).parts["written"] == 0
    assert files_of(place.clean) == before


def test_a_member_is_unpacked_again_where_it_must_be_read(place: Place) -> None:
    fill(place)
    place.run()
    before = files_of(place.clean)
    forced = place.run(force="read")
    assert forced.stages["read"]["made"] == 3
    assert files_of(place.clean) == before
    changed = zipped({"a.txt": FORM.replace("河道", "塘坝").encode()})
    place.write("2023/a.zip", changed)
    assert place.run().stages["read"]["made"] == 1
    assert set(load(place.clean)["forms"]["project_name"]) == {"塘坝清淤经费", "水库清淤经费"}
