"""Scans through a whole run: the same rows as the text they were made of, but for cells marked doubtful."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extractors.ocr.rapidocr import RapidOcr
from normalizers.text import fold
from pipeline import load
from tests.pipeline.conftest import RAW, ROOT, Place

SCANS = ROOT / "tests" / "fixtures" / "scans"
# The seeds' forms that were typeset, damaged and scanned; and the words their rows are compared by.
SEEDS = {
    "B_dianzi__combo150.jpg": ("2024/原州区人民政府办公室.txt", "原州区电子政务外网网络服务费"),
    "A_zhucun__fax150.png": ("2023/永宁县人民政府办公室.txt", "驻村队员补贴"),
}
FORM_COLUMNS = [
    "project_name", "department", "agency", "project_nature", "period_start", "period_end",
    "funding_total_yuan", "funding_fiscal_yuan", "funding_carryover_yuan", "funding_other_yuan", "goal",
]  # fmt: skip
ROW_COLUMNS = [
    "level1_id",
    "level2_id",
    "level3",
    "target_raw",
    "target_lower",
    "target_upper",
    "target_unit",
]


def two_pages() -> bytes:
    """A scanned form cut at a ruling onto two pages of one TIFF."""
    page = Image.open(SCANS / "B_dianzi__combo150.jpg").convert("L")
    # The damage was a skew, too: laid level, lest the cut go through the characters of a row.
    page = page.rotate(-1.32, Image.Resampling.BICUBIC, fillcolor=235)
    rows = np.asarray(page)[:, :].astype(np.float64).mean(axis=1)
    middle = page.height // 2
    cut = middle + int(rows[middle - 40 : middle + 40].argmax()) - 40
    pages = [page.crop((0, 0, page.width, cut)), page.crop((0, cut, page.width, page.height))]
    whole = [Image.new("L", page.size, 235) for _ in pages]
    for sheet, part in zip(whole, pages, strict=True):
        sheet.paste(part, (0, 60))
    out = io.BytesIO()
    whole[0].save(out, "TIFF", save_all=True, append_images=whole[1:], dpi=(150, 150))
    return out.getvalue()


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Place:
    base = tmp_path_factory.mktemp("scans")
    place = Place(base / "raw", base / "clean", base / "work")
    for name, (seed, _) in SEEDS.items():
        place.write(f"{seed[:4]}/{name}", (SCANS / name).read_bytes())
        place.write(seed, (RAW / seed).read_bytes())
    place.write("2022/stamped.jpg", (SCANS / "lower_stamp200.jpg").read_bytes())
    place.run()
    return place


@pytest.fixture(scope="module")
def tables(scanned: Place) -> dict[str, Any]:
    return load(scanned.clean)


def marked(tables: dict[str, Any], document_id: str) -> set[str]:
    """The cells of a document with an issue of their own or a confidence below the grade good."""
    issues = tables["issues"]
    cells = tables["cells"]
    mine = cells[cells.document_id == document_id]
    low = set(mine[mine.confidence_read < 0.85].cell_id)
    return low | set(issues[issues.document_id == document_id].cell_id.dropna())


def plain(value: Any) -> str:
    return "".join(fold(str(value)).split()).rstrip("。;；.")


@pytest.mark.parametrize("name", SEEDS)
def test_rows_equal_those_of_the_text(tables: dict[str, Any], name: str) -> None:
    forms, rows, documents = tables["forms"], tables["indicators"], tables["documents"]
    seed, project = SEEDS[name]
    ids = {path.split("/")[1]: key for path, key in zip(documents.path, documents.document_id, strict=True)}
    [scan] = [form for form in forms.itertuples() if form.document_id == ids[name]]
    [text] = [
        f for f in forms.itertuples() if f.document_id == ids[seed[5:]] and plain(f.project_name) == project
    ]
    doubtful = marked(tables, scan.document_id)
    printed = {plain(c.text) for c in tables["cells"].itertuples() if c.cell_id in doubtful}
    for column in FORM_COLUMNS:
        one, two = plain(getattr(scan, column)), plain(getattr(text, column))
        assert one == two or any(one in text or text in one for text in printed), column
    pairs = list(
        zip(
            rows[rows.form_id == scan.form_id].sort_values("row_no").itertuples(),
            rows[rows.form_id == text.form_id].sort_values("row_no").itertuples(),
            strict=True,
        )
    )
    assert len(pairs) > 5
    for one, two in pairs:
        where = {one.level3_cell_id, one.target_cell_id, one.level2_cell_id}
        same = [plain(getattr(one, c)) == plain(getattr(two, c)) for c in ROW_COLUMNS]
        assert all(same) or where & doubtful, (one.level3, two.level3, one.target_raw, two.target_raw)


def test_a_cell_under_a_seal_says_so(tables: dict[str, Any]) -> None:
    issues, cells = tables["issues"], tables["cells"]
    sealed = issues[issues.code == "seal_over_cell"]
    texts = {fold(text) for text in cells[cells.cell_id.isin(sealed.cell_id)].text}
    assert "≥95%" in texts
    assert sealed.message.str.contains("印章").all()


def test_every_cell_names_its_reader_and_engine(tables: dict[str, Any]) -> None:
    cells, documents = tables["cells"], tables["documents"]
    scans = set(documents[documents.media_type.str.startswith("image/")].document_id)
    read = cells[cells.document_id.isin(scans)].reader
    assert read.str.match(r"image/\d+\+ppocrv6-small/[\d.]+\+(onnxruntime|openvino)[\d.]+").all()
    assert cells[~cells.document_id.isin(scans)].reader.str.startswith("text_dump/").all()


def test_a_form_on_two_scanned_pages_is_one_form(tmp_path: Path) -> None:
    place = Place(tmp_path / "raw", tmp_path / "clean", tmp_path / "work")
    place.write("2024/two.tiff", two_pages())
    place.run()
    found = load(place.clean)
    [form] = found["forms"].itertuples()
    assert (form.page_first, form.page_last) == (1, 2)
    assert len(found["indicators"]) == 10


def test_other_rules_recognise_no_page_again(scanned: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load(scanned.clean)

    def refuse(_: RapidOcr, pictures: Sequence[Any]) -> list[Any]:
        raise AssertionError(f"{len(pictures)} pictures recognised again")

    monkeypatch.setattr(RapidOcr, "read", refuse)
    monkeypatch.setattr(RapidOcr, "find", refuse)
    scanned.run(force="read")
    after = load(scanned.clean)
    for table in ("cells", "indicators", "issues"):
        assert before[table].equals(after[table])
