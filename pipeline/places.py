"""Places that are named by a URL: any store that fsspec knows, read and written by key.

Options (endpoint, keys, …) come from ``[storage.<protocol>]`` in ``jixiao.toml``, from fsspec's own
configuration and from the variables of the store's client (``AWS_…``), in that order. They are
never written anywhere, and a URL is always shown without what stands before its ``@``.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from pipeline.settings import SettingsError

In = TypeVar("In")
Out = TypeVar("Out")
Storage = Mapping[str, Mapping[str, Any]]
"""Options of stores by protocol."""
_HANDS = 16  # requests under way at once
_SCHEME = re.compile(r"(?:[A-Za-z0-9+.-]+::)*[A-Za-z][A-Za-z0-9+.-]+://")
_SIGN_IN = re.compile(r"(?<=://)[^/@]*@")
_TAGS = ("ETag", "etag", "md5Hash", "content_md5")
_TIMES = ("mtime", "LastModified", "last_modified", "created")
FRESH = 2.0  # seconds in which a file may be written again without its time showing it


class PlaceError(OSError):
    """A store could not be reached, or would not do what was asked; the message names the URL."""


def is_url(place: str) -> bool:
    """Whether a place is the URL of a store; ``file://`` names a folder like any other.

    >>> is_url("s3://bucket/raw"), is_url("data/raw"), is_url("file:///data/raw"), is_url("a::b/raw")
    (True, False, False, False)
    """
    return bool(_SCHEME.match(place)) and not place.startswith(("file://", "local://"))


def folder(place: str | Path) -> str:
    """A place that is no URL of a store as the path of a folder.

    >>> folder("file:///data/raw"), folder("data/raw")
    ('/data/raw', 'data/raw')
    """
    place = str(place)
    return unquote(urlsplit(place).path) if place.startswith(("file://", "local://")) else place


def inside(place: str, outer: str) -> bool:
    """Whether a place is another one or lies below it.

    >>> inside("s3://b/raw/clean", "s3://b/raw/"), inside("s3://b/rawer", "s3://b/raw"), inside("a/b", "s3://a")
    (True, False, False)
    """
    if is_url(place) != is_url(outer):
        return False
    if is_url(place):
        return f"{shown(place)}/".startswith(f"{shown(outer).rstrip('/')}/")
    here, there = Path(folder(place)).resolve(), Path(folder(outer)).resolve()
    return here == there or there in here.parents


def shown(place: str) -> str:
    """A place as it may be printed and logged: without name and password.

    >>> shown("ftp://me:secret@host/raw")
    'ftp://host/raw'
    """
    return _SIGN_IN.sub("", place)


@dataclass(frozen=True, slots=True)
class Found:
    """One object: its path below the place, its bytes, and a token that changes when they do (or empty)."""

    path: str
    size: int
    token: str


@dataclass(frozen=True, slots=True)
class Place:
    """A folder in a store. ``fs`` is fsspec's file system, ``root`` its path there, ``url`` its name for people."""

    fs: Any
    root: str
    url: str

    def at(self, path: str) -> str:
        """The path of something below this place, as the store knows it."""
        return f"{self.root}/{path}" if path else self.root

    def below(self, path: str) -> Place:
        """A folder of this place."""
        return Place(self.fs, self.at(path), f"{self.url}/{path}")

    def listing(self, path: str = "") -> list[Found]:
        """Every object below a folder, sorted by path; nothing where there is none. Raises PlaceError."""
        start = self.at(path)
        with reaching(f"{self.url}/{path}".rstrip("/")):
            found: dict[str, dict[str, Any]] = self.fs.find(start, detail=True)
        cut = len(self.root) + 1
        return sorted(
            (
                Found(name[cut:], int(info.get("size") or 0), _token(info))
                for name, info in found.items()
                if info.get("type", "file") == "file" and not name.endswith("/") and name != start
            ),
            key=lambda f: f.path,
        )

    def read(self, path: str) -> bytes | None:
        """The bytes of an object, None where there is none. Raises PlaceError."""
        with reaching(f"{self.url}/{path}"):
            try:
                data: bytes = self.fs.cat_file(self.at(path))
            except FileNotFoundError:
                return None
            return data

    def write(self, path: str, data: bytes) -> None:
        """Write an object, replacing one of that name. Raises PlaceError."""
        with reaching(f"{self.url}/{path}"):
            self._room(path)
            self.fs.pipe_file(self.at(path), data)

    def create(self, path: str, data: bytes) -> bool:
        """Write an object unless there is one of that name: False then, and nothing was written.

        One conditional request (``If-None-Match: *`` on S3): of any number who try, one succeeds.
        """
        with reaching(f"{self.url}/{path}"):
            self._room(path)
            try:
                self.fs.pipe_file(self.at(path), data, mode="create")
            except FileExistsError:
                return False
        return True

    def send(self, file: Path, path: str) -> None:
        """Upload a file. Raises PlaceError."""
        with reaching(f"{self.url}/{path}"):
            self._room(path)
            self.fs.put_file(str(file), self.at(path))

    def copy(self, old: str, new: str) -> None:
        """Copy an object within the store. Raises PlaceError."""
        with reaching(f"{self.url}/{old}"):
            self._room(new)
            self.fs.cp_file(self.at(old), self.at(new))

    def fetch(self, path: str, file: Path) -> None:
        """Download an object into a file. Raises PlaceError."""
        with reaching(f"{self.url}/{path}"):
            self.fs.get_file(self.at(path), str(file))

    def drop(self, paths: Iterable[str]) -> None:
        """Remove objects; one that is gone already is fine. Raises PlaceError."""

        def drop(path: str) -> None:
            with reaching(f"{self.url}/{path}"), suppress(FileNotFoundError):
                self.fs.rm_file(self.at(path))

        for _ in ahead(drop, paths):
            pass

    def _room(self, path: str) -> None:
        """Stores with real folders want the folder first; object stores ignore this."""
        if "s3" not in self.fs.protocol:
            self.fs.makedirs(self.at(path).rpartition("/")[0], exist_ok=True)


