"""The documentation site: builds without the network, every page opens, nothing is asked of another host."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("start", "concepts", "formats", "families", "values", "labels", "rules", "scale", "dictionary")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-W", "ignore", "-m", "mkdocs", "build", "--strict", "-d", str(folder)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def pages(site: Path) -> list[str]:
    return sorted(str(p.relative_to(site)) for p in site.rglob("*.html"))


def test_every_page_that_is_written_is_there(site: Path) -> None:
    found = set(pages(site))
    assert {f"{name}.html" for name in PAGES} | {"index.html", "cookbook/index.html"} <= found
    decisions = {f"decisions/{p.stem}.html" for p in (ROOT / "docs" / "decisions").glob("0*.md")}
    assert decisions <= found


def test_no_page_names_a_host_it_would_ask(site: Path) -> None:
    asking = [
        page
        for page in pages(site)
        for kind in ('<script src="http', '<link rel="stylesheet" href="http', '<img src="http')
        if kind in (site / page).read_text(encoding="utf-8")
    ]
    assert asking == []


def test_every_page_opens_in_a_browser(site: Path, address: str, tmp_path: Path) -> None:
    """A picture of each is kept in the folder named by JIXIAO_PICTURES, or else thrown away."""
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    pictures = Path(os.environ.get("JIXIAO_PICTURES", tmp_path))
    outside: list[str] = []
    broken: list[str] = []
    with (
        sync_api.sync_playwright() as play,
        play.chromium.launch(executable_path=chromium, args=FLAGS) as browser,
    ):
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        tab.on("request", lambda r: r.url.startswith((address, "data:", "blob:")) or outside.append(r.url))
        tab.on("response", lambda r: r.status < 400 or broken.append(r.url))
        tab.on("pageerror", lambda error: broken.append(str(error)))
        for page in pages(site):
            if page == "404.html":
                continue
            tab.goto(f"{address}/{page}")
            assert tab.locator("article h1").first.inner_text().strip(), page
            wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{page} is {wide} px wider than the window"
            target = pictures / "site" / page.replace("/", "-").replace(".html", ".png")
            tab.screenshot(path=target)
            assert target.stat().st_size > 5000
    assert outside == []
    assert broken == []
