"""Nobody but the browser that brought the token: every door, tried from outside."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import time
from typing import Any

import pytest

from pipeline.review.guard import MAX_BODY, POLICY
from pipeline.review.server import Server
from pipeline.settings import SettingsError
from tests.pipeline.conftest import Place
from tests.pipeline.review.conftest import PORT, Page, TestClient, opened

ACCEPT = {"slot": "row:0:target", "kind": "value", "set": {"action": "accept"}}


def test_a_token_lets_in_once(page: Page) -> None:
    token = page.keeper.token()
    stranger = TestClient(page.client.app, base_url=f"http://127.0.0.1:{PORT}")
    assert stranger.get("/").status_code == 403
    assert stranger.get("/static/review.js").status_code == 403
    answer = stranger.get("/enter", params={"token": token})
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    assert stranger.get("/").status_code == 200
    late = TestClient(page.client.app, base_url=f"http://127.0.0.1:{PORT}")
    assert late.get("/enter", params={"token": token}).status_code == 403
    assert late.get("/enter", params={"token": ""}).status_code == 403
    assert late.get("/enter", params={"token": "é"}).status_code == 403
    assert late.post("/enter", params={"token": page.keeper.token()}).status_code == 403


def test_who_may_not_come_in_is_told_how(page: Page) -> None:
    stranger = TestClient(page.client.app, base_url=f"http://127.0.0.1:{PORT}")
    for path in ("/", "/enter?token=used"):
        answer = stranger.get(path, headers={"accept": "text/html,*/*"})
        assert answer.status_code == 403
        assert "按回车" in answer.text and "press Enter" in answer.text
        [style] = re.findall("<style>(.*?)</style>", answer.text)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]  # else it stays unstyled
        assert not stranger.get(path, headers={"accept": "*/*"}).text.startswith("<")


def test_each_line_asks_for_another_address(published: Place, tmp_path: Any) -> None:
    asked, said = io.StringIO("\n\n"), list[str]()
    with Server(published.clean, published.work, tmp_path / "review", "王") as server:
        server.more(asked, said.append)
        deadline = time.monotonic() + 10
        while len(said) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len({*said}) == 2
        tokens = [address.rpartition("=")[2] for address in said]
        assert all(server.keeper.enter(token) for token in tokens)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8321", "127.0.0.1:8322", "127.0.0.1", ""])
def test_only_its_own_host_is_answered(page: Page, host: str) -> None:
    assert page.client.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:1"},
        {"x_csrf_token": "guess"},
        {"x_csrf_token": ""},
        {"sec_fetch_site": "cross-site"},
    ],
)
def test_nothing_is_changed_from_elsewhere(page: Page, wrong: dict[str, str]) -> None:
    form = page.form("大河清淤经费")
    assert page.decide(form, ACCEPT, **wrong).status_code == 403
    assert not page.review.exists()


def test_only_json_is_taken(page: Page) -> None:
    form = page.form("大河清淤经费")
    assert page.decide(form, ACCEPT, content_type="text/plain").status_code == 415
    answer = page.client.post(
        f"{form}/decide", content=b"{", headers=page.headers(content_type="application/json")
    )
    assert answer.status_code == 422
    assert page.client.put(form).status_code == 405
    assert page.client.get(f"{form}/decide").status_code == 405


def test_sizes_are_limited(page: Page) -> None:
    form = page.form("大河清淤经费")
    huge = {**ACCEPT, "why": "长" * MAX_BODY}
    assert page.decide(form, huge).status_code == 413

    def dripping() -> Any:
        yield from [b" " * 1024] * 100

    headers = page.headers(content_type="application/json")
    answer = page.client.post(f"{form}/decide", content=dripping(), headers=headers)
    assert answer.status_code == 413  # no length was said, and it never ended
    assert page.get("/", text="x" * 9000).status_code == 414
    assert not page.review.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/static/../guard.py",
        "/static/%2e%2e/guard.py",
        "/static/..%2f..%2fsettings.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/../../etc/passwd",
        "/form/..%2f..%2fraw",
        "/form/0000000000000000",
        "/form/0000000000000000/picture/1",
    ],
)
def test_no_file_outside_its_own(page: Page, path: str) -> None:
    assert page.client.get(path).status_code in (404, 403)


def test_every_answer_carries_the_policy(page: Page) -> None:
    for path in ("/", "/progress", "/files", "/nothing", "/static/review.css", page.form("大河清淤经费")):
        answer = page.get(path)
        assert answer.headers["content-security-policy"] == POLICY, path
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert page.get("/").headers["cache-control"] == "no-store"
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'self'")


def test_the_pages_ask_for_nothing_outside(page: Page) -> None:
    for path in ("/", "/progress", "/files", page.form("大河清淤经费")):
        text = page.get(path).text
        assert "://" not in text.replace("http://www.w3.org/2000/svg", "")
        assert " style=" not in text
        assert "onclick" not in text


def test_the_server_listens_on_loopback_only(published: Place, tmp_path: Any) -> None:
    with Server(published.clean, published.work, tmp_path / "review", "王") as server:
        assert server._socket.getsockname()[0] == "127.0.0.1"
        assert server.address().startswith(f"http://127.0.0.1:{server.port}/enter?token=")
        with pytest.raises(SettingsError, match="cannot be used"):
            Server(published.clean, published.work, tmp_path / "review", "王", port=server.port)


def test_nothing_published_is_said(tmp_path: Any) -> None:
    with pytest.raises(SettingsError, match="nothing is published here"):
        opened(Place(tmp_path / "raw", tmp_path / "clean", tmp_path / "work"), tmp_path / "review")
