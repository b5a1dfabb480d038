"""Real pictures through the whole reader: texts, spans, seals, places, and hostile files."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from extractors.errors import ExtractionError
from extractors.grid import Document
from extractors.ocr.rapidocr import default_engine
from extractors.readers import read
from extractors.source import SourceFile
from normalizers.text import fold

FIXTURES = Path(__file__).parents[2] / "fixtures" / "scans"


def texts(document: Document) -> list[str]:
    return ["".join(fold(cell.text).split()) for grid in document.grids for cell in grid.cells]


@pytest.fixture(scope="module")
def stamped() -> Document:
    return read(FIXTURES / "lower_stamp200.jpg")


def test_cells_under_a_seal_are_read_and_say_so(stamped: Document) -> None:
    assert "≥95%" in texts(stamped)
    assert "进一步提升" in texts(stamped)
    sealed = {key for doubt in stamped.doubts if doubt.code == "seal_over_cell" for key in doubt.cell_ids}
    (value,) = [cell for cell in stamped.grids[0].cells if fold(cell.text) == "≥95%"]
    assert value.id in sealed
    assert value.confidence.read is not None


def test_empty_cells_carry_no_score(stamped: Document) -> None:
    empty = [cell for cell in stamped.grids[0].cells if not cell.text]
    assert empty
    assert all(cell.confidence.read is None for cell in empty)


def encoded(image: Image.Image, kind: str, **options: object) -> SourceFile:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return SourceFile.from_bytes(out.getvalue(), f"page.{kind.lower()}")


def test_boxes_of_a_turned_page_lie_on_the_page_as_received() -> None:
    upright = Image.open(FIXTURES / "upper_clean200.png").convert("L")
    straight = read(encoded(upright, "PNG", dpi=(200, 200)))
    turned = read(encoded(upright.rotate(180), "PNG", dpi=(200, 200)))
    assert texts(straight) == texts(turned)
    width, height = turned.pages[0].width, turned.pages[0].height
    for one, two in zip(straight.grids[0].cells, turned.grids[0].cells, strict=True):
        assert one.at.box is not None
        assert two.at.box is not None
        assert abs(width - two.at.box.x1 - one.at.box.x0) < 2
        assert abs(height - two.at.box.y1 - one.at.box.y0) < 2
    assert "page_turned" in {doubt.code for doubt in turned.doubts}
    assert "永宁县政府办公室" in texts(straight)


def test_pages_of_a_tiff_keep_their_numbers() -> None:
    page = Image.open(FIXTURES / "lower_stamp200.jpg").convert("L")
    blank = Image.new("L", page.size, 255)
    document = read(encoded(blank, "TIFF", save_all=True, append_images=[page]))
    assert [grid.page for grid in document.grids] == [2]
    assert document.doubts[0].code == "blank_page"


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (Image.new("L", (600, 800), 255), "empty"),
        (Image.new("L", (600, 800), 0), "empty"),
        (Image.new("L", (1, 1)), "empty"),
        (Image.new("1", (30_000, 400)), "too_large"),
        (Image.new("1", (20_000, 20_000)), "too_large"),
    ],
    ids=["blank", "black", "1x1", "long", "bomb"],
)
def test_hostile_pictures_end_with_a_reason(image: Image.Image, reason: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        read(encoded(image, "PNG"))
    assert caught.value.reason_code == reason


def test_a_cut_off_file_is_damaged() -> None:
    data = (FIXTURES / "lower_stamp200.jpg").read_bytes()
    with pytest.raises(ExtractionError) as caught:
        read(SourceFile.from_bytes(data[: len(data) // 2], "cut.jpg"))
    assert caught.value.reason_code == "damaged"


def test_nothing_reaches_for_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    default_engine.cache_clear()
    assert default_engine().name == "ppocrv6-small"
    assert read(FIXTURES / "lower_stamp200.jpg").grids


def test_a_small_table_upside_down_is_turned() -> None:
    stamped = Image.open(FIXTURES / "lower_stamp200.jpg").rotate(180)
    document = read(encoded(stamped, "PNG", dpi=(200, 200)))
    assert "page_turned" in {doubt.code for doubt in document.doubts}
    assert "≥95%" in texts(document)
