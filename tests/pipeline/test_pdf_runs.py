"""PDFs through a whole run: bad ones get a status and a reason, the others are published all the same."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from pipeline import load
from pipeline.provenance.explanation import explain
from pipeline.settings import Settings, SettingsError
from pipeline.storage.originals import original
from tests.fixtures import make_pdf
from tests.pipeline.conftest import ROOT, Place

PDF = ROOT / "tests" / "fixtures" / "pdf" / "d05_noouter_lo.pdf"


def drawn(content: str, **more: object) -> bytes:
    pdf = make_pdf.Pdf()
    pdf.page(content, **more)
    return pdf.bytes()


def table(make: ModuleType = make_pdf) -> str:
    xs, ys = [100, 200, 300], [700, 680, 660]
    return str(make.grid(xs, ys) + make.words_in(xs, ys, [["a", "b"], ["c", "d"]]))


def locked(password: bytes) -> bytes:
    pdf = make_pdf.Pdf()
    pdf.page(table())
    return bytes(make_pdf.encrypted(pdf, password))


def looping() -> bytes:
    pdf = make_pdf.Pdf()
    pdf.objects[2] = b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>"
    return bytes(pdf.bytes())


BAD = {
    "locked.pdf": (locked(b"secret"), "quarantined", "encrypted"),
    "open.pdf": (locked(b""), "no_form", "no_form"),
    "truncated.pdf": (PDF.read_bytes()[:3000], "quarantined", "damaged"),
    "no_pages.pdf": (make_pdf.Pdf().bytes(), "quarantined", "damaged"),
    "endless.pdf": (looping(), "quarantined", "damaged"),
    "huge_page.pdf": (drawn(table(), box=(0, 0, 1e9, 1e9)), "no_form", "no_form"),
    "many_objects.pdf": (drawn("0 0 m 9 9 l S\n" * 70_000 + table()), "partial", "page_too_complex"),
    "scan.pdf": (drawn("0 0 m 9 9 l S\n" * 400), "no_form", "no_table"),
    "empty.pdf": (b"", "quarantined", "empty"),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Place:
    base = tmp_path_factory.mktemp("bad_pdfs")
    place = Place(base / "raw", base / "clean", base / "work")
    for name, (data, _, _) in BAD.items():
        place.write(f"2024/{name}", data)
    place.write("2024/good.pdf", PDF.read_bytes())
    place.run()
    return place


@pytest.mark.parametrize("name", BAD)
def test_a_bad_pdf_gets_a_status_and_a_reason(published: Place, name: str) -> None:
    documents = load(published.clean)["documents"]
    [row] = documents[documents["path"] == f"2024/{name}"].to_dict("records")
    _, status, reason = BAD[name]
    assert row["status"] == status
    assert reason is None or row["reason_code"] == reason
    assert name in row["message"]


def test_the_run_goes_on(published: Place) -> None:
    documents = load(published.clean)["documents"]
    [good] = documents[documents["path"] == "2024/good.pdf"].to_dict("records")
    assert (good["status"], good["forms"]) == ("ok", 4)


def test_a_page_beyond_the_limits_is_an_issue(published: Place) -> None:
    issues = load(published.clean)["issues"]
    assert (issues["code"] == "page_too_complex").sum() == 1


def test_second_opinion_is_a_setting(tmp_path: Path) -> None:
    place = Place(tmp_path / "raw", tmp_path / "clean", tmp_path / "work")
    place.write("2024/a.pdf", PDF.read_bytes())
    place.run(second_opinion="pdfplumber")
    tables = load(place.clean)
    assert tables["documents"]["reader"].tolist() == ["pdf_text/1+pdfplumber"]
    [project] = tables["forms"]["project_name"][:1]
    lines = explain("2024", project, "指标值", clean=place.clean, work=place.work)
    assert not any("no longer holds" in line for line in lines)
    with pytest.raises(SettingsError, match="choose from pdfplumber, camelot"):
        Settings(second_opinion="tea leaves")


def test_second_opinion_reaches_members_and_the_years_taken_over(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("in/a.pdf", PDF.read_bytes())
    place = Place(tmp_path / "raw", tmp_path / "clean", tmp_path / "work")
    place.write("2024/a.zip", packed.getvalue())
    place.write("2023/text.txt")
    asked = {"second_opinion": "pdfplumber", "engine": "processes", "workers": 2}
    first = place.run(**asked)
    assert first.stages["read"]["made"] == 2
    documents = load(place.clean)["documents"]
    [row] = documents[documents["member"] == "in/a.pdf"].to_dict("records")
    assert row["reader"] == "pdf_text/1+pdfplumber"
    assert original(place.work, row["document_id"]) == PDF.read_bytes()
    for project in set(load(place.clean)["forms"]["project_name"]):
        lines = explain("2024", project, "指标值", clean=place.clean, work=place.work)
        assert not any("no longer holds" in line for line in lines)
    for year in (None, 2023):
        again = place.run(**asked, year=year)
        assert again.stages["read"]["made"] == 0 and again.digest == first.digest
    unasked = place.run(year=2023)
    assert unasked.stages["read"]["made"] == 2
    assert set(load(place.clean)["documents"]["reader"]) == {"pdf_text/1", *documents["reader"]} - {
        row["reader"]
    }
