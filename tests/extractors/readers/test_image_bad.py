"""Pictures as they come: each bad one ends with its reason, each odd one is read."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image

from extractors.errors import Damaged, Empty, ExtractionError, TooLarge
from extractors.imaging.decode import pages
from extractors.readers import read
from extractors.source import SourceFile

KINDS = {"PNG": "png", "JPEG": "jpg", "TIFF": "tif", "BMP": "bmp", "WEBP": "webp"}


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def grains(width: int = 300, height: int = 200) -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (height, width), np.uint8))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_cut_off_files_are_damaged_and_named(kind: str, share: float) -> None:
    data = encoded(grains().convert("RGB"), kind)
    source = SourceFile.from_bytes(data[: int(len(data) * share)], f"page.{KINDS[kind]}")
    assert source.media_type.startswith("image/")
    with pytest.raises(Damaged, match=rf"^page\.{KINDS[kind]}: "):
        read(source)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("grey", [0, 128, 255])
def test_pages_of_one_colour_are_empty(kind: str, grey: int) -> None:
    data = encoded(Image.new("RGB", (700, 900), (grey, grey, grey)), kind)
    with pytest.raises(Empty, match=r"blank_page"):
        read(SourceFile.from_bytes(data, f"page.{KINDS[kind]}"))


def test_noise_is_no_print() -> None:
    with pytest.raises(Empty, match=r"blank_page"):
        read(SourceFile.from_bytes(encoded(grains(1654, 2339), "PNG"), "noise.png"))


def three_pages(*, spoil: int) -> bytes:
    page = Image.new("L", (120, 90), 255)
    data = bytearray(encoded(page, "TIFF", save_all=True, append_images=[page, page], compression="tiff_lzw"))
    image = Image.open(io.BytesIO(bytes(data)))
    image.seek(spoil)
    start, size = image.tag_v2[273][0], sum(image.tag_v2[279])  # type: ignore[attr-defined]
    data[start : start + size] = b"\xff" * size
    return bytes(data)


@pytest.mark.parametrize("spoil", [0, 1, 2])
def test_one_broken_page_leaves_the_others(spoil: int) -> None:
    found = list(pages(three_pages(spoil=spoil), "three.tif"))
    assert [isinstance(page, str) for page in found] == [number == spoil for number in range(3)]
    assert found[spoil] == "broken"


def test_a_chain_of_pages_that_leads_nowhere_is_broken_at_its_end() -> None:
    page = Image.new("L", (120, 90), 255)
    data = bytearray(encoded(page, "TIFF", save_all=True, append_images=[page]))
    order = "<" if data[:2] == b"II" else ">"
    first = struct.unpack(order + "I", data[4:8])[0]
    count = struct.unpack(order + "H", data[first : first + 2])[0]
    at = first + 2 + 12 * count
    data[at : at + 4] = struct.pack(order + "I", len(data) + 9_999)
    found = list(pages(bytes(data), "chain.tif"))
    assert [page if isinstance(page, str) else "page" for page in found] == ["page", "broken"]


def test_all_pages_broken_is_damage_not_emptiness() -> None:
    data = bytearray(three_pages(spoil=0))
    image = Image.open(io.BytesIO(bytes(data)))
    for number in (1, 2):
        image.seek(number)
        start, size = image.tag_v2[273][0], sum(image.tag_v2[279])  # type: ignore[attr-defined]
        data[start : start + size] = b"\xff" * size
    with pytest.raises(Damaged, match=r"^three\.tif: no page"):
        read(SourceFile.from_bytes(bytes(data), "three.tif"))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = bytearray(encoded(Image.new("L", (40, 40)), "BMP"))
    data[18:26] = struct.pack("<ii", 60_000, 60_000)
    with pytest.raises(TooLarge, match=r"^bomb\.bmp: "):
        read(SourceFile.from_bytes(bytes(data), "bomb.bmp"))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_way_of_keeping_colour_gives_the_same_page(mode: str) -> None:
    page = Image.new("L", (90, 60), 255)
    page.paste(0, (20, 20, 60, 30))
    if mode == "I;16":
        drawn = Image.fromarray(np.asarray(page).astype(np.uint16) * 257)
    else:
        drawn = page.convert("RGB").convert(mode) if mode != "LA" else page.convert("LA")
    (found,) = pages(encoded(drawn, "TIFF"), "page.tif")
    assert not isinstance(found, str)
    grey = found.pixels if found.pixels.ndim == 2 else found.pixels.mean(axis=2)
    assert np.abs(grey.astype(int) - np.asarray(page).astype(int)).max() <= 2


def test_print_on_nothing_stands_on_white_paper() -> None:
    ink = np.zeros((60, 90, 4), np.uint8)
    ink[20:30, 20:60, 3] = 255
    (found,) = pages(encoded(Image.fromarray(ink), "PNG"), "ink.png")
    assert not isinstance(found, str)
    assert found.pixels[0, 0].tolist() == [255, 255, 255]
    assert found.pixels[25, 40].tolist() == [0, 0, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_no_flipped_byte_gets_past_the_reasons(kind: str) -> None:
    data = encoded(grains(60, 50).convert("RGB"), kind)
    drawn = np.random.default_rng(7)
    for _ in range(60):
        spoiled = bytearray(data)
        for at in drawn.integers(0, min(len(data), 200), 6):
            spoiled[at] = int(drawn.integers(0, 256))
        try:
            found = list(pages(bytes(spoiled), "page"))
        except ExtractionError as error:
            assert error.message.startswith("page: ")
        else:
            assert found
