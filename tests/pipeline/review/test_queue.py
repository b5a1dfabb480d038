"""The queue: order, filters, pages, progress."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.archive import Doubt, Shelf
from pipeline.review.queue import _ORDERS, Entry, Filters, Standing
from tests.pipeline.conftest import FORM, Place
from tests.pipeline.review.conftest import Page, opened

SPECS = yaml.safe_load((Path(__file__).parents[2] / "specs" / "review.yaml").read_text(encoding="utf-8"))


def projects(text: str) -> list[str]:
    return [html.unescape(p) for p in re.findall(r'class="project"><a [^>]+>([^<]*)</a>', text)]


@pytest.mark.parametrize("spec", SPECS, ids=[s["name"] for s in SPECS])
def test_filters(page: Page, spec: dict[str, Any]) -> None:
    found = projects(page.get("/", **spec["query"]).text)
    if "first" in spec:
        assert found[0] == spec["first"]
    else:
        assert found == spec["projects"]


def entry(place: int, yuan: int | None, confidence: float) -> Entry:
    money = Decimal(yuan) if yuan is not None else None
    return Entry(str(place), 2024, "", "", "", "", "good", confidence, money, "", (), (), "", place)


STANDINGS = st.builds(Standing, st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
ENTRIES = st.builds(
    entry, st.integers(0, 99), st.none() | st.integers(0, 5), st.sampled_from([0.2, 0.9, 1.0])
)


@given(st.lists(st.tuples(ENTRIES, STANDINGS), max_size=12))
def test_severity_outranks_money_outranks_confidence(found: list[tuple[Entry, Standing]]) -> None:
    ordered = sorted(found, key=_ORDERS["matters"])
    for (one, its), (other, theirs) in pairwise(ordered):
        assert its.worst <= theirs.worst
        if its.worst == theirs.worst:
            assert (one.yuan or 0) >= (other.yuan or 0)
            if (one.yuan or 0) == (other.yuan or 0):
                assert one.confidence <= other.confidence


@given(st.dictionaries(st.sampled_from([*Filters.__slots__, "odd"]), st.text(max_size=12)))
def test_a_query_says_what_it_says(query: dict[str, str]) -> None:
    filters = Filters.of(query)
    assert Filters.of(filters.query()) == filters


def test_pages(place: Place, tmp_path: Path) -> None:
    for n in range(55):
        place.write(f"2024/{n:02}.txt", FORM.replace("河道清淤经费", f"第{n:02}号工程"))
    place.run()
    page = opened(place, tmp_path / "review")
    first = page.get("/", state="all", sort="place").text
    assert len(projects(first)) == 50
    assert 'rel="next" href="/?state=all&amp;sort=place&amp;page=2"' in first
    assert len(projects(page.get("/", state="all", sort="place", page="2").text)) == 5
    assert len(projects(page.get("/", state="all", sort="place", page="99").text)) == 5


def test_progress_counts_what_is_decided(page: Page) -> None:
    form = page.form("大河清淤经费")
    before = page.get("/progress").text
    assert "青河县水务局" in before
    total = re.findall(r"(\d+) / (\d+)</td>\s*<td class=\"bar\">", before)
    assert all(done == "0" for done, _ in total)
    doubts = re.findall(
        r'data-doubt="(finding:[^"]+)" data-kind="finding" data-open="1"', page.slot(form, "row:2:target")
    )
    assert doubts
    made = [{"slot": d, "kind": "dismiss", "set": {"action": "accept"}} for d in doubts]
    assert page.decide(form, *made).status_code == 200
    after = re.findall(r"(\d+) / (\d+)</td>\s*<td class=\"bar\">", page.get("/progress").text)
    assert sum(int(done) for done, _ in after) == len(doubts)
    assert sum(int(n) for _, n in after) == sum(int(n) for _, n in total)


def test_files_that_were_not_read_are_listed(page: Page) -> None:
    text = page.get("/files").text
    assert "2023/broken.pdf" in text
    assert "隔离" in text


def test_a_new_publish_is_seen_at_once(own: Place, tmp_path: Path) -> None:
    page = opened(own, tmp_path / "review")
    assert projects(page.get("/", text="新的工程", state="all").text) == []
    before = page.get("/pulse").json()["publish"]
    own.write("2024/z.txt", FORM.replace("河道清淤经费", "新的工程"))
    own.run()
    assert page.get("/pulse").json()["publish"] != before
    assert projects(page.get("/", text="新的工程", state="all").text) == ["新的工程"]


def test_a_publish_without_links_is_read_too(own: Place, tmp_path: Path) -> None:
    """Copied elsewhere, the tables are folders and not links."""
    import shutil

    shutil.copytree(own.clean, tmp_path / "plain", symlinks=False, ignore=shutil.ignore_patterns(".*"))
    archive = Shelf(tmp_path / "plain").archive()
    assert len(archive.forms) == len(Shelf(own.clean).archive().forms)


def test_doubts_find_their_form_by_their_cell(published: Place) -> None:
    archive = Shelf(published.clean).archive()
    assert all(d.form_id in archive.forms for found in archive.doubts.values() for d in found)
    assert any(isinstance(d, Doubt) for found in archive.doubts.values() for d in found)


def test_what_is_saved_shows_in_the_queue_before_the_next_run(page: Page) -> None:
    form = page.form("大河清淤经费")
    assert "大河清淤经费" in page.get("/").text
    cards = re.findall(r'data-doubt="([^"]+)" data-kind="(\w+)"', page.slot(form, "row:2:target"))
    cards += re.findall(r'data-doubt="([^"]+)" data-kind="(\w+)"', page.slot(form, "form"))
    decisions = [
        {"slot": slot, "kind": "dismiss", "set": {"action": "accept"}, "why": "已核对"}
        for slot in dict.fromkeys(slot for slot, _ in cards)
    ]
    assert page.decide(form, *decisions).status_code == 200
    assert form not in page.get("/").text
    done = page.get("/", state="done").text
    assert form in done
    assert f"{len(decisions)}项决定待发布" in done


def test_the_queue_names_a_doubt_that_is_still_open(page: Page) -> None:
    found = page.get("/", text="大河清淤经费").text
    first = re.findall(r'<td class="doubt">\s*<span class="dot error"></span>([^<]+)<', found)
    assert len(first) == 1
    form = page.form("大河清淤经费")
    page.decide(form, {"slot": "row:2:target", "kind": "value", "set": {"text": "60万元"}})
    after = page.get("/", text="大河清淤经费", state="all").text
    assert '<span class="dot error">' not in after
    assert "1项决定待发布" in after


def test_nothing_found_offers_a_way_out(page: Page) -> None:
    text = page.get("/", text="没有这样的字").text
    assert "没有符合条件的绩效表" in text
    assert "state=all" in text
    assert 'href="/">清除' in text


def test_files_say_their_name_once(page: Page) -> None:
    rows = re.findall(r"<tr><td class=.path.>(.*?)</td>(.*?)</tr>", page.get("/files").text, re.DOTALL)
    assert rows
    assert all(path.partition("<")[0] not in rest for path, rest in rows)
