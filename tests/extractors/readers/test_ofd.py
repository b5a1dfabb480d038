"""OFD as its several producers write it: the fixture's page rewritten in their ways publishes the same form."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from extractors import find_forms, read
from extractors.errors import Encrypted
from extractors.source import SourceFile

from .test_same_form import dump, told

OFD = Path(__file__).parents[2] / "fixtures" / "office" / "form.ofd"
CONTENT = "Doc_0/Pages/Page_0/Content.xml"
NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_TEXT = re.compile(
    r'<ofd:TextObject Boundary="(\S+) (\S+) \S+ \S+" Size="(\S+)"><ofd:TextCode X="0" Y="(\S+)" '
    r'DeltaX="([^"]*)">([^<]*)</ofd:TextCode></ofd:TextObject>'
)
_PATH = re.compile(
    r'<ofd:PathObject Boundary="(\S+) (\S+) (\S+) (\S+)" LineWidth="0.25">.*?</ofd:PathObject>'
)


def rewritten(changes: dict[str, Callable[[str], str]], more: dict[str, str] | None = None) -> SourceFile:
    """The fixture with some parts changed and some added."""
    out = io.BytesIO()
    with zipfile.ZipFile(OFD) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, changes.get(name, str)(text))
        for name, text in (more or {}).items():
            new.writestr(name, text)
    return SourceFile.from_bytes(out.getvalue(), "a.ofd")


def scaled(page: str) -> str:
    """Everything in twentieths, as the exports of an office suite write it: size, advances, line width."""

    def text(m: re.Match[str]) -> str:
        steps = " ".join(f"{float(step) * 20:.3f}" for step in m[5].split())
        return (
            f'<ofd:TextObject Boundary="{m[1]} {m[2]} 150 5" Size="{float(m[3]) * 20}" CTM="0.05 0 0 0.05 0 0">'
            f'<ofd:TextCode X="0" Y="{float(m[4]) * 20}" DeltaX="{steps}">{m[6]}</ofd:TextCode></ofd:TextObject>'
        )

    def path(m: re.Match[str]) -> str:
        w, h = float(m[3]) * 20, float(m[4]) * 20
        return (
            f'<ofd:PathObject Boundary="{m[1]} {m[2]} {m[3]} {m[4]}" LineWidth="5" CTM="0.05 0 0 0.05 0 0">'
            f"<ofd:AbbreviatedData>M 0 0 L {w} 0 L {w} {h} L 0 {h} L 0 0 C </ofd:AbbreviatedData></ofd:PathObject>"
        )

    return _PATH.sub(path, _TEXT.sub(text, page))


def glyph_by_glyph(page: str) -> str:
    """A text object for every glyph, inside blocks of the page."""

    def text(m: re.Match[str]) -> str:
        x, out = float(m[1]), []
        for char, step in zip(m[6].replace("&lt;", "<"), [*m[5].split(), "0"], strict=True):
            shown = char.replace("<", "&lt;")
            out.append(
                f'<ofd:TextObject Boundary="{x:.4f} {m[2]} {m[3]} 5" Size="{m[3]}"><ofd:CGTransform GlyphCount="1" '
                f'CodeCount="1" CodePosition="0"><ofd:Glyphs>7</ofd:Glyphs></ofd:CGTransform><ofd:TextCode X="0" '
                f'Y="{m[4]}">{shown}</ofd:TextCode></ofd:TextObject>'
            )
            x += float(step)
        return f"<ofd:PageBlock>{''.join(out)}</ofd:PageBlock>"

    return _TEXT.sub(text, page)


def counted(page: str) -> str:
    """Advances with their counts: ``g 3 3.7``."""

    def text(m: re.Match[str]) -> str:
        runs: list[list[str | int]] = []
        for step in m[5].split():
            if runs and runs[-1][0] == step:
                runs[-1][1] = int(runs[-1][1]) + 1
            else:
                runs.append([step, 1])
        steps = " ".join(f"g {count} {step}" if int(count) > 1 else str(step) for step, count in runs)
        return m[0].replace(f'DeltaX="{m[5]}"', f'DeltaX="{steps}"')

    return _TEXT.sub(text, page)


def bare(page: str) -> str:
    """No advances: the font's own."""
    return re.sub(r' DeltaX="[^"]*"', "", page)


def filled(page: str) -> str:
    """Rules as thin filled rectangles without a stroke."""

    def path(m: re.Match[str]) -> str:
        x, y, w, h = (float(m[k]) for k in (1, 2, 3, 4))
        sides = ((x, y, w, 0.2), (x, y + h, w, 0.2), (x, y, 0.2, h), (x + w, y, 0.2, h))
        return "".join(
            f'<ofd:PathObject Boundary="{a} {b} {c} {d}" Stroke="false" Fill="true"><ofd:FillColor Value="0 0 0"/>'
            f"<ofd:AbbreviatedData>M0 0L{c} 0L{c} {d}L0 {d}C</ofd:AbbreviatedData></ofd:PathObject>"
            for a, b, c, d in sides
        )

    return _PATH.sub(path, page)


