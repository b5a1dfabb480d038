"""The report: nothing from outside, all text escaped, figures as published, bars within the drawing."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from lxml import html
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.exports.parquet import Parts
from pipeline.exports.snapshot import write_part
from pipeline.report import cases, figures
from pipeline.report.charts import Bar, Series, bars, fitted
from pipeline.report.page import page
from pipeline.report.words import Word, doubts, words
from pipeline.schema import TABLES, ChangeRow

from ..conftest import FORM, ROOT, Place

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def shown(sample: Place) -> str:
    return page(sample.clean)


def texts(markup: str) -> str:
    return html.fromstring(markup).text_content()


def test_nothing_from_outside_and_no_script(shown: str) -> None:
    tree = html.fromstring(shown)
    assert not tree.xpath("//script | //link | //img | //iframe | //object | //@onclick | //@onload")
    assert all(h.startswith("#") for h in tree.xpath("//@href"))
    assert "url(" not in shown and "@import" not in shown
    [policy] = tree.xpath("//meta[@http-equiv]/@content")
    assert policy.startswith("default-src 'none'") and "script-src" not in policy


def test_every_link_leads_somewhere(shown: str) -> None:
    tree = html.fromstring(shown)
    identities = set(tree.xpath("//@id"))
    assert {h[1:] for h in tree.xpath("//a/@href")} <= identities
    assert len(tree.xpath("//@id")) == len(identities)
    assert tree.xpath("//a[starts-with(@href, '#e-')]")


def test_a_script_is_only_a_name(place: Place) -> None:
    place.write("2024/a.txt", FORM.replace("河道清淤经费", HOSTILE).replace("青河县水务局", HOSTILE))
    place.write("2024/b.txt", FORM.replace("河道清淤经费", HOSTILE))
    place.run()
    shown = page(place.clean)
    assert "<script" not in shown
    assert HOSTILE in texts(shown)


def test_figures_are_the_published_ones(shown: str, sample: Place) -> None:
    cards = [" ".join(c.itertext()) for c in html.fromstring(shown).xpath("//div[@class='card']")]
    assert cards[0].startswith("2 ") and cards[1].startswith("14 ") and cards[2].startswith("169 ")
    kinds = dict(figures.money_by(sample.clean, "target", "kind")[0])
    assert f"{kinds['target'] / 10_000:,.2f} 万元" in cards[4]


def test_copies_stand_together(sample: Place, shown: str) -> None:
    assert [len(group) for group, _ in cases.copies(sample.clean)] == [2]
    group = html.fromstring(shown).xpath("//h2[@id='copies']/following-sibling::div[1]//tbody/tr")
    assert [
        "村务公开工作经费" in r.text_content() or "政务公开工作经费" in r.text_content() for r in group
    ] == [True] * 2


def test_the_bad_file_is_named(place: Place) -> None:
    place.write("2024/a.txt")
    place.write("2024/broken.pdf", b"%PDF-1.4 nothing")
    place.run()
    shown = texts(page(place.clean))
    assert "2024/broken.pdf" in shown
    assert "没有上一次发布可比" in shown


def test_changes_are_listed(place: Place, tmp_path: Path) -> None:
    place.write("2024/a.txt")
    place.run()
    change = ChangeRow(table="forms", key="k", column="goal", old="<b>", new="新", because="person")
    parts = Parts(change.fiscal_year)
    parts.add("changes", [change])
    [(table, year, _, blob)] = parts.files()
    clean = tmp_path / "copy"
    shutil.copytree(place.clean, clean, ignore=shutil.ignore_patterns(".*", "changes"))
    write_part(clean, table, year, "00000", 1, blob)
    shown = page(clean)
    assert "&lt;b&gt;" in shown and "人工更正" in texts(shown)
    assert "没有上一次发布可比" not in shown


def test_no_bar_is_left_out() -> None:
    pairs = [(str(n), "error") for n in range(30)]
    found = figures.stacked(pairs, "severity", lambda n: Word(zh=n, en=n))
    assert sum(bar.total for bar in found) == 30 and found[-1].rest


def test_equal_publish_equal_page(sample: Place, shown: str) -> None:
    assert page(sample.clean) == shown


def test_an_empty_archive_has_a_page(place: Place) -> None:
    place.run()
    assert "没有数据" in page(place.clean)


def test_both_languages_everywhere() -> None:
    for group, found in words().items():
        for name, word in found.items():
            assert word.zh and word.en, (group, name)
            assert not re.search(r"[\u4e00-\u9fff]", word.en) or group == "notes", (group, name)


def test_coded_values_have_words() -> None:
    examples = {c.name: c.en for c in TABLES["forms"].columns}
    for code in examples["kind"].replace(" or ", ", ").split(", "):
        assert code in words()["form_kind"]


@pytest.mark.parametrize("many", [1, 3, 12])
def test_bars_stay_inside(many: int) -> None:
    named = [
        Bar(Word(zh="很长的名称" * 9, en="a very long name " * 9), (10**i, Decimal(i))) for i in range(many)
    ]
    series = [Series(Word(zh="一", en="one"), "c0"), Series(Word(zh="二", en="two"), "good")]
    svg = html.fromstring(bars(named, series)).xpath("//svg")[0]
    wide = float(svg.get("width"))
    for rect in svg.iter("rect"):
        assert float(rect.get("x")) >= 215 and float(rect.get("x")) + float(rect.get("width")) <= wide - 110


def test_labels_are_cut_to_their_room() -> None:
    assert fitted("短", 100) == "短"
    assert fitted("字" * 40, 100).endswith("…") and len(fitted("字" * 40, 100)) < 8


def test_the_command(sample: Place, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    done = CliRunner().invoke(app, ["report", "--clean", str(sample.clean), "--out", str(out)])
    assert done.exit_code == 0 and out.stat().st_size > 10_000
    to = ["export", "--to", "csv", "--clean", str(sample.clean), "--out", str(tmp_path / "csv")]
    assert CliRunner().invoke(app, to).exit_code == 0
    assert (tmp_path / "csv" / "forms.csv").is_file()


def test_every_doubt_has_a_short_chinese_name() -> None:
    text = (ROOT / "pipeline" / "report" / "doubts.yaml").read_text(encoding="utf-8")
    assert set(yaml.safe_load(text)) == set(doubts())
