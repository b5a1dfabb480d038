"""Which pages need OCR, and which hold no trace of a form."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from extractors import read
from extractors.grid import Document
from extractors.pdf.triage import is_garbage, traceless
from extractors.source import SourceFile

PICTURE = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
SCAN = "q 595 0 0 842 0 0 cm /I Do Q\n"


def codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


def scan(make: ModuleType, content: str) -> Document:
    pdf = make.Pdf()
    image = pdf.stream(b"\xff", PICTURE)
    pdf.page(SCAN + content, resources=f"/XObject << /I {image} 0 R >>")
    return read(SourceFile.from_bytes(pdf.bytes(), "scan.pdf"))


LONG = "".join(f"word{i} and more of it " for i in range(12))


@pytest.mark.parametrize(
    ("mode", "words", "why"),
    [(0, "", "no_text"), (3, LONG, "hidden_text"), (0, "- 3 -", "scan"), (0, LONG, "")],
)
def test_pictures_of_pages(make: ModuleType, mode: int, words: str, why: str) -> None:
    lines = "".join(make.text(50, 800 - 20 * k, words[k * 40 : k * 40 + 40], 10, mode) for k in range(6))
    document = scan(make, lines)
    assert document.pages[0].needs_ocr is bool(why)
    assert [d.data["pages"] for d in document.doubts if d.code == "needs_ocr"] == (
        [f"1:{why}"] if why else []
    )


def test_glyphs_without_meaning(make: ModuleType) -> None:
    pdf = make.Pdf()
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        b"1 beginbfrange <20> <7E> <E020> endbfrange endcmap end"
    )
    unicode = pdf.stream(cmap)
    pdf.objects[3] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode %d 0 R >>" % unicode
    pdf.page(make.text(50, 700, "Nothing of this can be read by anybody"))
    document = read(SourceFile.from_bytes(pdf.bytes(), "garbage.pdf"))
    assert document.pages[0].needs_ocr
    assert document.doubts[0].data["pages"] == "1:garbage"


def test_glyph_numbers_without_a_map(make: ModuleType) -> None:
    """A composite font without ToUnicode: pdfium hands out glyph numbers as if they were characters."""
    pdf = make.Pdf()
    inner = pdf.add(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Odd "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    pdf.objects[3] = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Odd /Encoding /Identity-H "
        b"/DescendantFonts [%d 0 R] >>" % inner
    )
    numbers = "".join(f"{0x4E00 + 7 * k:04X}" for k in range(60))
    pdf.page(f"BT /F1 10 Tf 50 700 Td <{numbers}> Tj ET")
    document = read(SourceFile.from_bytes(pdf.bytes(), "glyphs.pdf"))
    assert document.pages[0].needs_ocr


def test_a_few_odd_glyphs_are_no_garbage() -> None:
    assert not is_garbage(codes("\uf0a8\uf0fe"))


@pytest.mark.parametrize(
    "text",
    [
        "2023年部门项目支出预算绩效目标表 项目名称 督办工作经费",
        "A plain English report on performance, with figures: 1,234.5 (95%).",
        "预算绩效管理工作",
        "專案支出預算績效目標表項目名稱主管機關實施單位年度總體目標產出指標效益指標滿意度",
        "Évaluation des dépenses budgétaires à l’échéance",
        "⽬标⼀⼆⻔",
    ],
)
def test_good_text_is_never_garbage(text: str) -> None:
    assert not is_garbage(codes(text))


@pytest.mark.parametrize(
    "text",
    [
        "(cid:12)(cid:45)(cid:7)(cid:99)" * 5,
        "ÏîÄ¿Ö§³öÔ¤Ëã¼¨Ð§Ä¿±ê±í",
        "".join(map(chr, range(0x9A00, 0x9A40))),
    ],
)
def test_wrong_maps_are_garbage(text: str) -> None:
    assert is_garbage(codes(text))


def test_traceless() -> None:
    assert traceless(codes("Some words about nothing in particular."), [1, 2, 2])
    assert not traceless(codes("Some words about nothing in particular."), [1, 2, 2, 2])
    assert not traceless(codes("项目绩效目标"), [1])
    assert not traceless(codes("1 23 456 7.8 90 a b"), [1])


def test_passed_over_page_keeps_its_text(make: ModuleType) -> None:
    pdf = make.Pdf()
    pdf.page(make.text(50, 700, "Some words about nothing") + make.text(50, 680, "in particular."))
    document = read(SourceFile.from_bytes(pdf.bytes(), "prose.pdf"))
    assert [b.text for b in document.blocks] == ["Some words about nothing\nin particular."]
