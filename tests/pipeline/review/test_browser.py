"""The page in a browser: keys, corrections that last, conflicts, hostile text, input methods, nothing from outside.

With JIXIAO_SCREENSHOTS=1 the pictures of the documentation are made anew.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from pipeline.report.page import report
from pipeline.review.archive import Shelf
from pipeline.review.server import Server
from tests.pipeline.conftest import ROOT, Place
from tests.pipeline.review.conftest import WRONG

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here; on Debian: apt-get install chromium"
)
WAIT = 20_000  # milliseconds; a slow machine is not a fault
expect.set_options(timeout=WAIT)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield found
        found.close()


@dataclass
class Desk:
    """A running page over a publish of its own, in a browser that may go nowhere else."""

    place: Place
    review: Path
    server: Server
    context: Any
    outside: list[str]
    faults: list[str]

    def tab(self, path: str = "/") -> Any:
        page = self.context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: (self.faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.goto(f"http://127.0.0.1:{self.server.port}{path}")
        return page

    def form(self, project: str, slot: str = "") -> Any:
        """A tab with a project's form, the cursor on a slot."""
        archive = Shelf(self.place.clean).archive()
        form_id = next(i for i, f in archive.forms.items() if f["project_name"] == project)
        tab = self.tab(f"/form/{form_id}?state=all" + (f"#{slot.replace(':', '%3A')}" if slot else ""))
        tab.wait_for_selector(f'.slot[data-slot="{slot}"]' if slot else ".slot")
        return tab

    def extract(self) -> None:
        self.place.run(review=str(self.review))

    def published(self, project: str, row_no: int) -> dict[str, Any]:
        archive = Shelf(self.place.clean).archive()
        form_id = next(i for i, f in archive.forms.items() if f["project_name"] == project)
        return next(r for r in archive.rows("indicators", form_id) if r["row_no"] == row_no)


@pytest.fixture
def desk(own: Place, tmp_path: Path, browser: Any) -> Iterator[Desk]:
    review = tmp_path / "review"
    with Server(own.clean, own.work, review, "王芳") as server:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        made = Desk(own, review, server, context, [], [])

        def gate(route: Any) -> None:
            if urlsplit(route.request.url).hostname == "127.0.0.1":
                route.continue_()
            else:
                made.outside.append(route.request.url)
                route.abort()

        context.route("**/*", gate)
        entering = context.new_page()
        entering.goto(server.address())
        entering.wait_for_url(re.compile(r"/$"))
        entering.close()
        yield made
        context.close()
    assert made.outside == []
    assert made.faults == []


def test_keys_lead_from_the_queue_through_a_correction_to_the_publish(desk: Desk) -> None:
    tab = desk.tab("/?year=2024&state=all")
    tab.wait_for_selector("#queue tr.current")
    assert "大河清淤经费" in tab.inner_text("#queue tr.current")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile("/form/"))
    tab.wait_for_selector(".slot")
    assert tab.get_attribute(".slot", "data-slot") == "row:2:target"  # its first open doubt
    assert tab.inner_text("#view .lit") == "12万元"
    tab.keyboard.press("e")
    tab.check("#editor input[value=value]")
    tab.fill("#editor input[name=text]", "60万元")
    expect(tab.locator("#preview output")).to_contain_text("600,000元")
    tab.press("#editor input[name=text]", "Enter")
    tab.wait_for_selector(".decided.waiting")
    assert "已决定，随下次 extract 发布" in tab.inner_text("#inspector")
    assert tab.locator("tr.line.waits").count() == 0

    desk.extract()
    row = desk.published("大河清淤经费", 2)
    assert (row["target_how"], row["target_lower"], row["target_raw"]) == ("person", 600000, "12万元")
    assert "target" in row["corrected"]
    tab.wait_for_selector("#note.on a")  # the page saw the new publish by itself
    tab.reload()
    tab.wait_for_selector(".decided.applied")
    assert "人工决定，已发布" in tab.inner_text("#inspector")

    desk.place.write("2024/b.txt", WRONG.replace("\t12万元\n", "\t13万元\n"))
    desk.extract()
    assert desk.published("大河清淤经费", 2)["target_how"] == "machine"
    tab = desk.form("大河清淤经费", "row:2:target")
    tab.wait_for_selector(".decided.stale")
    assert "请重新决定" in tab.inner_text("#inspector")
    assert tab.locator("tr.line.waits").count() == 1


