"""What all tests share: no timing decides whether a test passes, and no test waits for the disk."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("jixiao", deadline=None)
settings.load_profile("jixiao")


@pytest.fixture(scope="session", autouse=True)
def unhurried_disk() -> Iterator[None]:
    """Nothing in this process pulls the plug; a wrong descriptor is refused all the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", os.fstat)
        yield
