"""Every reader: a fixture, a damaged twin told with status, reason and name, the same form in another format."""

from __future__ import annotations

import io
import shutil
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from extractors import find_forms, read
from extractors.grid import Document
from extractors.readers.base import readers
from extractors.source import SourceFile
from pipeline import extract, load

from .matrix import ALSO, MATRIX, PROJECT, Kind
from .test_same_form import dump, told


def _there(kind: Kind) -> bool:
    return not kind.needs or bool(shutil.which(kind.needs) or find_spec(kind.needs))


def test_every_reader_is_in_the_matrix() -> None:
    assert set(MATRIX) == {reader.name for reader in readers()}


def _one(data: bytes, name: str) -> tuple[Document, dict[str, Any]]:
    document = read(SourceFile.from_bytes(data, name))
    said: list[dict[str, Any]] = [told(form) for form in find_forms(document).forms]
    (form,) = [form for form in said if form["fields"]["project_name"] == PROJECT]
    return document, form


@pytest.mark.parametrize("reader", MATRIX)
def test_the_fixture_is_its_and_says_what_the_text_says(reader: str) -> None:
    kind = MATRIX[reader]
    if not _there(kind):
        pytest.skip(f"no {kind.needs} here")
    document, form = _one(kind.data(), kind.name)
    assert f"{reader}/" in document.reader
    if not kind.scan:
        assert form == dump()
        return
    # A picture's texts may be misread, here under a red seal: no row is, but for a value that is doubted.
    doubted = {doubt.data.get("text") for doubt in document.doubts}
    wanted: Any = dump()
    assert form["money"] == wanted["money"]
    assert [row[:4] for row in form["rows"]] == [row[:4] for row in wanted["rows"]]
    pairs = zip(form["rows"], wanted["rows"], strict=True)
    assert all(seen[4] in (row[4], *doubted) for seen, row in pairs)


@pytest.mark.parametrize("name", ALSO)
def test_other_names_of_the_same(name: str) -> None:
    reader, data = ALSO[name]
    if not _there(MATRIX[reader]):
        pytest.skip(f"no {MATRIX[reader].needs} here")
    document, form = _one(data(), name)
    assert f"{reader}/" in document.reader
    assert form == dump()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Documents and forms of a run over all damaged twins, a sound archive and a damaged one."""
    base = tmp_path_factory.mktemp("twins")
    raw = base / "raw" / "2024"
    raw.mkdir(parents=True)
    for reader, kind in MATRIX.items():
        (raw / _twin(reader)).write_bytes(kind.damage(kind.data()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/form.docx", MATRIX["docx"].data())
    (raw / "sound.zip").write_bytes(packed.getvalue())
    (raw / "broken.zip").write_bytes(packed.getvalue()[:-200])
    extract(base / "raw", out=base / "clean", work=base / "work", engine="serial")
    return load(base / "clean")


def _twin(reader: str) -> str:
    kind = MATRIX[reader]
    return f"{reader}{''.join(Path(kind.name).suffixes)}"


@pytest.mark.parametrize("reader", MATRIX)
def test_the_damaged_twin_is_told(published: Any, reader: str) -> None:
    kind = MATRIX[reader]
    if not _there(kind):
        pytest.skip(f"no {kind.needs} here")
    rows = published["documents"].set_index("path")
    row = rows.loc[f"2024/{_twin(reader)}"]
    assert (row["status"], row["reason_code"]) == (kind.status, kind.reason)
    assert f"{_twin(reader)}: " in row["message"]


def test_archives(published: Any) -> None:
    rows = published["documents"]
    inside = rows[rows["path"] == "2024/sound.zip"].set_index("member")
    assert inside.loc["a/form.docx", "status"] == "ok"
    assert inside.loc["a/form.docx", "forms"] == 1
    (broken,) = rows[rows["path"] == "2024/broken.zip"].to_dict("records")
    assert (broken["status"], broken["reason_code"]) == ("quarantined", "damaged")
    assert "2024/broken.zip" in broken["message"]
