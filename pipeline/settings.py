"""The settings of a run: what the command line says over what ``jixiao.toml`` says over the defaults.

A settings file is optional. Its keys are those of :class:`Settings`; an unknown key or a value of
the wrong kind is refused with a sentence that names the file and the key.
"""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

FILE = "jixiao.toml"
SECOND_READERS = ("pdfplumber", "camelot")


class SettingsError(ValueError):
    """Settings that make no sense; the message is a sentence for whoever typed them (exit status 2)."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    raw: str | None = None
    out: str | None = None
    work: str | None = None
    review: str | None = None
    year: int | None = None
    engine: str | None = None
    address: str | None = None
    workers: int | None = None
    strict: bool | None = None
    batch: int | None = None
    document_seconds: float | None = None
    memory_mb: int | None = None
    archive_depth: int | None = None
    archive_members: int | None = None
    archive_mb: int | None = None
    archive_ratio: int | None = None
    second_opinion: str | None = None
    fetch_mb: int | None = None
    trust_times: bool | None = None
    checkpoint_seconds: float | None = None
    store_mb: int | None = None
    storage: dict[str, dict[str, Any]] | None = None


def _cores() -> int:
    """The processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else 1


def _engine() -> str:
    """Processes of their own where there is more than one processor; they need Linux."""
    return "processes" if sys.platform == "linux" and _cores() > 1 else "serial"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run may be told.

    ``raw`` is the folder or file to read, ``out`` where tables are published, ``work`` where stage
    results are kept, ``review`` where people's decisions lie; ``year`` looks only at ``raw/<year>``; ``batch`` is the number of documents
    stored in one transaction (a crash loses at most one batch of work, never a published table).
    ``engine`` is processes, serial or dask, ``workers`` how many processes (default: one a processor);
    ``address`` is the Dask scheduler's (tcp://…), empty for a cluster on this machine alone;
    ``document_seconds`` and ``memory_mb`` are what one document may take in a process of its own;
    ``archive_…`` are the limits of one archive: archives within it, members, megabytes unpacked,
    and how many times its packed size.
    ``second_opinion`` names the reader (pdfplumber, camelot) that is also asked about the tables of PDFs.
    ``fetch_mb`` is how much of a raw URL may wait on this machine's disk, ``checkpoint_seconds`` how often
    results are sent to a work URL; ``trust_times`` believes a file that looks as it did to be as it was;
    a store of more than ``store_mb`` megabytes is pruned after a run (0: never). ``storage`` holds the
    options of stores by protocol; it is never printed.
    """

    raw: str = "data/raw"
    out: str = "data/clean"
    work: str = "data/work"
    review: str = "data/review"
    year: int | None = None
    engine: str = field(default_factory=_engine)
    address: str = ""
    workers: int = field(default_factory=_cores)
    strict: bool = False
    batch: int = 50
    document_seconds: float = 300.0
    memory_mb: int = 4096
    archive_depth: int = 3
    archive_members: int = 100_000
    archive_mb: int = 8192
    archive_ratio: int = 500
    second_opinion: str = ""
    fetch_mb: int = 20_000
    trust_times: bool = True
    checkpoint_seconds: float = 300.0
    store_mb: int = 0
    storage: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.workers < 1 or self.batch < 1:
            raise SettingsError("workers and batch must be at least 1")
        if self.document_seconds <= 0 or self.memory_mb < 256:
            raise SettingsError("document_seconds must be above 0, memory_mb at least 256")
        if min(self.archive_depth, self.archive_members, self.archive_mb, self.archive_ratio) < 1:
            raise SettingsError("the limits of archives must be at least 1")
        if self.fetch_mb < 0 or self.store_mb < 0 or self.checkpoint_seconds <= 0:
            raise SettingsError("fetch_mb and store_mb must be at least 0, checkpoint_seconds above 0")
        if self.address and self.engine != "dask":
            raise SettingsError(f"address {self.address}: only engine dask has one")
        if self.second_opinion not in ("", *SECOND_READERS):
            raise SettingsError(
                f"second_opinion {self.second_opinion!r}: choose from {', '.join(SECOND_READERS)}"
            )
        if self.year is not None and not 1949 <= self.year <= 2100:
            raise SettingsError(f"year {self.year}: expected a year such as 2023")


def load_settings(file: Path | None = None, **given: Any) -> Settings:
    """The settings of ``file`` (``jixiao.toml`` here, if there is one), overruled by what is given.

    Raises SettingsError.

    >>> load_settings(year=2023).year, load_settings().batch
    (2023, 50)
    """
    found: dict[str, Any] = {}
    path = file or Path(FILE)
    if file is not None or path.is_file():
        found = _read(path)
    found |= {key: value for key, value in given.items() if value is not None}
    unknown = set(found) - {f.name for f in fields(Settings)}
    if unknown:
        raise SettingsError(f"no such setting: {', '.join(sorted(unknown))}")
    return replace(Settings(), **found)


def _read(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return _File.model_validate(data).model_dump(exclude_none=True)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as TOML ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
