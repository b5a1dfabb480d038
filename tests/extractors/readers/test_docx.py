from __future__ import annotations

import io
import zipfile

from extractors import read
from extractors.grid import Document
from extractors.source import SourceFile

_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(body: str) -> Document:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{_NS}" xmlns:mc="urn:mc" xmlns:v="urn:v"><w:body>{body}</w:body></w:document>',
        )
    return read(SourceFile.from_bytes(out.getvalue(), "a.docx"))


def p(text: str, marks: str = "") -> str:
    return f"<w:p><w:r><w:rPr>{marks}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def tc(inner: str, marks: str = "") -> str:
    return f"<w:tc><w:tcPr>{marks}</w:tcPr>{inner}</w:tc>"


def tbl(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def test_places_of_paragraphs_and_cells() -> None:
    got = document(p("一") + tbl(tc(p("甲")) + tc(p("乙") + p("丙"))) + p("") + p("二"))
    assert [(b.text, b.at.ref) for b in got.blocks] == [("一", "p1"), ("二", "p3")]
    assert [(c.text, c.at.ref) for c in got.grids[0].cells] == [("甲", "t1/r1c1"), ("乙\n丙", "t1/r1c2")]


def test_spans_and_grid_before() -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    wide = '<w:gridSpan w:val="2"/>'
    got = document(
        tbl(
            tc(p("a"), down) + tc(p("b"), wide),
            tc(p(""), on) + tc(p("c")) + tc(p("d")),
            '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc(p("e"), wide),
            "<w:trPr><w:del/></w:trPr>" + tc(p("gone")),
        )
    )
    assert [(c.text, c.row, c.col, c.row_span, c.col_span) for c in got.grids[0].cells] == [
        ("a", 0, 0, 2, 1), ("b", 0, 1, 1, 2), ("c", 1, 1, 1, 1), ("d", 1, 2, 1, 1), ("e", 2, 1, 1, 2),
    ]  # fmt: skip


def test_what_is_printed_and_what_is_not() -> None:
    got = document(
        "<w:p><w:ins><w:r><w:t>增</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>3</w:t></w:r>'
        '<w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink><w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
        '<w:r><w:t>10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>4</w:t></w:r></w:p>'
        "<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert [b.text for b in got.blocks] == ["增3链☑10⁴", "控件"]


def test_nested_tables_and_text_boxes() -> None:
    box = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>" + p("框") + "</w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent>"
        + p("框")
        + "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    got = document(box + tbl(tc(p("外")) + tc(tbl(tc(p("内"))) + p(""))))
    assert [(b.text, b.at.ref) for b in got.blocks] == [("框", "x1/p1")]
    assert [[(c.text, c.at.ref) for c in g.cells if c.text] for g in got.grids] == [
        [("外", "t1/r1c1")],
        [("内", "t1/r1c2/t1/r1c1")],
    ]


def test_a_table_that_only_arranges_tables_prints_nothing() -> None:
    assert len(document(tbl(tc(tbl(tc(p("内")) + tc(p("容"))) + p("")))).grids) == 1


def test_hidden_text_and_objects_are_doubted() -> None:
    got = document(p("见") + p("隐", "<w:vanish/>") + "<w:p><w:r><w:object/></w:r></w:p>")
    assert [d.code for d in got.doubts] == ["hidden_text", "unread_part"]
    assert [b.text for b in got.blocks] == ["见", "隐"]


def test_fields_are_shown_and_never_run() -> None:
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"</w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>12万元</w:t></w:r><w:r><w:fldChar '
        'w:fldCharType="end"/></w:r></w:p><w:p><w:hyperlink><w:r><w:t>=HYPERLINK("http://192.0.2.1")</w:t></w:r></w:hyperlink></w:p>'
    )
    assert [b.text for b in document(field).blocks] == ["12万元", '=HYPERLINK("http://192.0.2.1")']
