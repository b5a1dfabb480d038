"""Web pages as government sites save them and office programs export them: shapes, encodings, furniture, mails."""

from __future__ import annotations

import base64
import quopri
import re
import socket
from typing import Any

import pytest

from extractors import find_forms, read
from extractors.errors import Damaged, Encrypted
from extractors.grid import Document
from extractors.source import SourceFile

from .matrix import OFFICE
from .test_same_form import dump, told

FORM = (OFFICE / "form.html").read_bytes().decode("gb18030")
TABLE = re.search(r"<table>(?!.*<table>).*?</table>", FORM, re.DOTALL)
assert TABLE
BODY, END = FORM.index("<body>") + len("<body>"), FORM.index("</body>")


def of(page: str | bytes, name: str = "a.html") -> Document:
    return read(SourceFile.from_bytes(page.encode() if isinstance(page, str) else page, name))


def shown(body: str) -> list[Any]:
    document = of(f"<html><body>{body}</body></html>")
    return [item.text if hasattr(item, "text") else [c.text for c in item.cells] for item in document.items]


def same(page: str | bytes, name: str = "a.html") -> Document:
    """The document, after its one form was found to say what the dump says."""
    document = of(page, name)
    (form,) = find_forms(document).forms
    assert told(form) == dump()
    return document


# --- markup of office programs ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p class=MsoNormal>标题<o:p></o:p></p>", ["标题"]),
        ('<p><st1:chsdate Year="2024" IsROCDate="False">2024年</st1:chsdate>度</p>', ["2024年度"]),
        ("<p><v:shape id=1><v:imagedata src='a.png' o:title=x /></v:shape>图</p>", ["图"]),
        ('<?xml:namespace prefix = o ns = "urn:x" /><p>甲</p>', ["甲"]),
        ("<p>甲<xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml></p>", ["甲"]),
        ("<p>甲<xml>乙</p>", ["甲<xml>乙"]),
        ("<ucapcontent><p>甲</p></ucapcontent><founder-content>乙</founder-content>", ["甲", "乙"]),
        ("<p>合格率<y且z>0，a < b，＜5%</p>", ["合格率<y且z>0，a < b，＜5%"]),
        ("<table><tr><td><5%</td><td>3<x</td></tr></table>", [["<5%", "3<x"]]),
        ("<table><tr><td>a</td<td>b</td></tr><tr><td>c</td><td width=9 <td>d</td></tr></table", [["a", "b", "c", "", "d"]]),
        ("<table><tr><td>项&nbsp;目&emsp;<td>&le;5&#8451;&nbsp;<td>&nbsp;</table>", [["项\xa0目", "≤5℃", ""]]),
    ],
)  # fmt: skip
def test_markup_of_office_programs(body: str, expected: list[Any]) -> None:
    assert shown(body) == expected


def test_a_page_exported_by_word() -> None:
    page = re.sub(
        r"<p>(.*?)</p>",
        lambda m: (
            "<p class=MsoNormal align=center style='text-align:center;mso-pagination:widow-orphan'><span "
            f"style='font-size:10.5pt;font-family:宋体'>&nbsp;{m[1]}<span lang=EN-US><o:p></o:p></span></span></p>"
        ),
        FORM,
    )
    assert not same(page).doubts


def test_a_page_exported_by_excel() -> None:
    guide = (
        "<![if supportMisalignedColumns]><tr height=0 style='display:none'>"
        + "<td width=72></td>" * 5
        + "</tr><![endif]>"
    )
    page = FORM.replace("</table>\n", f"{guide}</table>\n", 1)
    page = page.replace(
        "<td ", "<td class=xl65 x:str style='border:.5pt solid windowtext;mso-ignore:colspan' "
    )
    assert not same(page).doubts


def test_hidden_elements_count_only_with_text() -> None:
    page = (
        "<html><body><div style='display:none'></div><p style='display:none'><p>见</p><tr style='display:none'><td>"
        "<div style='visibility:hidden'>一<b style='display:none'>二</b></div></body></html>"
    )
    assert [(d.code, d.data["count"]) for d in of(page).doubts] == [("hidden_text", "2")]


