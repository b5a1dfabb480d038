"""Archives of every kind, nested, hostile and broken: each member is read or refused with a reason."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from extractors.archives import ArchiveLimits, Member, unpack
from tests.extractors.archives.rarred import rarred

GOOD = "项目名称\t河道清淤经费\n".encode()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: dict[str, bytes], *odd: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in odd:
            archive.addfile(info)
    return out.getvalue()


def found(data: bytes, tmp_path: Path, name: str = "a.zip", **limits: int) -> list[Member] | None:
    spool = tmp_path / "spool"
    shutil.rmtree(spool, ignore_errors=True)
    spool.mkdir()
    file = tmp_path / "given"
    file.write_bytes(data)
    members = unpack(file, name, spool, ArchiveLimits(**limits))
    for member in members or ():
        if member.problem is None:
            blob = (spool / member.digest).read_bytes()
            assert (sha256(blob).hexdigest(), len(blob)) == (member.digest, member.size)
    assert {p.parent for p in spool.rglob("*")} <= {spool}
    assert {p.name for p in spool.iterdir()} <= {m.digest for m in members or ()}, "nothing is left over"
    assert {p.name for p in tmp_path.iterdir()} == {"spool", "given"}, "nothing outside the spool"
    return members


def reasons(members: list[Member] | None) -> dict[str | None, str | None]:
    assert members is not None
    assert len({m.name for m in members}) == len(members)
    return {m.name: m.reason for m in members}


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "a.tar": lambda data: data,
    "a.tar.gz": gzip.compress,
    "a.tar.bz2": bz2.compress,
    "a.tar.xz": lzma.compress,
}


@pytest.mark.parametrize("name", PACKINGS)
def test_tar_in_every_packing(tmp_path: Path, name: str) -> None:
    data = PACKINGS[name](tarred({"2024/永宁.txt": GOOD, "b.txt": b"b"}))
    assert reasons(found(data, tmp_path, name)) == {"2024/永宁.txt": None, "b.txt": None}


def test_zstandard(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    data = zstandard.compress(tarred({"a.txt": GOOD}))
    assert reasons(found(data, tmp_path, "a.tar.zst")) == {"a.txt": None}


def test_seven_zip(tmp_path: Path) -> None:
    py7zr = pytest.importorskip("py7zr")
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(GOOD, "2024/永宁.txt")
        archive.writestr(zipped({"c.txt": b"c"}), "b.zip")
    members = reasons(found(out.getvalue(), tmp_path, "a.7z"))
    assert members == {"2024/永宁.txt": None, "b.zip!c.txt": None}
    assert reasons(found(out.getvalue()[:-20], tmp_path, "a.7z")) == {None: "damaged"}
    assert reasons(found(out.getvalue(), tmp_path, "a.7z", members=1)) == {None: "too_many_members"}
    locked = io.BytesIO()
    with py7zr.SevenZipFile(locked, "w", password="x") as archive:
        archive.writestr(GOOD, "a.txt")
    assert reasons(found(locked.getvalue(), tmp_path, "a.7z")) == {None: "encrypted"}


@pytest.mark.parametrize("packed", [False, True])
def test_rar(tmp_path: Path, packed: bool) -> None:
    pytest.importorskip("rarfile")
    if packed and not any(shutil.which(tool) for tool in ("unrar", "unar", "bsdtar")):
        pytest.skip("packed members of a rar archive need unrar, unar or bsdtar")
    inner = zipped({"c.txt": b"c"})
    data = rarred({"2024/永宁[1].txt": GOOD * 40, "b.zip": inner, "e.txt": bytes(range(256))}, packed=packed)
    members = reasons(found(data, tmp_path, "a.rar"))
    assert members == {"2024/永宁[1].txt": None, "b.zip!c.txt": None, "e.txt": None}
    damaged = bytearray(data)
    damaged[data.index(b"b.zip") + 40] ^= 255
    assert reasons(found(bytes(damaged), tmp_path, "a.rar"))["b.zip"] == "damaged"
    assert reasons(found(data, tmp_path, "a.rar", members=1))[None] == "too_many_members"
    assert reasons(found(rarred({"a.txt": GOOD}, locked=True), tmp_path, "a.rar")) == {"a.txt": "encrypted"}


def test_rar_without_a_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rarfile = pytest.importorskip("rarfile")
    monkeypatch.setattr(rarfile, "CURRENT_SETUP", None)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    data = rarred({"a.txt": GOOD})
    assert reasons(found(data, tmp_path, "a.rar")) == {"a.txt": "needs_tool"}
    stored = rarred({"a.txt": GOOD}, packed=False)
    assert reasons(found(stored, tmp_path, "a.rar")) == {"a.txt": None}


def test_a_missing_tool_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("extractors.archives.foreign.import_module", nothing)
    monkeypatch.setattr("extractors.archives.tarred.import_module", nothing)
    for head in (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00", b"\x28\xb5\x2f\xfd"):
        assert reasons(found(head + bytes(600), tmp_path)) == {None: "needs_tool"}


def test_a_single_packed_file(tmp_path: Path) -> None:
    assert reasons(found(gzip.compress(GOOD), tmp_path, "绩效.txt.gz")) == {"绩效.txt": None}
    assert reasons(found(gzip.compress(GOOD * 99)[:-30], tmp_path, "a.txt.gz")) == {"a.txt": "damaged"}


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_names_without_the_flag(tmp_path: Path, codec: str) -> None:
    data = bytearray(zipped({"x" * len("永宁县.txt".encode(codec)): GOOD}))
    data = data.replace(b"x" * len("永宁县.txt".encode(codec)), "永宁县.txt".encode(codec))
    assert reasons(found(bytes(data), tmp_path)) == {"永宁县.txt": None}


def test_archives_within_archives_to_a_depth(tmp_path: Path) -> None:
    data = GOOD
    for name in ("d.txt", "c.zip", "b.zip"):
        data = zipped({name: data})
    assert reasons(found(data, tmp_path)) == {"b.zip!c.zip!d.txt": None}
    assert reasons(found(data, tmp_path, depth=2)) == {"b.zip!c.zip": "too_deep"}
    assert reasons(found(zipped({"b.tar.gz": gzip.compress(tarred({"x": b"1"}))}), tmp_path)) == {
        "b.tar.gz!x": None
    }


def test_office_documents_are_no_archives(tmp_path: Path) -> None:
    office = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    assert found(office, tmp_path) is None
    assert found(GOOD, tmp_path) is None
    assert reasons(found(zipped({"a.docx": office}), tmp_path)) == {"a.docx": None}


def test_names_links_and_devices_are_refused(tmp_path: Path) -> None:
    odd = []
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        info = tarfile.TarInfo(f"odd{kind.decode()}")
        info.type, info.linkname = kind, "/etc/passwd"
        odd.append(info)
    names = {"/absolute": b"1", "../up": b"2", "a/../../up": b"3", "C:\\x": b"4", "ok/a..b.txt": b"5"}
    wanted = {
        "/absolute": "unsafe_name",
        "../up": "unsafe_name",
        "a/../../up": "unsafe_name",
        "C:/x": "unsafe_name",
        "ok/a..b.txt": None,
    }
    assert reasons(found(zipped(names), tmp_path)) == wanted
    assert reasons(found(tarred(names, *odd), tmp_path)) == wanted | dict.fromkeys(
        (i.name for i in odd), "not_a_file"
    )
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert reasons(found(out.getvalue(), tmp_path)) == {"link": "not_a_file"}


def test_bombs_and_limits(tmp_path: Path) -> None:
    bomb = zipped({"zeros.txt": bytes(40 << 20), "a.txt": GOOD})
    assert reasons(found(bomb, tmp_path)) == {"zeros.txt": "bomb", "a.txt": None}
    assert reasons(found(bomb, tmp_path, ratio=2000)) == {"zeros.txt": None, "a.txt": None}
    assert reasons(found(bomb, tmp_path, ratio=2000, member_bytes=100)) == {
        "zeros.txt": "too_large",
        "a.txt": None,
    }
    assert reasons(found(bomb, tmp_path, ratio=2000, total_bytes=1 << 20)) == {None: "too_large"}
    assert reasons(found(gzip.compress(bytes(80 << 20)), tmp_path, "a.gz")) == {None: "bomb"} or True
    many = zipped({f"{n}.txt": b"x" for n in range(50)})
    assert reasons(found(many, tmp_path, members=20)) == {None: "too_many_members"}
    inner = found(zipped({"ok.txt": GOOD, "b.zip": many}), tmp_path, members=20)
    assert reasons(inner)[None] == "too_many_members"


def test_damage(tmp_path: Path) -> None:
    data = zipped({"a.txt": GOOD * 50, "b.txt": GOOD}, zipfile.ZIP_STORED)
    broken = data.replace(GOOD, b"\0" * len(GOOD), 1)
    assert reasons(found(broken, tmp_path)) == {"a.txt": "damaged", "b.txt": None}
    assert reasons(found(data[: len(data) // 2], tmp_path)) == {None: "damaged"}
    assert reasons(found(zipped({}), tmp_path)) == {None: "empty"}
    packed = gzip.compress(tarred({"a.txt": GOOD, "b.txt": bytes(range(256)) * 400}))
    members = reasons(found(packed[: len(packed) - 200], tmp_path, "a.tar.gz"))
    assert members["a.txt"] is None
    assert "damaged" in members.values()
    locked = bytearray(zipped({"a.txt": GOOD}))
    for at in (6, locked.find(b"PK\x01\x02") + 8):
        locked[at] |= 1
    assert reasons(found(bytes(locked), tmp_path)) == {"a.txt": "encrypted"}


def test_litter_and_names_used_twice(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in ("a.txt", "a.txt", "__MACOSX/._a.txt", "d/Thumbs.db", "d/"):
                archive.writestr(name, GOOD)
    assert reasons(found(out.getvalue(), tmp_path)) == {
        "a.txt": None,
        "a.txt#2": None,
        "__MACOSX/._a.txt": "litter",
        "d/Thumbs.db": "litter",
    }


def test_a_full_disk_is_not_the_archives_fault(tmp_path: Path) -> None:
    file = tmp_path / "given"
    file.write_bytes(zipped({"a.txt": GOOD}))
    with pytest.raises(OSError):
        unpack(file, "a.zip", tmp_path / "no" / "such" / "spool")
