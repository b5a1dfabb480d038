"""What a stage is, and :func:`run_stage`: the only place that stores, skips and quarantines.

A stage is pure: one call from input to output. Its key is made of its name and version, the key of
its input, and the digests of all code and reference files it reads; an edited alias, unit or line
of code therefore re-runs exactly the stages that look at it, and nothing else.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from extractors.errors import ExtractionError
from normalizers.reference import ReferenceFileError
from pipeline.issues import UnknownIssueError
from pipeline.storage.codec import Codec
from pipeline.storage.store import Results, key_of
from pipeline.storage.versions import digest_of

In = TypeVar("In")
Out = TypeVar("Out")
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
    """Why a stage would not go on with a document; ``lasting`` is False where it may pass by itself."""

    stage: str
    reason_code: str
    message: str
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Out]):
    """What a stage gave: a value (made or decoded on demand) or a refusal, and its key."""

    key: str
    value: Callable[[], Out]
    refusal: Refusal | None = None


@dataclass(slots=True)
class Context:
    """What run_stage needs beside the stage: the store, and counts of what was made and reused.

    ``force`` names stages whose stored results are not looked at; ``isolated`` says that running out
    of memory is dealt with outside (it then counts as the document's own doing); ``keeps`` is the work
    folder, where originals are kept, if it is on this machine; ``seconds`` adds up the wall time of
    each stage.
    """

    store: Results
    force: frozenset[str] = frozenset()
    isolated: bool = False
    keeps: Path | None = None
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
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
    stored = None if stage.name in context.force else context.store.get(key)
    if stored is not None:
        context.reused[stage.name] += 1
        if stored.refused:
            return _refused(key, msgspec.msgpack.decode(stored.blob, type=Refusal))
        blob = stored.blob
        return Outcome(key, lambda: stage.codec.decode(blob))
    begun = time.perf_counter()
    try:
        value = stage.call(given())
        context.store.put(key, stage.name, subject, stage.codec.encode(value))
    except OUR_FAULT:
        raise
    except Exception as error:
        if context.isolated and isinstance(error, MemoryError):
            raise
        refusal = _why(stage.name, subject, error)
    else:
        context.made[stage.name] += 1
        return Outcome(key, lambda: value)
    finally:
        context.seconds[stage.name] += time.perf_counter() - begun
    context.refused[stage.name] += 1
    if refusal.lasting:
        context.store.put(key, stage.name, subject, msgspec.msgpack.encode(refusal), refused=True)
    return _refused(key, refusal)


def _why(stage: str, subject: str, error: Exception) -> Refusal:
    if isinstance(error, ExtractionError):
        return Refusal(stage, error.reason_code, error.message, not isinstance(error.__cause__, PASSING))
    LOG.error("%s: internal error in stage %s", subject, stage, exc_info=error)
    message = f"{subject}: {type(error).__name__} in {stage}"
    return Refusal(stage, "internal_error", message, not isinstance(error, PASSING))


def key_for(stage: Stage[Any, Any], input_key: str) -> str:
    """The key under which a stage keeps its result for an input."""
    return key_of(stage.name, stage.version, input_key, digest_of(stage.reads))


def stored_value(stage: Stage[Any, Out], key: str, context: Context) -> Out | None:
    """A stage's result that an earlier step left in the store; None for the record of a refusal.

    Raises LookupError when it is gone: the store was damaged while the run was under way.
    """
    found = context.store.get(key)
    if found is None:
        raise LookupError(f"the store lost a result of stage {stage.name}; run again")
    return None if found.refused else stage.codec.decode(found.blob)


def _refused(key: str, refusal: Refusal) -> Outcome[Any]:
    def nothing() -> Any:
        raise LookupError(refusal.message)

    return Outcome(key, nothing, refusal)
