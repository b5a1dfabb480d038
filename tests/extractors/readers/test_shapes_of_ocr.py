"""Outputs of OCR systems in the shapes that their several versions really write; the texts are made up."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from extractors import find_forms, read
from extractors.grid import Document
from extractors.source import SourceFile

from .matrix import OFFICE
from .test_same_form import dump
from .test_same_form import told as same_form

TABLE = "<html><body><table><tr><td>项目名称</td><td>甲工程</td></tr></table></body></html>"
ROW = [["项目名称", "甲工程"]]


def of(value: Any, name: str = "a.json") -> Document:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return read(SourceFile.from_bytes(text.encode(), name))


def told(document: Document) -> list[Any]:
    """Blocks as texts, grids as rows of texts."""
    return [
        item.text
        if hasattr(item, "text")
        else [[c.text for c in item.cells if c.row == row] for row in range(item.rows)]
        for item in document.items
    ]


# --- hOCR --------------------------------------------------------------------------------------------------


def hocr(body: str) -> Document:
    return of(f"<html><head><meta name='ocr-system' content='x'/></head><body>{body}</body></html>", "a.hocr")


def test_hocr_of_tesseract_with_lines_of_every_class() -> None:
    got = hocr(
        '<div class="ocr_page" title=\'image "a.png"; bbox 0 0 1000 1400; ppageno 0; scan_res 300 300\'>'
        "<div class='ocr_carea' title='bbox 1 1 900 99'><p class='ocr_par' title='bbox 1 1 900 99'>"
        "<span class='ocr_header' title='bbox 10 10 200 40; baseline 0 0'><span class='ocrx_word' title='bbox 10 10 90 40; "
        "x_wconf 91'><strong>项目</strong></span><span class='ocrx_word' title='bbox 95 10 200 40; x_wconf 80'>支出</span></span>"
        "</p></div></div>"
    )
    assert told(got) == ["项目支出"]
    assert got.blocks[0].confidence.read == 0.8
    assert got.blocks[0].at.box is not None and got.blocks[0].at.box.x0 == pytest.approx(2.4)


def test_hocr_of_kraken_scores_each_character_and_gives_blanks_as_words() -> None:
    got = hocr(
        '<div class="ocr_page" title="bbox 0 0 924 1624, image a.png"><span class=\'ocr_line\' title=\'bbox 86 61 400 101; '
        "cuts 0,0'><span class='ocrx_word' title='bbox 86 61 200 101, x_confs 0.91 0.65'>产出</span><span class='ocrx_word' "
        "title='bbox 201 61 210 101, x_confs 0.9'> </span><span class='ocrx_word' title='bbox 211 61 400 101, x_confs 0.98 "
        "0.97'>指标</span></span></div>"
    )
    assert told(got) == ["产出指标"]
    assert got.blocks[0].confidence.read == 0.65


def test_hocr_lines_without_words_beside_lines_with_words() -> None:
    got = hocr(
        "<div class='ocr_page' title='bbox 0 0 1000 1400'><span class='ocr_line' title='bbox 10 10 300 40'>年度 2024</span>"
        "<span class='ocr_line' title='bbox 10 60.5 300 90.25'><span class='ocrx_word' title='bbox 10 60.5 300 90.25'>万元</span>"
        "</span><p class='ocr_par' title='bbox 10 200 300 240'>备注</p></div>"
    )
    assert told(got) == ["年度 2024", "万元", "备注"]


def test_hocr_that_parts_chinese_text_into_words_publishes_the_same_form() -> None:
    def split(m: re.Match[str]) -> str:
        x0, y0, x1, y1 = (int(m[k]) for k in (1, 2, 3, 4))
        text = m[5].replace("&lt;", "<")
        words = []
        for k in range(0, len(text), 2):
            a, b = (x0 + (x1 - x0) * min(n, len(text)) // len(text) for n in (k, k + 2))
            piece = text[k : k + 2].replace("<", "&lt;")
            words.append(
                f"<span class='ocrx_word' title='bbox {a} {y0 + 1} {b - 1} {y1 - 1}; x_wconf 90'>{piece}</span>"
            )
        return "\n".join(words)

    word = r"<span class='ocrx_word' title='bbox (\d+) (\d+) (\d+) (\d+); x_wconf 96'>([^<]*)</span>"
    page = re.sub(word, split, (OFFICE / "form.hocr").read_text(encoding="utf-8"))
    assert page.count("ocrx_word") > 200
    (form,) = find_forms(of(page, "a.hocr")).forms
    assert same_form(form) == dump()


def test_hocr_keeps_the_spaces_between_words_of_letters() -> None:
    words = [("ISO", 10, 60), ("9001", 72, 140), ("认", 142, 170), ("证", 171, 200)]
    spans = "".join(
        f"<span class='ocrx_word' title='bbox {a} 10 {b} 40'>{text}</span>" for text, a, b in words
    )
    page = f"<div class='ocr_page' title='bbox 0 0 1000 1400'><span class='ocr_line' title='bbox 10 10 200 40'>{spans}</span></div>"
    assert told(hocr(page)) == ["ISO 9001认证"]


# --- ALTO --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("space", "unit", "factor"),
    [
        ("http://schema.ccs-gmbh.com/ALTO", "inch1200", 1200 / 72),
        ("http://www.loc.gov/standards/alto/ns-v2#", "mm10", 254 / 72),
        ("http://www.loc.gov/standards/alto/ns-v3#", "pixel", 1400 / 841.89),
        ("http://www.loc.gov/standards/alto/ns-v4#", "pixel", 1400 / 841.89),
    ],
)
@pytest.mark.parametrize("prefix", ["", "ns0:"])
def test_alto_versions_units_and_prefixes(space: str, unit: str, factor: float, prefix: str) -> None:
    height = 841.89 * factor
    colon = f":{prefix[:-1]}" if prefix else ""
    xml = (
        f'<?xml version="1.0"?><a:alto xmlns{colon}="{space}"><a:Description><a:MeasurementUnit>{unit}</a:MeasurementUnit>'
        f'</a:Description><a:Layout><a:Page WIDTH="{height * 0.7}" HEIGHT="{height}"><a:PrintSpace><a:TextBlock><a:TextLine>'
        f'<a:String CONTENT="总" HPOS="{72 * factor}" VPOS="{100 * factor}" WIDTH="{12 * factor}" HEIGHT="{12 * factor}" '
        f'WC="0.9"/><a:SP WIDTH="1"/><a:String CONTENT=" " HPOS="1" VPOS="1" WIDTH="3" HEIGHT="4"/></a:TextLine></a:TextBlock>'
        "</a:PrintSpace></a:Page></a:Layout></a:alto>"
    ).replace("a:", prefix)
    got = of(xml, "a.xml")
    assert got.reader.startswith("alto/")
    assert told(got) == ["总"]
    box = got.blocks[0].at.box
    assert box is not None
    assert (round(box.x0), round(box.y0), round(box.x1)) == (72, 100, 84)


def test_alto_lines_that_alone_have_a_box() -> None:
    got = of(
        '<?xml version="1.0"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page WIDTH="1000" '
        'HEIGHT="1400"><PrintSpace><TextBlock><TextLine HPOS="100" VPOS="50" WIDTH="300" HEIGHT="30"><String '
        'CONTENT="2024年 绩效"/></TextLine><TextLine HPOS="100" VPOS="150" WIDTH="300" HEIGHT="30"><String CONTENT="目标"/>'
        "</TextLine></TextBlock></PrintSpace></Page></Layout></alto>",
        "a.xml",
    )
    assert told(got) == ["2024年 绩效", "目标"]
    assert got.blocks[1].at.box is not None


# --- Docling -----------------------------------------------------------------------------------------------


def ref(kind: str, number: int) -> dict[str, str]:
    return {"$ref": f"#/{kind}/{number}"}


def place(row: int, col: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "row_span": 1,
        "col_span": 1,
        "start_row_offset_idx": row,
        "end_row_offset_idx": row + 1,
        "start_col_offset_idx": col,
        "end_col_offset_idx": col + 1,
        "text": text,
        **more,
    }


def docling(**parts: Any) -> Document:
    return of({"schema_name": "DoclingDocument", "version": "1.10.0", "pages": {}, **parts})


def test_docling_rich_cells_are_not_said_twice_and_tables_in_cells_are_kept() -> None:
    cells = [place(0, 0, "要求"), place(0, 1, "一、甲\n二、乙", ref=ref("groups", 0))]
    got = docling(
        body={"children": [ref("tables", 0)]},
        groups=[
            {
                "children": [ref("texts", 0), ref("texts", 1), ref("tables", 1), ref("texts", 2)],
                "label": "unspecified",
            }
        ],
        texts=[{"text": "一、甲"}, {"text": "二、乙"}, {"text": "图中的字"}],
        tables=[
            {"label": "table", "children": [ref("groups", 0)], "data": {"table_cells": cells, "grid": []}},
            {"label": "table", "data": {"table_cells": [place(0, 0, "内"), place(0, 1, "表")]}},
        ],
    )
    assert told(got) == [[["要求", "一、甲\n二、乙"]], [["内", "表"]], "图中的字"]


def test_docling_runs_numbers_and_furniture() -> None:
    page = [{"page_no": 1, "bbox": {"l": 1, "t": 9, "r": 5, "b": 3, "coord_origin": "BOTTOMLEFT"}}]
    got = docling(
        pages={"1": {"page_no": 1, "size": {"width": 595, "height": 842}}},
        body={"children": [ref("groups", 0), ref("groups", 1)]},
        furniture={"children": [ref("texts", 4), ref("texts", 3)]},
        groups=[
            {"label": "inline", "children": [ref("texts", 0), ref("texts", 1)]},
            {"label": "list", "children": [ref("texts", 2)]},
        ],
        texts=[
            {"text": "项目名称：", "prov": page},
            {"text": "甲工程", "prov": page},
            {"text": "完成改造", "enumerated": True, "marker": "1.", "prov": page},
            {"text": "附件2", "label": "page_header", "prov": page},
            {"text": "第1页", "label": "page_footer", "prov": page},
        ],
    )
    assert told(got) == ["附件2", "项目名称：甲工程", "1. 完成改造", "第1页"]
    assert got.blocks[1].at.box is not None and got.blocks[1].at.box.y0 == 833


def test_docling_grid_alone_and_table_without_cells() -> None:
    merged = place(0, 0, "并", row_span=2, end_row_offset_idx=2)
    got = docling(
        body={"children": [ref("tables", 0), ref("tables", 1)]},
        tables=[
            {"data": {"table_cells": [], "grid": [[merged, place(0, 1, "a")], [merged, place(1, 1, "b")]]}},
            {"data": {"table_cells": [], "grid": [], "num_rows": 0}},
        ],
    )
    assert [(c.text, c.row, c.col, c.row_span) for c in got.grids[0].cells] == [
        ("并", 0, 0, 2), ("a", 0, 1, 1), ("b", 1, 1, 1),
    ]  # fmt: skip
    assert [d.code for d in got.doubts] == ["unread_part"]


def test_docling_fields_of_forms() -> None:
    got = docling(
        body={"children": [ref("texts", 0)]},
        texts=[
            {"text": "表", "children": [{"$ref": "#/field_regions/0"}]},
            {"text": "项目", "label": "field_key"},
            {"text": "甲", "label": "field_value"},
        ],
        field_regions=[{"children": [{"$ref": "#/field_items/0"}]}],
        field_items=[{"children": [ref("texts", 1), ref("texts", 2)]}],
    )
    assert told(got) == ["表", "项目", "甲"]


# --- MinerU ------------------------------------------------------------------------------------------------


def test_mineru_content_list_with_running_heads_and_lists() -> None:
    got = of(
        [
            {"type": "header", "text": "附件2", "bbox": [1, 2, 3, 4], "page_idx": 0},
            {"type": "list", "sub_type": "text", "list_items": ["1.甲", "2.乙"], "page_idx": 0},
            {"type": "table", "img_path": "images/a.jpg", "table_caption": ["表一"], "table_footnote": ["注"],
             "table_body": TABLE, "page_idx": 1},
            {"type": "page_number", "text": "2", "page_idx": 1},
        ]
    )  # fmt: skip
    assert told(got) == ["附件2", "1.甲", "2.乙", "表一", ROW, "注", "2"]
    assert got.grids[0].page == 2


def test_mineru_second_content_list_is_pages_of_runs() -> None:
    run = [{"type": "text", "content": "项目"}, {"type": "equation_inline", "content": "支出"}]
    got = of(
        [
            [{"type": "title", "content": {"title_content": run, "level": 1}, "bbox": [1, 2, 3, 4]}],
            [
                {"type": "list", "content": {"list_type": "text_list", "list_items": [
                    {"item_type": "text", "item_content": [{"type": "text", "content": "1.甲"}]},
                    {"item_type": "text", "item_content": [{"type": "text", "content": "2.乙"}]}]}},
                {"type": "table", "bbox": [1, 2, 3, 4], "content": {
                    "image_source": {"path": "images/a.jpg"}, "table_caption": [{"type": "text", "content": "表一"}],
                    "table_footnote": [], "html": TABLE, "table_type": "complex_table", "table_nest_level": 1}},
                {"type": "table", "content": {"image_source": {"path": "images/b.jpg"}, "html": ""}},
            ],
        ]
    )  # fmt: skip
    assert told(got) == ["项目支出", "1.甲", "2.乙", "表一", ROW]
    assert [item.at.page for item in got.blocks] == [1, 2, 2, 2]
    assert [(d.code, d.data["count"]) for d in got.doubts] == [("unread_part", "1")]


def test_mineru_layout_with_boxes_in_points() -> None:
    def line(text: str, y: int, score: float = 1.0) -> dict[str, Any]:
        span = {"bbox": [10, y, 90, y + 10], "score": score, "content": text, "type": "text"}
        return {"bbox": [10, y, 90, y + 10], "spans": [span], "index": 0}

    blocks = [
        {"type": "title", "bbox": [10, 50, 90, 72], "lines": [line("原州区项目支出", 50, 0.93), line("绩效目标表", 62)]},
        {"type": "table", "bbox": [10, 90, 90, 190], "blocks": [
            {"type": "table_body", "bbox": [10, 100, 90, 190], "lines": [
                {"spans": [{"type": "table", "html": TABLE, "image_path": "a.jpg", "score": 0.9}]}]},
            {"type": "table_caption", "bbox": [10, 90, 90, 99], "lines": [line("（2024年度）", 90)]}]},
    ]  # fmt: skip
    aside = [{"type": "discarded", "bbox": [10, 20, 90, 30], "lines": [line("附件2", 20)]},
             {"type": "discarded", "bbox": [10, 800, 90, 810], "lines": [line("— 1 —", 800)]}]  # fmt: skip
    page = {
        "preproc_blocks": blocks,
        "para_blocks": blocks,
        "discarded_blocks": aside,
        "page_idx": 0,
        "page_size": [595, 842],
    }
    got = of({"pdf_info": [page], "_backend": "pipeline", "_version_name": "2.1.0"})
    assert told(got) == ["附件2", "原州区项目支出绩效目标表", "（2024年度）", ROW, "— 1 —"]
    assert got.blocks[1].confidence.read == 0.93
    assert got.grids[0].cells[0].at.box is not None and got.grids[0].cells[0].at.box.y1 == 190
    assert (got.pages[0].width, got.pages[0].height) == (595, 842)


# --- PaddleOCR ---------------------------------------------------------------------------------------------


def test_paddle_3_table_whose_html_stands_in_the_list_of_tables() -> None:
    page = {
        "input_path": "a.png",
        "page_index": None,
        "model_settings": {},
        "parsing_res_list": [
            {
                "block_label": "doc_title",
                "block_content": "题",
                "block_bbox": [1, 1, 9, 3],
                "block_id": 0,
                "block_order": 1,
            },
            {
                "block_label": "table",
                "block_content": "",
                "block_bbox": [1, 4, 9, 9],
                "block_id": 1,
                "block_order": 2,
            },
        ],
        "table_res_list": [
            {"cell_box_list": [[1, 4, 5, 9], [5, 4, 9, 9]], "pred_html": TABLE, "table_ocr_pred": {}}
        ],
    }
    assert told(of({"res": page})) == ["题", ROW]
    assert told(
        of({"result": {"layoutParsingResults": [{"prunedResult": page, "markdown": {"text": "x"}}]}})
    ) == ["题", ROW]
    bare = of({**page, "table_res_list": []})
    assert told(bare) == ["题"]
    assert [d.code for d in bare.doubts] == ["unread_part"]


def test_paddle_names_of_older_and_newer_blocks() -> None:
    old = {"parsing_res_list": [
        {"layout_bbox": [1, 1, 9, 3], "doc_title": "题", "layout": "single"},
        {"layout_bbox": [1, 4, 9, 9], "table": TABLE, "layout": "single"}]}  # fmt: skip
    vl = {"parsing_res_list": [
        {"label": "text", "bbox": [1, 1, 9, 3], "content": "题"}, {"label": "table", "bbox": [1, 4, 9, 9], "content": TABLE}]}  # fmt: skip
    assert told(of(old)) == told(of(vl)) == ["题", ROW]


def test_paddle_tables_alone_among_the_lines_outside_them() -> None:
    lines = {
        "rec_texts": ["备注", "项目名称", "标题"],
        "rec_scores": [0.9, 0.9, 0.9],
        "rec_polys": [[[10, y], [90, y], [90, y + 9], [10, y + 9]] for y in (300, 120, 20)],
    }
    table = {"cell_box_list": [[10, 100, 50, 140], [50, 100, 90, 140]], "pred_html": TABLE}
    got = of({"input_path": "a.png", "overall_ocr_res": lines, "table_res_list": [table]})
    assert told(got) == ["标题", ROW, "备注"]
    assert got.grids[0].cells[0].at.page == 1


def test_paddle_lines_alone_become_grids_by_their_columns() -> None:
    rows = [
        ("指标名称", "指标值", "分值"),
        ("数量一", "5", "10"),
        ("数量二", "6", "20"),
        ("数量三", "7", "30"),
    ]
    boxes = [
        [100 + 300 * c, 100 + 40 * r, 100 + 300 * c + 20 * len(t), 120 + 40 * r]
        for r, row in enumerate(rows)
        for c, t in enumerate(row)
    ]
    got = of(
        {
            "page_index": 1,
            "rec_texts": [t for row in rows for t in row],
            "rec_scores": [0.9] * 12,
            "rec_boxes": boxes,
        }
    )
    assert [c.text for grid in got.grids for c in grid.cells] == [t for row in rows for t in row]
    assert got.grids[0].page == 2


def test_pp_structure_2_regions_come_in_the_order_of_the_page() -> None:
    table = {
        "type": "table",
        "bbox": [10, 100, 900, 700],
        "res": {"cell_bbox": [[1, 2, 3, 4]], "html": TABLE},
        "img_idx": 0,
    }
    title = {
        "type": "title",
        "bbox": [300, 20, 600, 60],
        "res": [[[[1, 1], [2, 1], [2, 2], [1, 2]]], [["题", 0.93]]],
        "img_idx": 0,
    }
    got = of([table, title])
    assert told(got) == ["题", ROW]
    assert got.blocks[0].confidence.read == 0.93
    beside = [{**table, "bbox": [10, 20, 400, 700]}, {**title, "bbox": [500, 10, 900, 600]}]
    assert told(of(beside)) == [ROW, "题"]


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030"])
def test_json_of_scripts_on_a_chinese_system(codec: str) -> None:
    records = [{"type": "text", "text": "原州区部门项目支出绩效目标表", "page_idx": 0}]
    data = json.dumps(records, ensure_ascii=False).encode(codec)
    assert told(read(SourceFile.from_bytes(data, "a.json"))) == ["原州区部门项目支出绩效目标表"]