def place_of(url: str, storage: Storage | None = None) -> Place:
    """The place of a URL. Raises SettingsError where no installed library knows its protocol.

    >>> place_of("memory://archive/raw").root
    '/archive/raw'
    """
    import fsspec

    protocol = re.split("::|://", url, maxsplit=1)[0]
    options = dict((storage or {}).get(protocol, {}))
    try:
        fs, root = fsspec.core.url_to_fs(url, **({"use_listings_cache": False} | options))
    except (ImportError, ValueError) as error:
        extra = "; install: pip install 'jixiao[s3]'" if protocol == "s3" else ""
        raise SettingsError(f"{shown(url)}: cannot be opened ({error}){extra}") from error
    return Place(fs, root.rstrip("/"), shown(url).rstrip("/"))


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Whatever a store's client raises becomes a PlaceError that names the URL."""
    try:
        yield
    except PlaceError:
        raise
    except Exception as error:  # each store's client has exceptions of its own
        why = "there is no such bucket or object" if isinstance(error, FileNotFoundError) else str(error)
        raise PlaceError(f"{shown(url)}: {why or type(error).__name__}") from error


def ahead(call: Callable[[In], Out], items: Iterable[In], most: int = 2 * _HANDS) -> Iterator[tuple[In, Out]]:
    """Do a call for every item with many hands, in order; at most ``most`` are begun ahead of the reader."""
    waiting: deque[tuple[In, Future[Out]]] = deque()
    with ThreadPoolExecutor(_HANDS, thread_name_prefix="jixiao-place") as hands:
        try:
            for item in items:
                waiting.append((item, hands.submit(call, item)))
                if len(waiting) >= most:
                    done, future = waiting.popleft()
                    yield done, future.result()
            while waiting:
                done, future = waiting.popleft()
                yield done, future.result()
        finally:
            hands.shutdown(wait=True, cancel_futures=True)


def _token(info: Mapping[str, Any]) -> str:
    """What the store says that changes with the bytes; empty where that cannot be relied on.

    A time alone is not believed while it is fresh: the object may be written again within its last digit.
    """
    tags = [str(info[name]) for name in _TAGS if info.get(name)]
    times = [info[name] for name in _TIMES if info.get(name)]
    if not tags and (not times or any(_seconds(t) > time.time() - FRESH for t in times)):
        return ""
    return ":".join((str(info.get("size")), *tags, *map(str, times)))


def _seconds(moment: Any) -> float:
    """A store's time as seconds since 1970; one of an unknown kind counts as now."""
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return float(moment) if isinstance(moment, int | float) else time.time()
