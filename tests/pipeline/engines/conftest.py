"""Dask clusters for tests: two worker processes on this machine, gone with the tests that asked for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SITE = """
import sys
if any('nursery' in a for a in sys.orig_argv):
    import time
    from dataclasses import replace
    from pathlib import Path
    from extractors.source import SourceFile
    from pipeline.stages import read
    whole, is_file = read.STAGE.call, Path.is_file
    def call(source):
        if b'DAWDLE' in source.data: time.sleep(0.05)
        return whole(source)
    read.STAGE = replace(read.STAGE, call=call)
    Path.is_file = lambda self: 'hidden' not in self.parts and is_file(self)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Workers started after this dawdle over some texts, and cannot see folders named hidden."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "sitecustomize.py").write_text(SITE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield folder


@contextmanager
def _cluster(folder: Path) -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        memory_limit=0,
        dashboard_address=None,
        worker_dashboard_address=None,
        local_directory=str(folder / "dask"),
    ) as found:
        yield found


@pytest.fixture(scope="module")
def cluster(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One cluster for all tests of a module: starting one costs more than most tests do with it."""
    with _cluster(tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture
def doomed(site: Path, tmp_path: Path) -> Iterator[Any]:
    """A cluster of its own for a test that ends it."""
    with _cluster(tmp_path) as found:
        yield found