@pytest.mark.parametrize("change", [scaled, glyph_by_glyph, counted, bare, filled], ids=lambda f: f.__name__)
def test_ways_of_producers(change: Callable[[str], str]) -> None:
    document = read(rewritten({CONTENT: change}))
    (form,) = find_forms(document).forms
    assert told(form) == dump()
    assert not document.doubts


def test_rules_in_a_template_and_texts_in_a_composite_object() -> None:
    page = zipfile.ZipFile(OFD).read(CONTENT).decode()
    rules = "".join(m[0] for m in _PATH.finditer(page))
    texts = "".join(m[0] for m in _TEXT.finditer(page))
    document = read(
        rewritten(
            {
                CONTENT: lambda _: (
                    f'<ofd:Page {NS}><ofd:Template TemplateID="9" ZOrder="Background"/><ofd:Content><ofd:Layer>'
                    '<ofd:CompositeObject ResourceID="8" Boundary="10 20 200 280" CTM="2 0 0 2 0 0"/></ofd:Layer>'
                    "</ofd:Content></ofd:Page>"
                ),
                "Doc_0/Document.xml": lambda text: text.replace(
                    "</ofd:CommonData>",
                    '<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>'
                    "</ofd:CommonData>",
                ),
            },
            {
                "Doc_0/Tpls/Tpl_0/Content.xml": f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{rules}</ofd:Layer></ofd:Content></ofd:Page>",
                "Doc_0/PublicRes.xml": f'<ofd:Res {NS}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="8" Width="99" '
                f'Height="99"><ofd:Content>{_half(texts)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>',
            },
        )
    )
    (form,) = find_forms(document).forms
    assert told(form) == dump()
    assert not document.doubts


def _half(texts: str) -> str:
    """The texts at half their size, as if the composite object began at (10, 20)."""

    def text(m: re.Match[str]) -> str:
        x, y = (float(m[1]) - 10) / 2, (float(m[2]) - 20) / 2
        steps = " ".join(f"{float(step) / 2:.4f}" for step in m[5].split())
        return (
            f'<ofd:TextObject Boundary="{x} {y} 75 3" Size="{float(m[3]) / 2}"><ofd:TextCode X="0" Y="{float(m[4]) / 2}" '
            f'DeltaX="{steps}">{m[6]}</ofd:TextCode></ofd:TextObject>'
        )

    return _TEXT.sub(text, texts)


def test_a_slanted_watermark_stays_out_of_the_cells_and_is_kept() -> None:
    mark = (
        '<ofd:TextObject Boundary="30 60 150 150" Size="12" CTM="0.707 -0.707 0.707 0.707 0 100"><ofd:TextCode X="0" Y="12" '
        'DeltaX="g 3 12">内部资料</ofd:TextCode></ofd:TextObject></ofd:Layer>'
    )
    document = read(rewritten({CONTENT: lambda text: text.replace("</ofd:Layer>", mark)}))
    (form,) = find_forms(document).forms
    assert told(form) == dump()
    assert document.items[-1].text == "内部资料"  # type: ignore[union-attr]


def test_annotations_with_text_and_unknown_objects_are_told() -> None:
    note = (
        f'<ofd:PageAnnot {NS}><ofd:Annot Type="Stamp" ID="70"><ofd:Appearance><ofd:TextObject><ofd:TextCode X="0" Y="0">已审'
        "</ofd:TextCode></ofd:TextObject></ofd:Appearance></ofd:Annot><ofd:Annot Type='Link' ID='71'/></ofd:PageAnnot>"
    )
    listed = f'<ofd:Annotations {NS}><ofd:Page PageID="1"><ofd:FileLoc>Page_0/Annot.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>'
    document = read(
        rewritten(
            {
                CONTENT: lambda text: text.replace(
                    "</ofd:Layer>", '<ofd:CompositeObject ResourceID="99"/></ofd:Layer>'
                ),
                "Doc_0/Document.xml": lambda text: text.replace(
                    "</ofd:Document>",
                    "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations></ofd:Document>",
                ),
            },
            {"Doc_0/Annots/Annotations.xml": listed, "Doc_0/Annots/Page_0/Annot.xml": note},
        )
    )
    assert [(d.code, d.data["what"], d.data["count"]) for d in document.doubts] == [
        ("unread_part", "composite object on page 1", "1"),
        ("unread_part", "annotation on page 1", "1"),
    ]


def test_a_page_of_outlines_needs_ocr() -> None:
    glyph = (
        '<ofd:PathObject Boundary="10 10 9 9" Fill="true" Stroke="false"><ofd:AbbreviatedData>M 1 1 B 2 2 3 3 4 4 Q 5 5 6 6 C'
        "</ofd:AbbreviatedData></ofd:PathObject>"
    )
    document = read(
        rewritten(
            {
                CONTENT: lambda _: (
                    f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{glyph * 30}</ofd:Layer></ofd:Content></ofd:Page>"
                )
            }
        )
    )
    assert document.pages[0].needs_ocr
    assert [d.code for d in document.doubts] == ["needs_ocr"]


def test_an_encrypted_package_is_told() -> None:
    with pytest.raises(Encrypted, match=r"a\.ofd"):
        read(rewritten({}, {"Encryptions.xml": "<x/>"}))