def test_two_tabs_do_not_overwrite_each_other(desk: Desk) -> None:
    one, two = (desk.form("河道清淤经费", "row:0:target") for _ in range(2))
    for tab, text in ((one, "≥4公里"), (two, "≥5公里")):
        tab.bring_to_front()
        tab.keyboard.press("e")
        tab.fill("#editor input[name=text]", text)
        tab.press("#editor input[name=text]", "Enter")
        if tab is one:
            tab.wait_for_selector(".decided.waiting")
    two.wait_for_selector("#clash[open]")
    assert "≥4公里" in two.inner_text("#clash-theirs")
    assert "≥5公里" in two.inner_text("#clash-mine")
    two.click("#clash button[value=theirs]")
    two.wait_for_selector(".decided.waiting")
    assert "≥4公里" in two.inner_text(".decided")
    two.keyboard.press("e")
    two.fill("#editor input[name=text]", "≥5公里")
    two.press("#editor input[name=text]", "Enter")
    expect(two.locator(".decided")).to_contain_text("≥5公里")


def test_dismissed_with_a_reason_and_undone(desk: Desk) -> None:
    tab = desk.form("大河清淤经费", "row:2:target")
    tab.keyboard.press("d")
    tab.press("#dismissal input", "Enter")  # without a reason nothing is dismissed
    assert tab.locator("#dismissal").is_visible()
    tab.fill("#dismissal input", "名称写的是上年数")
    tab.press("#dismissal input", "Enter")
    expect(tab.locator("tr.line.waits")).to_have_count(0)
    assert any("名称写的是上年数" in f.read_text(encoding="utf-8") for f in desk.review.glob("*/*.yaml"))
    tab.keyboard.press("u")
    tab.wait_for_selector("tr.line.waits")
    assert not any("名称写的是上年数" in f.read_text(encoding="utf-8") for f in desk.review.glob("*/*.yaml"))


def test_enter_while_composing_saves_nothing(desk: Desk) -> None:
    tab = desk.form("河道清淤经费", "row:3:target")
    tab.keyboard.press("e")
    tab.wait_for_selector("#editor input[name=text]:focus")
    composed = """([key, composing, code]) => {
        const input = document.querySelector('#editor input[name=text]');
        if (composing) input.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));
        const event = new KeyboardEvent('keydown', {key, isComposing: composing, keyCode: code, bubbles: true, cancelable: true});
        input.dispatchEvent(event);
        if (composing) input.dispatchEvent(new CompositionEvent('compositionend', {data: '显著', bubbles: true}));
    }"""
    tab.evaluate(composed, ["Enter", True, 13])
    tab.evaluate(composed, ["Enter", False, 229])  # Safari: composing has ended, the code tells
    tab.evaluate(composed, ["n", True, 229])
    tab.wait_for_timeout(300)
    assert tab.locator("#editor").is_visible()
    assert tab.get_attribute(".slot", "data-slot") == "row:3:target"
    assert not list(desk.review.glob("*/*.yaml"))
    # The same through Chromium's own input method interface.
    session = desk.context.new_cdp_session(tab)
    tab.fill("#editor input[name=text]", "")
    session.send("Input.imeSetComposition", {"text": "xianzhu", "selectionStart": 7, "selectionEnd": 7})
    session.send("Input.insertText", {"text": "显著提升"})
    assert tab.input_value("#editor input[name=text]") == "显著提升"
    assert not list(desk.review.glob("*/*.yaml"))
    tab.press("#editor input[name=text]", "Enter")
    tab.wait_for_selector(".decided.waiting")
    assert "显著提升" in tab.inner_text(".decided")


def test_hostile_text_stays_text(desk: Desk) -> None:
    tab = desk.form("<script>alert(1)</script>", "field:goal")
    assert tab.inner_text(".head h1") == "<script>alert(1)</script>"
    assert tab.locator("main script, main img:not(.sheet img)").count() == 0
    assert "onerror=alert(2)>" in tab.inner_text(".slot .raw")
    assert "{{7*7}}" in tab.inner_text(".slot .raw")
    tab.keyboard.press("e")
    assert "</textarea><img" in tab.input_value("#editor [name=text]")
    tab.goto(f"http://127.0.0.1:{desk.server.port}/?state=all&text=alert")
    assert tab.inner_text("#queue .project a") == "<script>alert(1)</script>"


def lit_becomes(tab: Any, as_wanted: Callable[[dict[str, float]], bool]) -> None:
    """The page is laid anew once its picture is there, which a busy machine takes its time for."""
    for _ in range(100):
        if as_wanted(tab.locator("rect.lit").bounding_box()):
            return
        tab.wait_for_timeout(50)
    raise AssertionError(tab.locator("rect.lit").bounding_box())


