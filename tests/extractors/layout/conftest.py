"""Helpers shared by the layout tests; loaded by path, because the tests are no package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent


def _load(name: str) -> ModuleType:
    full = f"layout_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, HERE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[full] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


@pytest.fixture(scope="session")
def damage() -> ModuleType:
    return _load("damage")


@pytest.fixture(scope="session")
def pages() -> ModuleType:
    return _load("pages")


@pytest.fixture(scope="session")
def golden() -> ModuleType:
    return _load("golden")
