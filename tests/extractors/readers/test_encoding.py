from __future__ import annotations

from pathlib import Path

import pytest

from extractors.readers.encoding import decode

SIMPLIFIED = (
    "2023年部门项目支出预算绩效目标表\n项目名称\t\t督办工作经费\n主管部门\t永宁县人民政府办公室\n"
    "产出指标\t数量指标\t指标1：全年办理各项督查100余次\t≥95%\n效益指标\t社会效益指标\t有所提升\n"
) * 3
TRADITIONAL = (
    "2023年部門項目支出預算績效目標表\n項目名稱\t\t督辦工作經費\n主管部門\t永寧縣人民政府辦公室\n"
    "產出指標\t數量指標\t指標1：全年辦理各項督查100餘次\t95%\n效益指標\t社會效益指標\t有所提升\n"
) * 3
CODECS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@pytest.mark.parametrize("codec", CODECS)
def test_intact(codec: str) -> None:
    got = decode(SIMPLIFIED.encode(codec))
    assert got.text == SIMPLIFIED
    assert (got.replaced, got.lost) == (0, 0)


@pytest.mark.parametrize("codec", ["big5", "utf-8", "gb18030"])
def test_traditional(codec: str) -> None:
    assert decode(TRADITIONAL.encode(codec)).text == TRADITIONAL


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "big5"])
@pytest.mark.parametrize("at", [0.0, 0.3, 0.5, 0.9])
def test_one_bad_byte_and_a_cut_end(codec: str, at: float) -> None:
    text = TRADITIONAL if codec == "big5" else SIMPLIFIED
    data = text.encode(codec)
    place = max(3, int(len(data) * at))
    got = decode(data[:place] + b"\xff" + data[place:-2])
    assert got.replaced >= 1
    same = sum(1 for c in got.text if c in text and c != "\ufffd")
    assert same >= len(text) * 0.97  # nearly all of it survives: the right codec, one place lost
    assert "項目名稱" in got.text or "项目名称" in got.text


def test_a_short_text_of_gb18030() -> None:
    assert decode("满意度指标\t≥95%".encode("gb18030")).text == "满意度指标\t≥95%"


def test_the_seeds_in_every_encoding() -> None:
    for path in sorted((Path(__file__).parents[3] / "data" / "raw").rglob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for codec in CODECS:
            assert decode(text.encode(codec)).text == text, (path.name, codec)


def test_nul_bytes_are_damage_and_a_replacement_character_in_the_file_is_a_loss() -> None:
    got = decode("项目\x00名称\ufffd".encode())
    assert (got.text, got.replaced, got.lost) == ("项目\ufffd名称\ufffd", 1, 1)


def test_a_file_padded_with_zeros_and_files_put_together() -> None:
    got = decode("项目\t名称".encode() + b"\x00" * 4096)
    assert (got.text, got.replaced) == ("项目\t名称", 4096)
    assert decode("\ufeff甲\n\ufeff乙".encode()).text == "甲\n乙"


def test_line_ends_are_line_feeds_and_nothing_else_is_a_line_end() -> None:
    assert decode("a\r\nb\rc\u2028d\x0ce\x85f".encode()).text == "a\nb\nc\u2028d\x0ce\x85f"


def test_a_declared_charset_decides_what_bytes_leave_open() -> None:
    data = "été à la".encode("latin-1")
    assert decode(data, "iso-8859-1").text == "été à la"
    assert decode("项目".encode("gb18030"), "no-such-charset").text == "项目"
    assert decode("项目".encode(), "rot13").text == "项目"


def test_plain_ascii_and_nothing() -> None:
    assert decode(b"").text == ""
    assert decode(b"abc").encoding == "utf-8"