def test_the_page_is_lit_where_the_value_stands(desk: Desk) -> None:
    tab = desk.form("督办工作经费", "row:0:target")
    tab.wait_for_selector("rect.lit", state="attached")
    lit, sheet = tab.locator("rect.lit").bounding_box(), tab.locator(".sheet").first.bounding_box()
    assert sheet["x"] < lit["x"] < lit["x"] + lit["width"] < sheet["x"] + sheet["width"]
    tab.keyboard.press("r")
    lit_becomes(tab, lambda box: box["height"] > box["width"])
    for _ in range(3):
        tab.keyboard.press("r")
    tab.keyboard.press("+")
    lit_becomes(tab, lambda box: box["width"] > lit["width"])
    tab.keyboard.press("?")
    assert tab.locator("#help").is_visible()
    tab.keyboard.press("?")
    assert not tab.locator("#help").is_visible()


def test_nothing_overlaps_and_nothing_runs_out(desk: Desk) -> None:
    """At the widths people have: no sideways scrolling, header and list and inspector each in their place."""
    archive = Shelf(desk.place.clean).archive()
    forms = [i for i, f in archive.forms.items() if f["project_name"] in ("督办工作经费", "大河清淤经费")]
    tab = desk.tab("/")
    for width in (1280, 1920):
        tab.set_viewport_size({"width": width, "height": 800})
        for path in (
            "/?state=all",
            "/progress",
            "/files",
            *(f"/form/{i}" for i in forms),
            "/?lang=en",
            f"/form/{forms[0]}",
        ):
            tab.goto(f"http://127.0.0.1:{desk.server.port}{path}")
            if path.startswith("/form"):
                tab.wait_for_selector(".slot")
                boxes = [tab.locator(s).bounding_box() for s in (".head", "#list", "#inspector")]
                for upper, lower in itertools.pairwise(boxes):
                    assert upper["y"] + upper["height"] <= lower["y"] + 1, (path, width)
                assert boxes[-1]["y"] + boxes[-1]["height"] <= 801
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


@pytest.mark.skipif(
    "JIXIAO_SCREENSHOTS" not in os.environ, reason="pictures of the documentation: JIXIAO_SCREENSHOTS=1"
)
def test_screenshots(browser: Any, desk: Desk, tmp_path: Path) -> None:
    images = ROOT / "docs" / "images"
    images.mkdir(exist_ok=True)
    sample = Place(tmp_path / "docs" / "raw", tmp_path / "docs" / "clean", tmp_path / "docs" / "work")
    shutil.copytree(ROOT / "data" / "raw", sample.raw)
    fixtures = ROOT / "tests" / "fixtures"
    sample.write("2023/d02_full_lo.pdf", (fixtures / "pdf" / "d02_full_lo.pdf").read_bytes())
    for scan in ("B_dianzi__combo150.jpg", "upper_clean200.png"):
        sample.write(f"2023/{scan}", (fixtures / "scans" / scan).read_bytes())
    sample.run()
    with Server(sample.clean, sample.work, tmp_path / "shots", "王芳") as server:
        context = browser.new_context(viewport={"width": 1440, "height": 860}, locale="zh-CN")
        tab = context.new_page()
        tab.goto(server.address())
        tab.wait_for_url(re.compile(r"/$"))
        tab.wait_for_selector("#queue")
        tab.screenshot(path=images / "review-queue.png")
        archive = Shelf(sample.clean).archive()
        for name, path in (("form", ".pdf"), ("scan", (".jpg", ".png")), ("text", ".txt")):
            rows = {
                f["form_id"]: f for f in archive.forms.values() if archive.path(f["form_id"]).endswith(path)
            }
            form_id = max(
                rows, key=lambda i: len([d for d in archive.doubts.get(i, []) if d.severity != "info"])
            )
            tab.goto(f"http://127.0.0.1:{server.port}/form/{form_id}?state=all")
            tab.wait_for_selector(".slot")
            tab.keyboard.press("n")
            tab.wait_for_timeout(800)
            tab.screenshot(path=images / f"review-{name}.png")
        tab.goto(f"http://127.0.0.1:{server.port}/progress")
        tab.screenshot(path=images / "review-progress.png")
        report(sample.clean, tmp_path / "report.html")
        tab.goto((tmp_path / "report.html").as_uri())
        tab.screenshot(path=images / "report.png")
        context.close()
