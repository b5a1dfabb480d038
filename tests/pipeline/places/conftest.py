"""A local S3 server, and places in it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline import extract
from pipeline.places import Place, place_of
from pipeline.summary import RunSummary
from tests.pipeline.conftest import FORM


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of an S3 server on this machine."""
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    moto = pytest.importorskip("moto.server", reason="moto is a development dependency")
    found = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    found.start()
    host, port = found.get_host_and_port()
    yield f"http://{host}:{port}"
    found.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """An empty bucket that the environment leads to; work places stand in below ``tmp_path``."""
    name = f"jixiao-{uuid.uuid4().hex[:12]}"
    for variable, value in {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "not-so-secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
        "JIXIAO_CACHE": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(variable, value)
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem(use_listings_cache=False).mkdir(name)
    return name


@dataclass(frozen=True)
class Site:
    """The three places of a run, as URLs."""

    raw: str
    clean: str
    work: str

    def run(self, **settings: Any) -> RunSummary:
        settings.setdefault("engine", "serial")
        return extract(self.raw, out=self.clean, work=self.work, **settings)

    def place(self, url: str) -> Place:
        return place_of(url)

    def write(self, path: str, data: str | bytes = FORM) -> None:
        place_of(self.raw).write(path, data if isinstance(data, bytes) else data.encode())


@pytest.fixture
def site(bucket: str) -> Site:
    base = f"s3://{bucket}/county"
    return Site(f"{base}/raw", f"{base}/clean", f"{base}/work")
