"""Who may speak to the page: this machine's browser that brought the token, and nobody through it.

The server listens on loopback only. A request must name that very host (a page elsewhere whose name
was made to point here does not), carry the cookie that a one-time token was exchanged for, and, where
it changes something, come from our own page (``Origin``) with the session's CSRF token. Bodies and
addresses beyond a limit are refused before anything reads them.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 64 * 1024
MAX_ADDRESS = 8 * 1024
MAX_SESSIONS = 20
HOSTS = ("127.0.0.1", "localhost", "[::1]")
_STYLE = (
    "body{font:16px/1.7 system-ui,sans-serif;color:#1b2733;background:#eef2f5;margin:0}"
    "main{max-width:40em;margin:12vh auto 0;padding:24px 32px;background:#fff;border:1px solid #d8dfe6;border-radius:8px}"
    "h1{font-size:20px;margin:0 0 12px}code{background:#eef2f5;padding:2px 6px;border-radius:4px}p{margin:8px 0}"
    "[lang=en]{color:#56636f}"
)
_STYLE_SOURCE = "'sha256-" + b64encode(sha256(_STYLE.encode()).digest()).decode() + "'"
POLICY = (
    f"default-src 'self'; style-src 'self' {_STYLE_SOURCE}; base-uri 'none'; "
    "object-src 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_SAFE = frozenset({"GET", "HEAD"})
# A page, not a redirect: a redirect would keep the foreign place the token was clicked in as its
# initiator, and a browser would then hold back the strict cookie it was just given.
_ENTER = (
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="/static/icon.svg"><meta http-equiv="refresh" content="0; url=/">'
    '<title>jixiao</title><p><a href="/">进入复核页面 / Go on to the review page</a></p>'
)


@dataclass(slots=True)
class Session:
    """One browser that brought a token: its CSRF token, and the decisions it may undo, the last one last."""

    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    undo: list[Any] = field(default_factory=list)


class Doorkeeper:
    """Tokens and sessions of one server. ``port`` is the one it listens on.

    >>> keeper = Doorkeeper(8321)
    >>> token = keeper.token()
    >>> cookie = keeper.enter(token)
    >>> keeper.session(cookie) is not None, keeper.enter(token), keeper.session("guess")
    (True, None, None)
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = f"jixiao-review-{port}"
        self.hosts = frozenset(f"{host}:{port}" for host in HOSTS)
        self.origins = frozenset(f"http://{host}" for host in self.hosts)
        self._tokens: list[str] = []
        self._sessions: dict[str, Session] = {}
        self._lock = Lock()

    def token(self) -> str:
        """A new token, good for one entry."""
        made = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens = [*self._tokens[-9:], made]
        return made

    def enter(self, token: str) -> str | None:
        """The cookie's value in exchange for a token, which is used up; None for a wrong or used one."""
        with self._lock:
            known = [t for t in self._tokens if hmac.compare_digest(t.encode(), token.encode())]
            if not known:
                return None
            self._tokens.remove(known[0])
            made = secrets.token_urlsafe(32)
            self._sessions[made] = Session()
            while len(self._sessions) > MAX_SESSIONS:
                self._sessions.pop(next(iter(self._sessions)))
            return made

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie's value, or None."""
        return self._sessions.get(cookie)


class Guard:
    """The ASGI application around the page: what it does not let through never reaches a route."""

    def __init__(self, app: ASGIApp, keeper: Doorkeeper) -> None:
        self.app, self.keeper = app, keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        send = _with_headers(send, private=not scope["path"].startswith("/static/"))
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers) or self._entering(scope) or self._stranger(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self.app(scope, _limited(receive), send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if headers.getlist("host") != [headers.get("host")] or headers.get("host") not in self.keeper.hosts:
            return _no(403, "this page answers only under its own address on this machine")
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_ADDRESS:
            return _no(414, "the address is too long")
        said = headers.get("content-length", "0")
        if not (said.isascii() and said.isdigit()) or int(said) > MAX_BODY:
            return _no(413, f"more than {MAX_BODY} bytes")
        if scope["method"] not in {*_SAFE, "POST"}:
            return _no(405, "only GET and POST")
        return None

    def _entering(self, scope: Scope) -> Response | None:
        if scope["path"] != "/enter":
            return None
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        cookie = self.keeper.enter(token) if scope["method"] == "GET" else None
        if cookie is None:
            return _outside(scope, _USED)
        page = HTMLResponse(_ENTER)
        page.set_cookie(self.keeper.cookie, cookie, httponly=True, samesite="strict", path="/")
        return page

    def _stranger(self, scope: Scope, headers: Headers) -> Response | None:
        cookies = cookie_parser(headers.get("cookie", ""))
        session = self.keeper.session(cookies.get(self.keeper.cookie, ""))
        if session is None:
            return _outside(scope, _UNKNOWN)
        scope["session"] = session
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return _no(403, "asked for by another page")
        if scope["method"] in _SAFE:
            return None
        if headers.get("origin") not in self.keeper.origins:
            return _no(403, "sent by another page")
        if not hmac.compare_digest(headers.get("x-csrf-token", "").encode(), session.csrf.encode()):
            return _no(403, "the CSRF token is missing or wrong; load the page again")
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _no(415, "only JSON is taken")
        return None


@dataclass(frozen=True, slots=True)
class _Refusal:
    zh: str
    en: str


_UNKNOWN = _Refusal(
    "请打开 jixiao review 在终端里打印的地址：地址中的一次性令牌让这个浏览器进入。",
    "open the address that jixiao review printed: it carries the token that lets you in",
)
_USED = _Refusal(
    "这个地址已经用过，或者不是本次启动打印的。",
    "this token was used already, or is none of ours",
)
_ANOTHER = _Refusal(
    "再要一个地址：在运行它的终端里按回车；程序已停止时，重新启动 jixiao review。",
    "for another one press Enter where jixiao review runs, or start it again",
)


def _outside(scope: Scope, why: _Refusal) -> Response:
    """What somebody sees who may not come in: a page for a browser, a line for anything else."""
    if "text/html" not in Headers(scope=scope).get("accept", ""):
        return _no(403, f"{why.en}; {_ANOTHER.en}")
    said = "".join(
        f"<p>{one.zh}</p><p lang=en>{one.en[:1].upper()}{one.en[1:]}.</p>" for one in (why, _ANOTHER)
    )
    return HTMLResponse(
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>jixiao</title>'
        f"<style>{_STYLE}</style><main><h1>绩效表复核 · jixiao review</h1>{said}</main>",
        status_code=403,
    )


def _no(status: int, why: str) -> Response:
    return PlainTextResponse(f"{why}\n", status_code=status)


class TooMuchError(ValueError):
    """A body beyond the limit, whatever its header said."""


def _limited(receive: Receive) -> Receive:
    got = 0

    async def limited() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > MAX_BODY:
            raise TooMuchError(f"more than {MAX_BODY} bytes")
        return message

    return limited


def _with_headers(send: Send, *, private: bool) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store" if private else "no-cache")
        await send(message)

    return sending