# --- encodings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["gb18030", "utf-8", "utf-16"])
@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "iso-8859-1", "big5", "x-gbk", "us-ascii", ""])
def test_what_a_page_declares_must_be_borne_out(codec: str, declared: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    same(FORM.replace('<meta charset="gb2312">', meta).encode(codec))


def test_traditional_characters_under_a_wrong_name() -> None:
    text = "項目支出績效目標表，實施單位，產出指標"
    page = f'<html><head><meta charset="gb2312"></head><body><p>{text}</p></body></html>'.encode("big5")
    assert of(page).blocks[0].text == text


@pytest.mark.parametrize("head", [70_000, 3_000_000])
def test_the_first_character_above_ascii_decides_wherever_it_stands(head: int) -> None:
    picture = f'<img src="data:image/png;base64,{"QUJD" * (head // 4)}">'
    same(
        (FORM[:BODY].replace("信息公开", "x") + picture + FORM[BODY:]).replace("gb2312", "").encode("gb18030")
    )


# --- furniture of sites -------------------------------------------------------------------------------------

MENU = ["首页", "政务公开", "办事服务", "互动交流", "预算公开", "绩效目标", "通知公告"]
FURNITURE = {
    "menu": "<ul>" + "".join(f"<li><a href=/{n}>{w}</a>" for n, w in enumerate(MENU)) + "</ul>",
    "menu table": "<table><tr>"
    + "".join(f"<td><a href=#>{w}</a></td><td>|</td>" for w in MENU[:2])
    + "</tr></table>",
    "links": "<table>" + "<tr>" + "".join(f"<td><a href=/>{w}</a></td>" for w in MENU) + "</tr></table>",
    "index": "<table><tr><td>索引号</td><td>640402/2024-00012</td><td>发布机构</td><td>某区财政局</td></tr><tr><td>标题</td>"
    "<td colspan=3>某区2024年部门预算</td></tr></table>",
    "owner": "<table><tr><td>主办单位：某区人民政府办公室</td></tr><tr><td>网站标识码：6404020001</td></tr></table>",
    "print": "<p>【打印本页】【关闭窗口】</p><div>扫一扫在手机打开当前页</div><iframe src='/x'>无</iframe>",
    "attachment": "<p>附件：<a href='/d/1.xls'>附件1.xls</a><a href='javascript:void(0)'>下载</a></p>",
}


@pytest.mark.parametrize("name", FURNITURE)
def test_furniture_above_a_form(name: str) -> None:
    same(FORM[:BODY] + FURNITURE[name] + FORM[BODY:])


@pytest.mark.parametrize("name", sorted(set(FURNITURE) - {"index"}))
def test_furniture_below_a_form(name: str) -> None:
    same(FORM[:END] + FURNITURE[name] + FORM[END:])


def test_furniture_is_kept_as_text() -> None:
    document = of(FORM[:END] + FURNITURE["owner"] + FURNITURE["links"] + FORM[END:])
    assert len(document.grids) == 1
    assert {"主办单位：某区人民政府办公室", "政务公开"} <= {block.text for block in document.blocks}
    assert len({item.id for item in document.blocks}) == len(document.blocks)


def test_a_page_of_links_alone_stays_a_table() -> None:
    assert len(of(f"<html><body>{FURNITURE['links']}</body></html>").grids) == 1


@pytest.mark.parametrize("cut", [1, 2, 3, 6, 7])
@pytest.mark.parametrize(
    "between", ["<div>第 1 页 共 2 页</div>", "<p><a href='i_2.html'>下一页</a> [1] [2]</p>", "<hr>"]
)
def test_a_table_split_by_the_furniture_of_pages(cut: int, between: str) -> None:
    assert TABLE
    rows = re.findall(r"<tr>.*?</tr>", TABLE[0], re.DOTALL)
    halves = f"<table>{''.join(rows[:cut])}</table>{between}<table>{''.join(rows[cut:])}</table>"
    same(FORM.replace(TABLE[0], halves))


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a reader opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    outside = (
        '<base href="http://192.0.2.1/"><meta http-equiv=refresh content="0;url=http://192.0.2.1/x"><link rel=stylesheet '
        'href="http://192.0.2.1/a.css"><script src="http://192.0.2.1/a.js">document.write("坏")</script><img '
        'src="http://192.0.2.1/a.png"><object data="file:///etc/hostname"></object>'
    )
    document = same(FORM[:BODY] + outside + FORM[BODY:])
    assert "坏" not in "".join(block.text for block in document.blocks)


# --- saved pages and mails ----------------------------------------------------------------------------------


def mail(
    encoding: str, body: bytes, charset: str = "gb2312", kind: str = "related", more: bytes = b""
) -> bytes:
    head = (
        "From: <Saved by WPS>\r\nSubject: =?gb2312?B?vKjQpw==?=\r\nMIME-Version: 1.0\r\nContent-Type: "
        f'multipart/{kind};\r\n\ttype="text/html";\r\n\tboundary="----=_N"\r\n\r\nThis is a multi-part message.\r\n\r\n'
        f'------=_N\r\nContent-Type: text/html;\r\n\tcharset="{charset}"\r\nContent-Transfer-Encoding: {encoding}\r\n'
        "Content-Location: http://192.0.2.1/a.html\r\n\r\n"
    )
    picture = (
        b"------=_N\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
    )
    return head.encode() + body + b"\r\n" + picture + more + b"------=_N--\r\n"


GB = FORM.encode("gb18030")


@pytest.mark.parametrize(
    ("encoding", "body", "charset"),
    [
        ("quoted-printable", quopri.encodestring(GB).replace(b"\n", b"\r\n"), "gb2312"),
        ("quoted-printable", quopri.encodestring(FORM.encode()).replace(b"\n", b"\r\n"), "gb2312"),
        ("base64", base64.encodebytes(GB), "unicode"),
        ("8bit", GB, "utf-8"),
    ],
)
def test_parts_of_saved_pages(encoding: str, body: bytes, charset: str) -> None:
    assert not same(mail(encoding, body, charset), "a.mht").doubts


def test_a_mail_with_a_file_attached() -> None:
    attached = (
        b'------=_N\r\nContent-Type: application/octet-stream; name="a.xls"\r\nContent-Disposition: attachment; filename="a.xls"'
        b"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n"
    )
    document = same(mail("base64", base64.encodebytes(GB), kind="mixed", more=attached), "a.eml")
    assert [(d.code, d.data["what"]) for d in document.doubts] == [("unread_part", "attached file")]


def test_a_mail_of_plain_text() -> None:
    text = b"Content-Type: text/plain; charset=gb18030\r\n\r\n" + "见附件".encode("gb18030")
    data = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
        + text
        + b"\r\n--b--\r\n"
    )
    assert [block.text for block in of(data, "a.eml").blocks] == ["见附件"]


def test_a_saved_page_cut_off() -> None:
    whole = mail("8bit", GB)
    assert [d.code for d in of(whole[: whole.index(b"</table>")], "a.mht").doubts] == ["unread_part"]


# --- containers ---------------------------------------------------------------------------------------------


def test_a_workbook_under_a_password_is_told() -> None:
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(1000)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(500)
    )
    with pytest.raises(Encrypted, match=r"a\.xlsx: opens only with a password"):
        of(header, "a.xlsx")


@pytest.mark.parametrize("name", ["form.doc", "form.xls", "form.docx", "form.xlsx", "form.ofd"])
def test_a_container_cut_off_is_damaged_not_unknown(name: str) -> None:
    data = (OFFICE / name).read_bytes()
    with pytest.raises(Damaged, match=name):
        of(data[: len(data) // 4], name)
