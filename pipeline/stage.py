"""What a stage is, and :func:`run_stage`: the only place that stores, skips and quarantines.

A stage is pure: one call from input to output. Its key is made of its name and version, the key of
its input, and the digests of all code and reference files it reads; an edited alias, unit or line
of code therefore re-runs exactly the stages that look at it, and nothing else.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from extractors.errors import ExtractionError
from normalizers.reference import ReferenceFileError
from pipeline.codec import Codec
from pipeline.issues import UnknownIssueError
from pipeline.store import Store, key_of

In = TypeVar("In")
Out = TypeVar("Out")
ROOT = Path(__file__).parents[1]
LOG = logging.getLogger("jixiao.stage")
# These say that we are wrong, not the document: the run stops.
OUR_FAULT = (UnknownIssueError, ReferenceFileError)
# These may pass by themselves (a full disk, a lost mount): reported, never remembered.
PASSING = (OSError, MemoryError)


@dataclass(frozen=True, slots=True)
class Stage(Generic[In, Out]):
    """One step. ``reads`` names the code and reference files its result depends on.

    An entry of ``reads`` is a file or folder below the three packages (``extractors/readers``), or
    ``package:<name>`` for the version of an installed library.
    """

    name: str
    version: str
    reads: tuple[str, ...]
    call: Callable[[In], Out]
    codec: Codec[Out]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a stage would not go on with a document."""

    stage: str
    reason_code: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Out]):
    """What a stage gave: a value (made or decoded on demand) or a refusal, and its key."""

    key: str
    value: Callable[[], Out]
    refusal: Refusal | None = None


@dataclass(slots=True)
class Context:
    """What run_stage needs beside the stage: the store, and counts of what was made and reused."""

    store: Store
    made: Counter[str] = field(default_factory=Counter)
    reused: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def run_stage(
    stage: Stage[In, Out], subject: str, input_key: str, given: Callable[[], In], context: Context
) -> Outcome[Out]:
    """The stored result of a stage for this input, or a new one, or the record of why there is none.

    ``given`` is called only when the stage must run, so a resumed run decodes nothing on the way.
    Raises what is our own fault (an unregistered issue code, inconsistent reference files).
    """
    key = key_for(stage, input_key)
    stored = context.store.get(key)
    if stored is not None:
        context.reused[stage.name] += 1
        if stored.refused:
            return _refused(key, msgspec.msgpack.decode(stored.blob, type=Refusal))
        blob = stored.blob
        return Outcome(key, lambda: stage.codec.decode(blob))
    remember = True
    try:
        value = stage.call(given())
        context.store.put(key, stage.name, subject, stage.codec.encode(value))
    except OUR_FAULT:
        raise
    except ExtractionError as error:
        refusal = Refusal(stage.name, error.reason_code, error.message)
        remember = not isinstance(error.__cause__, PASSING)
    except Exception as error:
        LOG.exception("%s: internal error in stage %s", subject, stage.name)
        refusal = Refusal(stage.name, "internal_error", f"{subject}: {type(error).__name__} in {stage.name}")
        remember = not isinstance(error, PASSING)
    else:
        context.made[stage.name] += 1
        return Outcome(key, lambda: value)
    context.refused[stage.name] += 1
    if remember:
        context.store.put(key, stage.name, subject, msgspec.msgpack.encode(refusal), refused=True)
    return _refused(key, refusal)


def key_for(stage: Stage[Any, Any], input_key: str) -> str:
    """The key under which a stage keeps its result for an input."""
    return key_of(stage.name, stage.version, input_key, digest_of(stage.reads))


def _refused(key: str, refusal: Refusal) -> Outcome[Any]:
    def nothing() -> Any:
        raise LookupError(refusal.message)

    return Outcome(key, nothing, refusal)


@cache
def digest_of(reads: tuple[str, ...]) -> str:
    """The digest of everything a stage reads: names and bytes of files, versions of libraries.

    Raises FileNotFoundError when an entry names nothing: a stage must not claim to read what is not there.
    """
    found = sha256()
    for entry in sorted(reads):
        if entry.startswith("package:"):
            found.update(f"{entry}={_version(entry.removeprefix('package:'))}\n".encode())
            continue
        files = _files(ROOT / entry)
        if not files:
            raise FileNotFoundError(f"{entry}: a stage says it reads this, but there is no such file")
        for file in files:
            found.update(f"{file.relative_to(ROOT).as_posix()}\0".encode())
            found.update(sha256(file.read_bytes()).digest())
    return found.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*") if p.suffix in (".py", ".yaml") and p.is_file())


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "none"
