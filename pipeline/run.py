"""A whole run: the list of stages, wired to an engine, from a raw folder to the published tables."""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.audit.fingerprint import Fingerprint
from pipeline.chain import Processed, duplicate, process
from pipeline.engines.serial import run_shards
from pipeline.schema import DocumentRow
from pipeline.settings import Settings, SettingsError, load_settings
from pipeline.stage import Context, run_stage
from pipeline.stages import compare
from pipeline.stages.collect import Entry, collect
from pipeline.stages.publish import Publication, Tally
from pipeline.store import Store, key_of
from pipeline.summary import RunSummary, read_run, stage_counts, write_run

Progress = Callable[[int, int], None]
"""Called with (documents done, documents in all)."""
LOG = logging.getLogger("jixiao.run")
ENGINES = ("serial",)
_NAMED = 20  # quarantined files named in the summary; all of them are in the table documents


def extract(
    raw: str | Path | None = None,
    out: str | Path | None = None,
    work: str | Path | None = None,
    *,
    year: int | None = None,
    engine: str | None = None,
    workers: int | None = None,
    strict: bool | None = None,
    second_opinion: str | None = None,
    progress: Progress | None = None,
) -> RunSummary:
    """Read every file under ``raw``, publish the tables under ``out``, and say what was done.

    Anything not given comes from ``jixiao.toml`` or the defaults (data/raw, data/clean, data/work).
    One bad file never ends the run: it gets a status and a reason in ``documents``.
    Raises SettingsError for what was asked wrongly; any other exception is a fault of ours, and the
    last publish then stands untouched.
    """
    given: dict[str, Any] = {"year": year, "engine": engine, "workers": workers, "strict": strict}
    given["second_opinion"] = second_opinion
    places = {"raw": raw, "out": out, "work": work}
    given |= {name: os.fspath(place) for name, place in places.items() if place is not None}
    return run(load_settings(**given), progress)


def run(settings: Settings, progress: Progress | None = None) -> RunSummary:
    """The run that :func:`extract` starts, with its settings already gathered."""
    _check(settings)
    started, clock = datetime.now(UTC), time.perf_counter()
    manifest = collect(settings.raw, settings.year)
    entries = [replace(entry, second_opinion=settings.second_opinion) for entry in manifest.entries]
    out = Path(settings.out)
    out.mkdir(parents=True, exist_ok=True)
    with _alone(out), Store(Path(settings.work)) as store, _log_to(Path(settings.work)), _rare_gc():
        context, publication = Context(store), Publication()
        done = _process_all(entries, context, settings, publication, progress)
        compared = _compare(done, context)
        before = (read_run(out) or {}).get("rows", {}).get("documents", 0)
        tally = publication.finish(out, compared.findings, compared.links)
        summary = RunSummary(
            **_counts(done, tally),
            stages=stage_counts(context.made, context.reused, context.refused),
            skipped=manifest.skipped,
            dropped=max(0, before - len(done)),
            seconds=round(time.perf_counter() - clock, 3),
        )
        write_run(out, settings, summary, started)
    return summary


def _check(settings: Settings) -> None:
    if settings.engine not in ENGINES:
        raise SettingsError(f"engine {settings.engine!r} is not available; choose from {', '.join(ENGINES)}")
    if "://" in settings.raw:
        raise SettingsError(f"{settings.raw}: this version reads folders and files, not yet object storage")
    raw = Path(settings.raw).resolve()
    for name in ("out", "work"):
        place = Path(getattr(settings, name)).resolve()
        if place == raw or raw in place.parents:
            raise SettingsError(f"{name} {place} lies inside the raw folder, which is never written to")


@dataclass(frozen=True, slots=True)
class _Done:
    """What is kept of a document once its rows are packed."""

    row: DocumentRow
    key: str
    prints: tuple[Fingerprint, ...]


def _process_all(
    entries: Sequence[Entry],
    context: Context,
    settings: Settings,
    publication: Publication,
    progress: Progress | None,
) -> list[_Done]:
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.document_id, entry)

    def work(shard: Sequence[Entry]) -> list[Processed]:
        with context.store.batch():
            return [
                process(e, context) if first[e.document_id] is e else duplicate(e, first[e.document_id])
                for e in shard
            ]

    shards = [entries[n : n + settings.batch] for n in range(0, len(entries), settings.batch)]
    done: list[_Done] = []
    for _, results in run_shards(work, shards):
        for p in results:
            publication.add(p.row, p.records, p.audited.findings)
            done.append(_Done(p.row, p.key, p.audited.prints))
        if progress is not None:
            progress(len(done), len(entries))
    return done


def _compare(done: Sequence[_Done], context: Context) -> compare.Compared:
    """What shows only across documents; here all results meet, each as a small fingerprint."""
    key = key_of(*(d.key for d in done if d.key))
    with context.store.batch():
        outcome = run_stage(compare.STAGE, "all", key, lambda: [p for d in done for p in d.prints], context)
    if outcome.refusal:
        raise RuntimeError(outcome.refusal.message)
    return outcome.value()


def _counts(done: Sequence[_Done], tally: Tally) -> dict[str, Any]:
    return {
        "files": dict(sorted(Counter(p.row.status for p in done).items())),
        "reasons": dict(sorted(Counter(p.row.reason_code for p in done if p.row.reason_code).items())),
        "rows": tally.rows,
        "cells_claimed": tally.cells_claimed,
        "issues": dict(sorted(tally.issues.items())),
        "findings": dict(sorted(tally.findings.items())),
        "digest": tally.digest,
        "trouble": tuple(str(p.row.message) for p in done if p.row.status == "quarantined")[:_NAMED],
    }


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Only one run publishes into a folder at a time; the lock is on the folder itself."""
    handle = os.open(out, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SettingsError(f"{out}: another run is publishing here; wait for it to finish") from error
        yield
    finally:
        os.close(handle)


@contextmanager
def _rare_gc() -> Iterator[None]:
    """Collect garbage rarely: the objects of a run are trees without cycles, and there are many of them."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _log_to(work: Path) -> Iterator[None]:
    """Send what the stages log (tracebacks of internal errors) to ``run.log`` in the work folder."""
    logger = logging.getLogger("jixiao")
    handler = logging.FileHandler(work / "run.log", encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger.addHandler(handler)
    before, logger.propagate = logger.propagate, False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = before
        handler.close()
