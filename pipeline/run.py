"""A whole run: the list of stages, wired to an engine, from a raw folder to the published tables."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.places import folder, inside, is_url, shown
from pipeline.publishing.publication import Tally, publish
from pipeline.running.crew import Crew
from pipeline.running.documents import Documents
from pipeline.running.gather import gather
from pipeline.running.members import emptied
from pipeline.running.prune import tidy
from pipeline.schema import CorrectionRow
from pipeline.settings import Settings, SettingsError, load_settings
from pipeline.stage import key_for
from pipeline.stages import compare
from pipeline.standins import Standins, alone, at_hand
from pipeline.storage.store import Store, key_of
from pipeline.summary import RunSummary, read_run, stage_counts, write_run
from pipeline.watch import Progress, Watch
from pipeline.work.job import CompareTask
from pipeline.work.runlog import LOG as RUN_LOG
from pipeline.work.runlog import log_to
from pipeline.work.ticket import Ticket

Tell = Callable[[Progress], None]
"""Called about once a second with how far the run is."""
LOG = logging.getLogger("jixiao.run")
ENGINES = ("processes", "serial", "dask")
STAGES = ("read", "assemble", "normalise", "audit", "compare", "publish")
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
    force: str | None = None,
    progress: Tell | None = None,
    **limits: Any,
) -> RunSummary:
    """Read every file under ``raw``, publish the tables under ``out``, and say what was done.

    Anything not given comes from ``jixiao.toml`` or the defaults (data/raw, data/clean, data/work);
    ``limits`` are the other fields of :class:`pipeline.settings.Settings`.
    One bad file never ends the run: it gets a status and a reason in ``documents``.
    Raises SettingsError for what was asked wrongly; any other exception is a fault of ours, and the
    last publish then stands untouched.
    """
    given: dict[str, Any] = {"year": year, "engine": engine, "workers": workers, "strict": strict}
    given["second_opinion"] = second_opinion
    places = {"raw": raw, "out": out, "work": work}
    given |= {name: os.fspath(place) for name, place in places.items() if place is not None}
    return run(load_settings(**given, **limits), progress, force)


def run(settings: Settings, progress: Tell | None = None, force: str | None = None) -> RunSummary:
    """The run that :func:`extract` starts, with its settings already gathered."""
    _check(settings, force)
    with at_hand(settings) as here:
        return _run(here, settings, progress, force)


def _run(here: Standins, asked: Settings, progress: Tell | None, force: str | None) -> RunSummary:
    """The run in the folders that stand for its places; ``asked`` are the settings as they were given."""
    settings = here.settings
    started, clock = datetime.now(UTC), time.perf_counter()
    forced = frozenset(STAGES[STAGES.index(force) :]) if force else frozenset()
    out, work = Path(settings.out), Path(settings.work)
    out.mkdir(parents=True, exist_ok=True)
    with alone(out), _in_folder(work), Store(work) as store, _rare_gc():
        watch = Watch(work, progress, f"{settings.engine} {settings.address}".strip())
        with Crew(settings, store, forced) as crew:
            LOG.info("run started: %s", shown(str(settings)))
            documents = Documents(settings, store, crew, watch, forced)
            manifest = gather(settings, documents)
            tickets, orphans = documents.decisions.take(documents, manifest.entries)
            watch.step("compare")
            compared, key = _with_orphans(*_compare(tickets, store, crew), orphans)
            watch.step("publish")
            before = (read_run(out) or {}).get("rows", {}).get("documents", 0)
            tally = publish(out, tickets, compared, key, crew.must, anew="publish" in forced)
        summary = RunSummary(
            **_counts(tickets, tally),
            stages=stage_counts(crew.made, crew.reused, crew.refused),
            timings={stage: round(s, 3) for stage, s in sorted(crew.seconds.items())},
            readers=documents.readers,
            cluster=crew.cluster,
            skipped=manifest.skipped,
            dropped=max(0, before - len(tickets)),
            seconds=round(time.perf_counter() - clock, 3),
        )
        write_run(out, asked, summary, started)
        here.send()
        tidy(here)
        documents.source.close()
        emptied(settings)
        watch.close()
        LOG.info("run finished: %d files in %.1f s", len(tickets), summary.seconds)
    return summary


def _check(settings: Settings, force: str | None) -> None:
    if settings.engine not in ENGINES:
        raise SettingsError(f"engine {settings.engine!r} is not available; choose from {', '.join(ENGINES)}")
    if settings.engine == "dask":
        from pipeline.engines.dask import installed

        installed()
    if force is not None and force not in STAGES:
        raise SettingsError(f"there is no stage {force!r}; choose from {', '.join(STAGES)}")
    if not is_url(settings.raw) and not Path(folder(settings.raw)).exists():
        raise SettingsError(f"{settings.raw}: there is no such file or folder to read")
    for name in ("out", "work"):
        place = getattr(settings, name)
        if inside(place, settings.raw):
            raise SettingsError(
                f"{name} {shown(place)} lies inside the raw folder, which is never written to"
            )


def _compare(tickets: Sequence[Ticket], store: Store, crew: Crew) -> tuple[compare.Compared, str]:
    """What shows only across documents, and under which key it is kept; workers hold the fingerprints."""
    documents = tuple((t.audited, t.records) for t in tickets if t.audited)
    key = key_of(*sorted(audited for audited, _ in documents))
    kept = key_for(compare.STAGE, key)
    stored = None if compare.STAGE.name in crew.force else store.get(kept)
    if stored is not None and not stored.refused:
        crew.reused[compare.STAGE.name] += 1
        blob = stored.blob
    else:
        [(_, blob)] = crew.must(
            [(0, CompareTask(key, documents, tuple(t.audited for t in tickets if t.waiting)))]
        )
    found: compare.Compared = compare.STAGE.codec.decode(blob)
    return found, kept


def _with_orphans(
    compared: compare.Compared, key: str, orphans: list[CorrectionRow]
) -> tuple[compare.Compared, str]:
    """What belongs to no document stands with what comparing documents gave, and changes its key."""
    if not orphans:
        return compared, key
    rows = (*compared.corrections, *orphans)
    return replace(compared, corrections=rows), key_of(key, *(repr(row) for row in orphans))


def _counts(tickets: Sequence[Ticket], tally: Tally) -> dict[str, Any]:
    rows = [t.row for t in tickets]
    return {
        "files": dict(sorted(Counter(r.status for r in rows).items())),
        "reasons": dict(sorted(Counter(r.reason_code for r in rows if r.reason_code).items())),
        "rows": tally.rows,
        "cells_claimed": tally.cells_claimed,
        "issues": dict(sorted(tally.issues.items())),
        "findings": dict(sorted(tally.findings.items())),
        "parts": tally.parts,
        "digest": tally.digest,
        "trouble": tuple(str(r.message) for r in rows if r.status == "quarantined")[:_NAMED],
    }


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
def _in_folder(work: Path) -> Iterator[None]:
    """A work folder with a log, and without temporary files before and after."""
    work.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(work / "tmp", ignore_errors=True)
    logger = logging.getLogger("jixiao")
    before, level = logger.propagate, logger.level
    handler = log_to(work / RUN_LOG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = before
        logger.setLevel(level)
        handler.close()
        shutil.rmtree(work / "tmp", ignore_errors=True)
