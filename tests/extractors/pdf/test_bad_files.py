"""Broken, locked and hostile PDFs: a status and a reason, in bounded time."""

from __future__ import annotations

from types import ModuleType

import pytest

from extractors import read
from extractors.errors import Damaged, Encrypted, ExtractionError
from extractors.pdf.document import read_document
from extractors.pdf.limits import Clock, PageLimits, PageTooComplexError
from extractors.source import SourceFile


def source(data: bytes) -> SourceFile:
    return SourceFile.from_bytes(data, "bad.pdf", media_type="application/pdf")


def table(make: ModuleType) -> str:
    xs, ys = [100, 200, 300], [700, 680, 660]
    return make.grid(xs, ys) + make.words_in(xs, ys, [["a", "b"], ["c", "d"]])


@pytest.fixture
def good(make: ModuleType) -> bytes:
    pdf = make.Pdf()
    pdf.page(table(make))
    return pdf.bytes()


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_truncated(good: bytes, share: float) -> None:
    with pytest.raises(Damaged):
        read(source(good[: int(len(good) * share)]))


def test_every_cut_gives_a_reason_or_a_document(good: bytes) -> None:
    for cut in range(1, len(good), 37):
        try:
            read(source(good[:cut]))
        except ExtractionError as error:
            assert error.reason_code in {"damaged", "encrypted"}


def test_no_page(make: ModuleType) -> None:
    pdf = make.Pdf()
    with pytest.raises(Damaged, match="no page"):
        read(source(pdf.bytes()))


def test_not_a_pdf_at_all() -> None:
    with pytest.raises(Damaged):
        read(source(b"\x00\x01" * 500))


@pytest.mark.parametrize("side", [20_000, 1e9])
def test_huge_page(make: ModuleType, side: float) -> None:
    pdf = make.Pdf()
    pdf.page(table(make), box=(0, 0, side, side))
    assert len(read(source(pdf.bytes())).grids) == 1


def test_too_many_objects(make: ModuleType) -> None:
    pdf = make.Pdf()
    pdf.page("0 0 m 9 9 l S\n" * 3000)
    pdf.page(table(make))
    document = read_document(source(pdf.bytes()), "pdf_text/1", PageLimits(objects=2000))
    assert [(d.code, d.data["page"]) for d in document.doubts] == [("page_too_complex", "1")]
    assert [grid.page for grid in document.grids] == [2]


def test_too_many_segments_and_edges(make: ModuleType) -> None:
    pdf = make.Pdf()
    pdf.page("0 0 m " + "9 9 l 50 3 l\n" * 3000 + "S " + make.text(9, 9, "Table"))
    for limits in (PageLimits(segments=1000), PageLimits(seconds=-1.0)):
        document = read_document(source(pdf.bytes()), "pdf_text/1", limits)
        assert [d.code for d in document.doubts] == ["page_too_complex"]


def test_objects_that_hold_themselves(make: ModuleType) -> None:
    pdf = make.Pdf()
    loop = pdf.add(b"")
    pdf.objects[loop] = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 5 "
        b"/Resources << /XObject << /X %d 0 R >> >> >>\nstream\n/X Do\nendstream" % loop
    )
    pdf.page("/X Do\n" + table(make), resources=f"/XObject << /X {loop} 0 R >>")
    assert len(read(source(pdf.bytes())).grids) == 1


def test_page_tree_that_holds_itself(make: ModuleType) -> None:
    pdf = make.Pdf()
    pdf.objects[2] = b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>"
    with pytest.raises(Damaged, match="claims"):
        read(source(pdf.bytes()))
    pdf.objects[2] = b"<< /Type /Pages /Kids [2 0 R] /Count 2 >>"
    assert [d.code for d in read(source(pdf.bytes())).doubts] == ["page_damaged"] * 2


def test_locked_and_open(make: ModuleType, good: bytes) -> None:
    """Encryption of revision 2 written by hand: an owner's password locks, an empty user password opens."""
    for password, opens in ((b"", True), (b"secret", False)):
        pdf = make.Pdf()
        pdf.page(table(make))
        data = make.encrypted(pdf, password)
        if opens:
            assert [c.text for c in read(source(data)).grids[0].cells] == ["a", "b", "c", "d"]
        else:
            with pytest.raises(Encrypted):
                read(source(data))


def test_clock() -> None:
    with pytest.raises(PageTooComplexError):
        Clock(-1.0).check("anything")
