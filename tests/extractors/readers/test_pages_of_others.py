"""Layout tables, form fields, saved pages, OFD drawing, outputs of OCR systems: the details."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractors import read
from extractors.errors import Damaged, ExtractionError
from extractors.grid import Document
from extractors.ofd.content import Content, draw
from extractors.parts import xml_of
from extractors.sniff import sniff
from extractors.source import SourceFile

OFFICE = Path(__file__).parents[2] / "fixtures" / "office"


def of(text: str, name: str) -> Document:
    return read(SourceFile.from_bytes(text.encode(), name))


def told(document: Document) -> list[Any]:
    return [item.text if hasattr(item, "text") else [c.text for c in item.cells] for item in document.items]


def page(body: str) -> list[Any]:
    return told(of(f"<html><body>{body}</body></html>", "a.html"))


def test_a_layout_table_is_taken_apart_in_order() -> None:
    inner = "<table><tr><td>{}</td><td>{}</td></tr></table>"
    body = (
        "<table><tr><td>首页</td></tr><tr><td>题一" + inner.format("a", "b") + "题二" + inner.format("c", "d")
        + "</td></tr><tr><td>版权</td></tr></table>"
    )  # fmt: skip
    assert page(body) == ["首页", "题一", ["a", "b"], "题二", ["c", "d"], "版权"]


def test_a_form_with_a_table_inside_stays_a_form() -> None:
    body = "<table><tr><td>项目</td><td>甲</td></tr><tr><td>指标</td><td><table><tr><td>x<td>y</table></td></tr></table>"
    assert page(body) == [["项目", "甲", "指标", ""], ["x", "y"]]


def test_fields_show_their_values() -> None:
    body = (
        "<table><tr><td><input value='甲&amp;乙'><input type=hidden value=x></td><td><textarea>丙</textarea></td>"
        "<td><select><option>一<option selected>二</select></td><td><input type=checkbox checked>是"
        "<input type=checkbox>否</td><td><input type=submit value=提交></td></tr></table>"
    )
    assert page(body) == [["甲&乙", "丙", "二", "☑是□否", ""]]


def test_hidden_parts_are_kept_and_counted() -> None:
    got = of("<html><body><p>见</p><p style='display: none'>隐</p></body></html>", "a.html")
    assert told(got) == ["见", "隐"]
    assert [(d.code, d.data["count"]) for d in got.doubts] == [("hidden_text", "1")]


def test_a_saved_page_under_any_name() -> None:
    data = (OFFICE / "form.mht").read_bytes()
    got = read(SourceFile.from_bytes(data.replace(b"\n", b"\r\n"), "a.doc"))
    assert got.reader == "mhtml/2"
    assert [d.code for d in got.doubts] == ["wrong_extension"]


def drawn(objects: str) -> Content:
    content = Content()
    draw(content, xml_of(f"<Page><Content><Layer>{objects}</Layer></Content></Page>".encode(), "x"), 1000)
    return content


def test_advances_and_matrices_of_ofd() -> None:
    content = drawn(
        '<TextObject Boundary="10 20 50 5" Size="4"><TextCode X="0" Y="4" DeltaX="g 2 5">一二三</TextCode></TextObject>'
        '<TextObject Boundary="0 0 9 9" Size="2" CTM="2 0 0 2 0 0"><TextCode X="1" Y="1">四</TextCode></TextObject>'
    )
    assert "".join(map(chr, content.codes)) == "一二三四"
    assert [round(box[0], 3) for box in content.boxes] == [10, 15, 20, 2]
    assert content.boxes[3][2] - content.boxes[3][0] == pytest.approx(4)


def test_paths_of_ofd() -> None:
    content = drawn(
        '<PathObject Boundary="0 0 90 50" LineWidth="0.2"><AbbreviatedData>M 0 0 L 90 0 L 90 50 L 0 50 C</AbbreviatedData>'
        '</PathObject><PathObject Boundary="5 5 80 1" Fill="true" Stroke="false"><AbbreviatedData>M 0 0 L 80 0 L 80 0.3 '
        'L 0 0.3 C</AbbreviatedData></PathObject><PathObject Visible="false" Boundary="0 0 1 1"><AbbreviatedData>M 0 0 L 9 0'
        '</AbbreviatedData></PathObject><PathObject Boundary="5 5 80 20" Fill="true" Stroke="false"><AbbreviatedData>'
        "M 0 0 L 80 0 L 80 20 L 0 20 C</AbbreviatedData></PathObject>"
    )
    assert (len(content.rules), len(content.fills)) == (5, 1)


@pytest.mark.parametrize(
    "name", ["form.ofd", "form.hocr", "form.xml", "form.docling.json", "form.structure.json"]
)
def test_boxes_lie_on_their_page(name: str) -> None:
    got = read(OFFICE / name)
    (leaf,) = got.pages
    for cell in (c for grid in got.grids for c in grid.cells):
        assert cell.at.page == leaf.number
        assert cell.at.box is not None
        assert 0 <= cell.at.box.x0 < cell.at.box.x1 <= leaf.width + 1


@pytest.mark.parametrize(
    ("name", "score"), [("form.hocr", 0.96), ("form.xml", 0.96), ("form.structure.json", 0.97)]
)
def test_scores_are_kept(name: str, score: float) -> None:
    (grid,) = read(OFFICE / name).grids
    assert {cell.confidence.read for cell in grid.cells if cell.text} == {score}


def test_pp_structure_2_regions() -> None:
    regions = [
        {
            "type": "title",
            "bbox": [1, 1, 9, 9],
            "res": [{"text": "题", "confidence": 0.9, "text_region": []}],
            "img_idx": 1,
        },
        {
            "type": "table",
            "bbox": [1, 1, 9, 9],
            "score": 0.8,
            "res": {"html": "<table><tr><td>a<td>b</table>"},
            "img_idx": 1,
        },
    ]
    got = of(json.dumps(regions), "a.json")
    lines = of("\n".join(json.dumps(region) for region in regions), "res_0.txt")
    assert told(got) == told(lines) == ["题", ["a", "b"]]
    assert [(c.at.page, c.confidence.read) for c in got.grids[0].cells] == [(2, 0.8), (2, 0.8)]


def test_unknown_json_is_refused_and_text_stays_text() -> None:
    with pytest.raises(ExtractionError) as caught:
        of('{"a": 1}', "a.json")
    assert caught.value.reason_code == "unsupported"
    assert sniff("[一] 项目名称\t甲\n".encode(), "a.txt") == "text/plain"
    with pytest.raises(Damaged):
        of('[{"type": "text", "page_idx": 0, "text": ', "a.json")


def test_a_table_given_as_a_picture_is_doubted() -> None:
    records = [
        {"type": "text", "text": "一", "page_idx": 0},
        {"type": "table", "img_path": "a.jpg", "page_idx": 0},
    ]
    assert [d.code for d in of(json.dumps(records), "a.json").doubts] == ["unread_part"]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("form.et", "application/vnd.ms-excel"),
        ("form.mht", "multipart/related"),
        ("form.xml", "application/xml"),
        ("form.hocr", "text/html"),
        ("form.docling.json", "application/json"),
    ],
)
def test_content_decides(name: str, media_type: str) -> None:
    data = (OFFICE / ("form.xls" if name == "form.et" else name)).read_bytes()
    assert SourceFile.from_bytes(data, "x.bin").media_type == media_type
    assert not SourceFile.from_bytes(data, name).doubts
