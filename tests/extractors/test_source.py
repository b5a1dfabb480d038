from __future__ import annotations

import hashlib
import io
import os
import pickle
import zipfile
from pathlib import Path

import pytest

from extractors import errors
from extractors.errors import ExtractionError, Missing, TooLarge, Unsupported
from extractors.grid import Document
from extractors.readers import base, read
from extractors.sniff import DOCX, XLSX, sniff
from extractors.source import Limits, SourceFile


def zipped(*members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500
CASES = [
    (b"%PDF-1.7\n", "a.pdf", "application/pdf"),
    (b"\n\n%PDF-1.4", "a.txt", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "a", "image/png"),
    (b"\xff\xd8\xff\xe0", "a", "image/jpeg"),
    (b"II*\x00", "a", "image/tiff"),
    (b"MM\x00*", "a", "image/tiff"),
    (b"BM\x0a\x00\x00\x00\x00\x00\x00\x00", "a", "image/bmp"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a", "image/webp"),
    (zipped("a.txt"), "a.zip", "application/zip"),
    (zipped("word/document.xml"), "a.zip", DOCX),
    (zipped("xl/workbook.xml"), "a", XLSX),
    (zipped("OFD.xml"), "a", "application/ofd"),
    (b"PK\x03\x04broken", "a.docx", "application/zip"),
    (OLE + "WordDocument".encode("utf-16-le"), "a.xls", "application/msword"),
    (OLE + "Workbook".encode("utf-16-le"), "a.doc", "application/vnd.ms-excel"),
    (OLE, "a.doc", "application/x-ole-storage"),
    (b"", "a.pdf", "application/x-empty"),
    (bytes(range(256)) * 4, "a.txt", "application/octet-stream"),
    ("<!DOCTYPE html><html>".encode("utf-16"), "a.txt", "text/html"),
    (b"\xef\xbb\xbf <HTML><body></HTML>\n", "a.txt", "text/html"),
    (b"<html><body><table></table></body></html>\n# a\n<html></html>", "a.txt", "text/plain"),
    (b"<html><body><table><tr><td>a", "a.md", "text/markdown"),
    ("题\n<table>".encode(), "a.txt", "text/plain"),
    (b"<table><tr><td>", "a.txt", "text/plain"),
    (b"<table><tr><td>", "a.html", "text/html"),
    (b"# a", "a.md", "text/markdown"),
    (b"a,b", "a.CSV", "text/csv"),
    (b"a\tb", "a.tsv", "text/tab-separated-values"),
    ("项目\t1\n".encode("gb18030"), "a", "text/plain"),
    ("项目\t1\n".encode("utf-16-le"), "a.txt", "text/plain"),
]


@pytest.mark.parametrize(("data", "name", "wanted"), CASES)
def test_sniff(data: bytes, name: str, wanted: str) -> None:
    assert sniff(data, name) == wanted


def test_a_source_knows_itself(tmp_path: Path) -> None:
    path = tmp_path / "表.TXT"
    path.write_bytes(b"a\tb")
    source = SourceFile.from_path(path)
    assert source.document_id == hashlib.sha256(b"a\tb").hexdigest()
    assert (source.size, source.suffix, source.doubts, source.name) == (3, ".txt", (), str(path))
    assert SourceFile.from_bytes(b"x", "a.zip", member="b.md").name == "a.zip!b.md"
    assert "a\\tb" not in repr(source)


def test_a_name_that_lies_is_a_doubt_and_the_content_wins() -> None:
    got = read(SourceFile.from_bytes(b"<html><table><tr><td>a</table></html>", "a.xls"))
    assert got.media_type == "text/html"
    assert [(d.code, d.data) for d in got.doubts] == [
        ("wrong_extension", {"name": "a.xls", "found": "text/html"})
    ]


def test_missing_and_too_large(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no", "a\x00b"):
        with pytest.raises(Missing):
            read(path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Missing):
        read(tmp_path / "pipe")
    (tmp_path / "big.txt").write_bytes(b"abcdef")
    with pytest.raises(TooLarge):
        read(tmp_path / "big.txt", limits=Limits(max_bytes=5))


def test_a_media_type_given_overrules_the_content() -> None:
    with pytest.raises(Unsupported, match=r"^a\.txt: no reader for image/x-unheard-of"):
        read(SourceFile.from_bytes(b"a\tb", "a.txt"), media_type="image/x-unheard-of")


def test_errors_cross_processes() -> None:
    for name in ("Unsupported", "Encrypted", "Damaged", "TooLarge", "Empty", "Binary", "NoTable", "Missing"):
        error: ExtractionError = getattr(errors, name)("a.txt: why")
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.reason_code, str(again)) == (type(error), error.reason_code, "a.txt: why")
    plain = pickle.loads(pickle.dumps(ExtractionError("odd", "a: b")))
    assert (plain.reason_code, str(plain)) == ("odd", "a: b")


def test_the_highest_bid_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loud:
        name, version, media_types = "loud", "7", frozenset({"text/plain"})

        def bid(self, source: SourceFile) -> float:  # noqa: ARG002
            return 0.9

        def read(self, source: SourceFile) -> Document:
            return Document(source.document_id, source.media_type, "loud/7", ())

    found = base.readers()
    monkeypatch.setattr(base, "readers", lambda: (*found, Loud()))
    assert read(SourceFile.from_bytes(b"a", "a.txt")).reader == "loud/7"
