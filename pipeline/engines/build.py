"""What is installed here, in a line: machines that differ in it must not work on one run."""

from __future__ import annotations

import platform
from functools import cache

from pipeline.stage import key_for
from pipeline.stages import assemble, audit, normalise, read
from pipeline.storage.store import key_of
from pipeline.storage.versions import digest_of

_CODE = ("extractors", "normalizers", "pipeline")
_SHOWN = 12  # hexadecimal digits: enough to tell two versions apart, short enough for a message


@cache
def build() -> str:
    """Digests of our code and of the libraries that results depend on, and the version of Python.

    >>> build().startswith("code ")
    True
    """
    code = digest_of(_CODE)
    libraries = key_of(*(key_for(s, "") for s in (read.STAGE, assemble.STAGE, normalise.STAGE, audit.STAGE)))
    return f"code {code[:_SHOWN]}, libraries {libraries[:_SHOWN]}, Python {platform.python_version()}"
