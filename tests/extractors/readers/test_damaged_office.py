"""Damaged and hostile twins of the office fixtures: told as such, never an accident of ours."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors import read
from extractors.errors import Damaged, Encrypted, ExtractionError, TooLarge
from extractors.source import Limits, SourceFile

OFFICE = Path(__file__).parents[2] / "fixtures" / "office"
MADE = sorted(OFFICE.glob("form.*"))
PACKED = [path for path in MADE if path.suffix in (".xlsx", ".docx", ".ofd")]
MAIN = {
    ".xlsx": "xl/worksheets/sheet1.xml",
    ".docx": "word/document.xml",
    ".ofd": "Doc_0/Pages/Page_0/Content.xml",
}


def repacked(path: Path, change: Callable[[str, bytes], bytes | None]) -> SourceFile:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return SourceFile.from_bytes(out.getvalue(), path.name)


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_cut_short(path: Path, share: float) -> None:
    data = path.read_bytes()
    try:
        document = read(SourceFile.from_bytes(data[: int(len(data) * share)], path.name))
    except ExtractionError as error:
        assert path.name in error.message
    else:
        assert document.items


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_bytes_changed(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path in MADE if path.suffix != ".doc"]))
    damaged = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=8)):
        damaged[place] ^= data.draw(st.integers(1, 255))
    try:
        read(SourceFile.from_bytes(bytes(damaged), path.name))
    except ExtractionError as error:
        assert error.reason_code


def test_an_offset_made_negative_is_damage() -> None:
    """Found by test_bytes_changed: the zip module raises ValueError for it."""
    [path] = [path for path in MADE if path.suffix == ".docx"]
    damaged = bytearray(path.read_bytes())
    start = damaged.rindex(b"PK\x05\x06") + 16  # offset of the central directory, as stored
    damaged[start : start + 4] = (int.from_bytes(damaged[start : start + 4], "little") + 70_000).to_bytes(
        4, "little"
    )
    with pytest.raises(ExtractionError):
        read(SourceFile.from_bytes(bytes(damaged), path.name))


@pytest.mark.parametrize("path", PACKED, ids=lambda path: path.suffix)
def test_main_part_broken(path: Path) -> None:
    main = MAIN[path.suffix]
    with pytest.raises(Damaged):
        read(repacked(path, lambda name, data: data[: len(data) // 2] if name == main else data))


@pytest.mark.parametrize("path", PACKED, ids=lambda path: path.suffix)
def test_main_part_missing(path: Path) -> None:
    source = repacked(path, lambda name, data: None if name == MAIN[path.suffix] else data)
    with pytest.raises(ExtractionError):
        read(source)


@pytest.mark.parametrize("path", PACKED, ids=lambda path: path.suffix)
def test_entities_are_refused(path: Path) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY x SYSTEM "file:///etc/hostname">]>'

    def change(name: str, data: bytes) -> bytes:
        if name != MAIN[path.suffix]:
            return data
        declaration, _, rest = data.partition(b"?>")
        return declaration + b"?>" + bomb + rest

    with pytest.raises(Damaged):
        read(repacked(path, change))


@pytest.mark.parametrize("path", PACKED, ids=lambda path: path.suffix)
def test_bombs_are_refused(path: Path) -> None:
    source = repacked(path, lambda name, data: data + b" " * 3_000_000 if name == MAIN[path.suffix] else data)
    assert source.size < 20_000
    with pytest.raises(TooLarge):
        read(replace(source, limits=Limits(max_unpacked=1_000_000)))


@pytest.mark.parametrize("path", PACKED, ids=lambda path: path.suffix)
def test_encrypted_parts_are_told(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    with pytest.raises(Encrypted):
        read(SourceFile.from_bytes(bytes(data), path.name))


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(ExtractionError, match="Debian package antiword") as caught:
        read(OFFICE / "form.doc")
    assert caught.value.reason_code == "needs_tool"


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.readers.xls.find_spec", lambda _: None)
    with pytest.raises(ExtractionError, match="xlrd") as caught:
        read(OFFICE / "form.xls")
    assert caught.value.reason_code == "needs_tool"
