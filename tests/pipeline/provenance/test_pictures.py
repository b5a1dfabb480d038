"""Pictures: what ``jixiao explain --image`` and ``jixiao debug`` draw, and how they refuse."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import SettingsError
from pipeline.storage.originals import original, place_of
from tests.pipeline.conftest import ROOT, Place

PDF = ROOT / "tests" / "fixtures" / "pdf" / "d02_full_lo.pdf"
RED = (217, 48, 37)
runner = CliRunner()


@pytest.fixture(scope="module")
def typeset(tmp_path_factory: pytest.TempPathFactory) -> Place:
    base = tmp_path_factory.mktemp("pictures")
    place = Place(base / "raw", base / "clean", base / "work")
    place.write("2023/a.pdf", PDF.read_bytes())
    place.write("2024/b.txt")
    place.run()
    return place


def explain(place: Place, *args: str) -> str:
    folders = ["--out", str(place.clean), "--work", str(place.work)]
    result = runner.invoke(app, ["explain", *args, *folders], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def red_columns(path: Path) -> list[int]:
    image = Image.open(path).convert("RGB")
    pixels = image.load()
    assert pixels is not None
    return [x for x in range(image.width) if sum(pixels[x, y] == RED for y in range(image.height - 30)) >= 20]


def test_the_value_is_lit_where_it_stands(typeset: Place, tmp_path: Path) -> None:
    said = explain(
        typeset, "2023", "督办工作经费", "指标值", "--row", "0", "--image", str(tmp_path / "v.png")
    )
    assert f"drawn: {tmp_path / 'v.png'}" in said
    [box] = [part for line in said.splitlines() for part in line.split(", ") if "box" in part]
    left, _, right, _ = (float(v) * 1.5 for v in box.split()[1].split(","))
    columns = red_columns(tmp_path / "v.png")
    assert min(abs(x - left) for x in columns) <= 3
    assert min(abs(x - right) for x in columns) <= 3


def test_every_page_of_a_field_is_drawn(typeset: Place, tmp_path: Path) -> None:
    explain(typeset, "2023", "督办工作经费", "指标值", "--image", str(tmp_path / "v.png"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["v-1.png", "v-2.png"]


def test_drawing_does_not_open_the_raw_folder(typeset: Place, tmp_path: Path) -> None:
    raw = typeset.raw / "2023" / "a.pdf"
    hidden = tmp_path / "elsewhere.pdf"
    shutil.move(raw, hidden)
    try:
        explain(typeset, "2023", "督办工作经费", "财政拨款", "--image", str(tmp_path / "v.png"))
    finally:
        shutil.move(hidden, raw)
    assert (tmp_path / "v.png").is_file()


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("2024", "河道清淤经费", "指标值", "--image", "v.png"), "only pages of PDF files are drawn"),
        (("2023", "督办工作经费", "项目名称", "--image", "v.gif"), "a picture is written as .png"),
        (("2023", "督办工作经费", "其他资金", "--image", "v.png"), "nothing is printed for"),
    ],
)
def test_refusals_are_sentences(typeset: Place, args: tuple[str, ...], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        explain(typeset, *args)


def test_a_changed_original_is_not_drawn(tmp_path: Path) -> None:
    place = Place(tmp_path / "raw", tmp_path / "clean", tmp_path / "work")
    file = place.write("2023/a.pdf", PDF.read_bytes())
    place.run()
    [kept] = [p for p in (place.work / "originals").rglob("*") if p.is_file()]
    assert kept == place_of(place.work, kept.name)
    assert original(place.work, kept.name) == file.read_bytes()
    file.write_bytes(b"%PDF-1.4 changed in place")
    assert original(place.work, kept.name) is None
    with pytest.raises(SettingsError, match="no longer holds its pages"):
        explain(place, "2023", "督办工作经费", "项目名称", "--image", str(tmp_path / "v.png"))


def test_debug_draws_each_step(tmp_path: Path) -> None:
    target = tmp_path / "steps.png"
    result = runner.invoke(app, ["debug", str(PDF), "--page", "1", "--out", str(target)])
    assert result.exit_code == 0
    assert "30 rows × 6 columns" in result.output
    assert Image.open(target).size == (893, 1263)


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("nothing.pdf",), "there is no such file"),
        ((str(PDF), "--page", "0"), "there is no page 0, it has 6"),
        ((str(PDF), "--steps", "soup"), "no step 'soup'; there are: chars"),
        ((str(ROOT / "README.md"),), "only pages of PDF files are drawn"),
    ],
)
def test_debug_refuses_with_a_sentence(args: tuple[str, ...], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        runner.invoke(app, ["debug", *args], catch_exceptions=False)


SCAN = ROOT / "tests" / "fixtures" / "scans" / "lower_stamp200.jpg"


def debug(file: Path, *args: str) -> str:
    result = runner.invoke(app, ["debug", str(file), *args], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def colours(path: Path) -> set[tuple[int, int, int]]:
    found = Image.open(path).convert("RGB").getcolors(1 << 24)
    assert found is not None
    return {colour for count, colour in found if count > 200}


def test_a_scan_is_drawn_as_displayed_and_as_it_was_read(tmp_path: Path) -> None:
    said = debug(SCAN, "--out", str(tmp_path / "s.png"))
    assert "1 red regions" in said or "2 red regions" in said
    assert "under red ink" in said
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["s-1.png", "s-2.png"]
    assert Image.open(tmp_path / "s-1.png").size == Image.open(SCAN).size
    shown = colours(tmp_path / "s-1.png")
    assert {(24, 128, 56), (227, 116, 0), (147, 52, 230)} <= shown


def test_the_cells_of_a_turned_scan_are_drawn_where_they_stand(tmp_path: Path) -> None:
    turned = tmp_path / "turned.png"
    Image.open(SCAN.with_name("upper_clean200.png")).rotate(180).save(turned)
    said = debug(turned, "--steps", "cells", "--out", str(tmp_path / "t.png"))
    assert "turned 180°" in said
    image = Image.open(tmp_path / "t.png").convert("RGB")
    green = [
        (x, y)
        for x in range(0, image.width, 3)
        for y in range(0, image.height, 3)
        if image.getpixel((x, y)) == (24, 128, 56)
    ]
    dark = Image.open(turned).convert("L")
    near = sum(
        min(dark.crop((x - 3, y - 3, x + 4, y + 4)).tobytes()) < 130  # a drawn line lies on a ruling
        for x, y in green
        if 3 < x < image.width - 4 and 3 < y < image.height - 4
    )
    assert len(green) > 100
    assert near > 0.8 * len(green)


def test_a_page_that_a_scan_has_not_is_said_so(tmp_path: Path) -> None:
    result = runner.invoke(app, ["debug", str(SCAN), "--page", "7", "--out", str(tmp_path / "x.png")])
    assert result.exit_code != 0
    result = runner.invoke(app, ["debug", str(SCAN), "--steps", "edges", "--out", str(tmp_path / "x.png")])
    assert result.exit_code != 0
    assert not list(tmp_path.iterdir())


def test_a_value_of_a_scan_is_lit_and_its_seal_shaded(tmp_path: Path) -> None:
    place = Place(tmp_path / "raw", tmp_path / "clean", tmp_path / "work")
    place.write("2024/b.jpg", (ROOT / "tests" / "fixtures" / "scans" / "B_dianzi__combo150.jpg").read_bytes())
    place.run()
    said = explain(
        place,
        "2024",
        "原州区电子政务外网网络服务费",
        "指标值",
        "--row",
        "0",
        "--image",
        str(tmp_path / "v.png"),
    )
    [box] = [part for line in said.splitlines() for part in line.split(", ") if "box" in part]
    left, _, right, _ = (float(v) * 1.5 for v in box.split()[1].split(","))
    columns = red_columns(tmp_path / "v.png")
    assert min(abs(x - left) for x in columns) <= 3
    assert min(abs(x - right) for x in columns) <= 3
    assert any(abs(r - 242) < 3 and abs(g - 153) < 3 and b < 3 for r, g, b in colours(tmp_path / "v.png"))
