"""One form on the page: fields, source, pictures, preview, decisions, conflicts, hostile text."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
import yaml
from PIL import Image

from normalizers import parse_value
from pipeline.review.archive import Doubt, Shelf
from pipeline.review.grids import blocks
from pipeline.review.suggestions import suggestion
from pipeline.review.words import LANGUAGES, words
from pipeline.storage.pages import page_of
from tests.pipeline.conftest import Place
from tests.pipeline.review.conftest import WRONG, Page, opened

FOLDER = Path(__file__).parents[3] / "pipeline" / "review"


def test_a_form_shows_raw_text_reading_and_doubt(page: Page) -> None:
    form = page.form("大河清淤经费")
    text = page.get(form).text
    assert "文字中的金额为60万元，指标值却为12万元" in text
    slot = page.slot(form, "row:2:target")
    assert re.search(r'<dd class="raw">12万元</dd>', page.slot(form, "row:2:target")) or "12万元" in text
    assert 'data-slot="row:2:target"' in slot


def test_text_sources_show_their_lines(page: Page) -> None:
    text = page.get(page.form("大河清淤经费")).text
    assert '<table class="printed">' in text
    cell = re.search(
        r'<tr class="line[^>]+>.*?class="target" data-slot="row:0:target" data-cell="(\w+)"', text, re.DOTALL
    )
    assert cell is not None
    assert re.search(rf'<td data-cell="{cell[1]}"[^>]*>≥3公里</td>', text)


def test_pages_are_drawn_with_their_cells(page: Page) -> None:
    form = page.form("督办工作经费")
    text = page.get(form).text
    assert 'data-pages="1,2"' in text
    facts = page.get(f"{form}/page/1").json()
    assert facts["width"] == pytest.approx(595, abs=2)
    picture = page.get(f"{form}/picture/1")
    image = Image.open(io.BytesIO(picture.content))
    assert image.width / image.height == pytest.approx(facts["width"] / facts["height"], abs=0.01)
    cell = re.search(r'data-slot="row:0:target" data-cell="(\w+)"', text)
    assert cell is not None
    [box] = [b["box"] for b in facts["boxes"] if b["cell"] == cell[1]]
    assert 0 < box[0] < box[2] < facts["width"]
    assert 0 < box[1] < box[3] < facts["height"]
    assert page.get(f"{form}/picture/99").status_code == 404
    assert page.get(f"{form}/picture/0").status_code == 404


def test_an_original_that_is_gone_leaves_the_cells(own: Place, tmp_path: Path) -> None:
    import shutil

    shutil.rmtree(own.work / "originals")
    page = opened(own, tmp_path / "review")
    text = page.get(page.form("督办工作经费")).text
    assert "原件不在工作目录中" in text
    assert '<table class="printed">' in text


@pytest.mark.parametrize("path", ["/", "/form", "/slot"])
def test_hostile_text_is_shown_as_text(page: Page, path: str) -> None:
    form = page.form("alert")
    text = {
        "/": page.get("/", state="all").text,
        "/form": page.get(form).text,
        "/slot": page.slot(form, "field:goal"),
    }[path]
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text or path == "/slot"
    if path != "/":
        assert "{{7*7}}" in text
        assert "onerror=alert(2)&gt;" in text


def test_hostile_words_in_the_address_are_text(page: Page) -> None:
    text = page.get("/", text='"><script>alert(3)</script>', rule="<b>", department="'><i>").text
    assert "<script>alert(3)" not in text
    assert "<b>" not in re.sub(r'<b class="pip[^>]*>', "", text)


def test_the_preview_reads_as_the_pipeline_does(page: Page) -> None:
    form = page.form("大河清淤经费")
    for said in ("≥95%", "100余次", "逐步提升", "2.88万元", "若干", ""):
        words_ = page.get(f"{form}/preview", slot="row:0:target", text=said).json()["words"]
        assert bool(words_) == bool(said)
    said = page.get(f"{form}/preview", slot="row:0:target", text="≥95%").json()["words"]
    assert said == "≥95%"
    assert str(parse_value("≥95%").parts[0].lower) in said


def test_english_is_remembered(page: Page) -> None:
    assert "Review of performance forms" in page.get("/", lang="en").text
    assert "Review of performance forms" in page.get("/").text
    assert "绩效表复核" in page.get("/", lang="zh").text


def saved(page: Page) -> list[dict[str, object]]:
    files = sorted(page.review.glob("*/*.yaml"))
    return [block for file in files for block in yaml.safe_load(file.read_text(encoding="utf-8")) or []]


VALUE = {"slot": "row:0:target", "kind": "value", "set": {"text": "≥5公里"}, "why": "见批复"}


def test_a_decision_is_saved_with_what_was_seen(page: Page) -> None:
    form = page.form("大河清淤经费")
    assert page.decide(form, VALUE).status_code == 200
    [made] = saved(page)
    assert made["who"] == "王芳"
    assert made["why"] == "见批复"
    assert made["set"] == {"text": "≥5公里"}
    assert made["seen"]["text"] == "≥3公里"  # type: ignore[index]
    text = page.get(form).text
    assert "已决定，随下次 extract 发布" in text
    assert "读作“≥5公里”" in text


def test_undo_takes_back_what_was_replaced(page: Page) -> None:
    form = page.form("大河清淤经费")
    page.decide(form, VALUE)
    page.decide(form, {**VALUE, "set": {"text": "≥6公里"}})
    assert [m["set"] for m in saved(page)] == [{"text": "≥6公里"}]
    headers = page.headers()
    assert page.client.post("/undo", json={}, headers=headers).status_code == 200
    assert [m["set"] for m in saved(page)] == [{"text": "≥5公里"}]
    assert page.client.post("/undo", json={}, headers=headers).json()["slot"] == "row:0:target"
    assert saved(page) == []
    assert page.client.post("/undo", json={}, headers=headers).status_code == 404


def test_undo_leaves_alone_what_somebody_else_decided(page: Page) -> None:
    form = page.form("大河清淤经费")
    page.decide(form, VALUE)
    other = opened(page.place, page.review, "李雷")
    other.decide(form, {**VALUE, "set": {"text": "≥7公里"}})
    answer = page.client.post("/undo", json={}, headers=page.headers())
    assert answer.status_code == 409
    assert [m["set"] for m in saved(page)] == [{"text": "≥7公里"}]


SEVERAL = [{**VALUE, "slot": f"row:{n}:target"} for n in range(3)]


def test_several_decisions_of_one_key_are_saved_and_undone_whole(page: Page) -> None:
    form = page.form("大河清淤经费")
    other = opened(page.place, page.review, "李雷")
    revision = re.search(r'data-revision="([^"]*)"', other.slot(form, "row:0:target"))
    assert revision is not None
    page.decide(form, {**VALUE, "slot": "row:2:target"})  # the last of the three
    answer = other.decide(form, *SEVERAL, revision=revision[1])
    assert (answer.status_code, answer.json()["slot"]) == (409, "row:2:target")
    assert [m["who"] for m in saved(page)] == ["王芳"]  # not the first two either
    assert other.client.post("/undo", json={}, headers=other.headers()).status_code == 404
    assert other.decide(form, *SEVERAL, revision=answer.json()["revision"]).status_code == 200
    assert [m["who"] for m in saved(page)] == ["李雷"] * 3
    assert other.client.post("/undo", json={}, headers=other.headers()).status_code == 200
    assert [m["who"] for m in saved(page)] == ["王芳"]  # what was replaced stands again


def test_an_undo_of_several_is_whole_or_not_at_all(page: Page) -> None:
    form = page.form("大河清淤经费")
    page.decide(form, *SEVERAL)
    other = opened(page.place, page.review, "李雷")
    other.decide(form, {**VALUE, "slot": "row:1:target", "set": {"text": "≥7公里"}})
    answer = page.client.post("/undo", json={}, headers=page.headers())
    assert (answer.status_code, answer.json()["slot"]) == (409, "row:1:target")
    assert len(saved(page)) == 3


def test_a_new_decision_takes_the_place_of_a_stale_one(own: Place, tmp_path: Path) -> None:
    page = opened(own, tmp_path / "review")
    form = page.form("大河清淤经费")
    page.decide(form, VALUE)
    own.write("2024/b.txt", WRONG.replace("≥3公里", "≥4公里"))
    own.run(review=str(tmp_path / "review"))
    form = page.form("大河清淤经费")
    text = page.get(form).text
    assert "请重新决定" in text
    assert "作出决定时原文是“≥3公里”" in text
    assert page.decide(form, {**VALUE, "set": {"text": "≥6公里"}}).status_code == 200
    assert [m["set"] for m in saved(page)] == [{"text": "≥6公里"}]
    assert page.client.post("/undo", json={}, headers=page.headers()).status_code == 200
    assert [m["set"] for m in saved(page)] == [VALUE["set"]]
    page.client.close()


@pytest.mark.parametrize(
    ("decision", "words_"),
    [
        ({"slot": "row:3:level2", "kind": "label", "set": {"node": "benefit.economic"}}, "归为“经济效益”"),
        ({"slot": "row:0:concept", "kind": "label", "set": {"node": "rate.completion"}}, "归为“完成率”"),
        (
            {"slot": "row:1", "kind": "structure", "set": {"action": "under", "node": "output.quantity"}},
            "归入 数量",
        ),
        ({"slot": "row:1", "kind": "structure", "set": {"action": "join_next"}}, "与下一行是同一项"),
        ({"slot": "row:1", "kind": "structure", "set": {"action": "no_indicator"}}, "这一行不是指标"),
        (
            {"slot": "row:1:target", "kind": "structure", "set": {"action": "move", "to": "row:0:target"}},
            "移到 第1行 · 指标值",
        ),
        ({"slot": "form", "kind": "structure", "set": {"action": "no_form"}}, "这不是绩效表"),
        ({"slot": "field:goal", "kind": "text", "set": {"text": "清理大河。"}}, "原文改为“清理大河。”"),
        ({"slot": "field:department", "kind": "value", "set": {"action": "accept"}}, "确认识读无误"),
        ({"slot": "funding:total:target", "kind": "value", "set": {"text": "13万"}}, "读作“13万”"),
    ],
)
def test_every_kind_of_correction_is_saved_and_said(
    page: Page, decision: dict[str, object], words_: str
) -> None:
    form = page.form("大河清淤经费")
    assert page.decide(form, decision).status_code == 200
    slot = str(decision["slot"]).replace(":concept", ":name")
    assert words_ in page.slot(form, slot)
    [made] = saved(page)
    assert made["seen"]


def test_two_people_do_not_overwrite_each_other(page: Page) -> None:
    form = page.form("大河清淤经费")
    other = opened(page.place, page.review, "李雷")
    revision = re.search(r'data-revision="([^"]*)"', other.slot(form, "row:0:target"))
    assert revision is not None
    assert page.decide(form, VALUE).status_code == 200
    mine = {**VALUE, "set": {"text": "≥9公里"}}
    answer = other.decide(form, mine, revision=revision[1])
    assert answer.status_code == 409
    said = answer.json()
    assert (said["theirs"], said["mine"]) == ("读作“≥5公里”", "读作“≥9公里”")
    assert "王芳" in said["by"]
    assert [m["set"] for m in saved(page)] == [{"text": "≥5公里"}]
    other_row = {**VALUE, "slot": "row:1:target", "set": {"text": "98%"}}
    assert (
        other.decide(form, other_row, revision=revision[1]).status_code == 200
    )  # another row is no conflict
    assert other.decide(form, mine, revision=said["revision"]).status_code == 200
    assert {m["who"] for m in saved(page) if m["target"]["slot"] == "row:0:target"} == {"李雷"}  # type: ignore[index]


def test_what_changed_unseen_is_not_decided(page: Page) -> None:
    answer = page.decide(page.form("大河清淤经费"), {**VALUE, "seen": "0000"})
    assert answer.status_code == 409
    assert answer.json() == {"changed": True}
    assert not page.review.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "odd"},
        {"slot": "row:0:target", "kind": "label", "set": {"node": "output"}},
        {"slot": "../../x", "kind": "value", "set": {"text": "1"}},
        {"slot": "row:0:target", "kind": "value", "set": {"text": "1", "node": "x"}},
        {"slot": "row:0:target", "kind": "value", "set": {"odd": "1"}},
        {
            "slot": "finding:cost_sum:0123456789abcdef",
            "kind": "dismiss",
            "set": {"action": "dismiss"},
            "why": " ",
        },
    ],
)
def test_nonsense_is_refused_with_a_sentence(page: Page, wrong: dict[str, object]) -> None:
    answer = page.decide(page.form("大河清淤经费"), {**VALUE, "why": "", **wrong})
    assert answer.status_code == 422
    assert answer.json()["refused"]
    assert not page.review.exists()


def test_a_ledger_that_cannot_be_read_is_said(page: Page) -> None:
    (page.review / "2024").mkdir(parents=True)
    (page.review / "2024" / "x.yaml").write_text("- who: [", encoding="utf-8")
    answer = page.get("/")
    assert answer.status_code == 500
    assert "复核文件无法读取" in answer.text
    assert "x.yaml" in answer.text


def test_a_finding_that_stands_is_published_as_it_is(own: Place, tmp_path: Path) -> None:
    page = opened(own, tmp_path / "review")
    form = page.form("大河清淤经费")
    found = re.findall(r'data-doubt="(finding:[^"]+)"', page.slot(form, "row:2:target"))
    assert (
        page.decide(form, {"slot": found[0], "kind": "dismiss", "set": {"action": "accept"}}).status_code
        == 200
    )
    own.run(review=str(tmp_path / "review"))
    archive = Shelf(own.clean).archive()
    assert [c["status"] for c in archive.corrections.values()] == ["applied"]
    assert all(not d.row.get("dismissed_by") for found in archive.doubts.values() for d in found)
    assert "人工决定，已发布" in page.get(form).text


def test_every_word_of_the_templates_is_there_in_both_languages() -> None:
    used = set()
    for file in (FOLDER / "templates").iterdir():
        used |= set(re.findall(r"say\('(\w+)', '(\w+)'", file.read_text(encoding="utf-8")))
    script = (FOLDER / "static" / "review.js").read_text(encoding="utf-8")
    used |= set(re.findall(r'say\("(\w+)", "(\w+)"', script))
    assert not [(group, name) for group, name in used if name not in words().get(group, {})]
    assert LANGUAGES == ("zh", "en")


@pytest.mark.parametrize(
    ("kind", "row", "said"),
    [
        ("issue", {"suggestion": "≥92%"}, "≥92%"),
        ("issue", {"suggestion": None}, ""),
        ("issue", {}, ""),  # a publish from before the column
        ("finding", {"numbers": json.dumps({"suggested": "≥92%"})}, "≥92%"),
        ("finding", {"numbers": json.dumps({"suggested": None})}, ""),
        ("finding", {"numbers": "[]"}, ""),
        ("finding", {"numbers": None}, ""),
    ],
)
def test_a_suggestion_is_what_the_row_carries(kind: str, row: dict[str, object], said: str) -> None:
    sentence = "单元格读作“292%”，疑为误读（sign），可能为“≥92%”；未作改动。"
    assert suggestion(Doubt("i", kind, "likely_misread", "warning", sentence, "f", (), (), row)) == said


def test_no_cell_of_a_form_is_missing_from_its_source(published: Place) -> None:
    archive = Shelf(published.clean).archive()
    for form_id in archive.forms:
        cells = archive.rows("cells", form_id)
        drawn = list(blocks(cells))
        shown = [p.cell_id for b in drawn for line in b.lines for p in line.places if p.cell_id]
        shown += [b.text.cell_id for b in drawn if b.text is not None]
        assert sorted(shown) == sorted(c["cell_id"] for c in cells)


@pytest.mark.parametrize("mode", ["L", "1", "RGB"])
def test_a_scan_of_any_colour_has_its_picture(mode: str) -> None:
    blob = io.BytesIO()
    Image.new("L", (400, 600), 255).convert(mode).save(blob, "PNG", dpi=(150, 150))
    image, scale = page_of(blob.getvalue(), "image/png", "fax.png", 1, 2.5)
    assert (image.mode, image.size) == ("RGB", (400, 600))  # never larger than its own pixels
    assert round(image.width / scale) == 192
    with pytest.raises(IndexError):
        page_of(blob.getvalue(), "image/png", "fax.png", 2, 2.5)


def test_what_the_disk_refuses_is_said(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "a.yaml")

    form = page.form("大河清淤经费")
    monkeypatch.setattr("pipeline.corrections.ledger._replace", full)
    answer = page.decide(form, VALUE)
    assert answer.status_code == 507
    assert "No space left" in answer.json()["refused"]
