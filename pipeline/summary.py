"""What a run did: counted for the person at the terminal, written to ``run.json`` for everybody else."""

from __future__ import annotations

import json
import os
import platform
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from pipeline.places import shown
from pipeline.settings import Settings

RUN = "run.json"
PACKAGES = ("jixiao", "jieba", "lxml", "msgspec", "pandas", "pdfplumber", "pyarrow", "pypdfium2", "rapidfuzz")


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The figures of one run. ``trouble`` holds the messages of
    the first quarantined files; ``cells_share`` is the share of non-empty cells accounted for, 0…1.
    ``timings`` are seconds by stage, those of all workers together; ``readers`` the documents worked
    on and their seconds by reader; ``parts`` the published parts kept from the last publish and written; ``cluster`` the
    scheduler, workers, threads and hosts of an engine that has them, at the start.
    """

    files: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    cells_claimed: int = 0
    issues: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    stages: dict[str, dict[str, int]] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    readers: dict[str, dict[str, float]] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    cluster: dict[str, Any] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()
    dropped: int = 0
    digest: str = ""
    seconds: float = 0.0

    @property
    def quarantined(self) -> int:
        """How many files could not be read."""
        return self.files.get("quarantined", 0)

    @property
    def cells_share(self) -> float:
        """The share of non-empty cells that a field, noise or a registered doubt accounts for."""
        total = self.rows.get("cells", 0)
        return self.cells_claimed / total if total else 1.0

    def exit_status(self, strict: bool) -> int:
        """0, or 3 when ``strict`` and something was quarantined.

        >>> RunSummary(files={"quarantined": 1}).exit_status(True), RunSummary().exit_status(True)
        (3, 0)
        """
        return 3 if strict and self.quarantined else 0


def stage_counts(
    made: Counter[str], reused: Counter[str], refused: Counter[str]
) -> dict[str, dict[str, int]]:
    """Per stage: results made, reused and refused in this run."""
    names = sorted({*made, *reused, *refused})
    return {n: {"made": made[n], "reused": reused[n], "refused": refused[n]} for n in names}


def write_run(out: Path, settings: Settings, summary: RunSummary, started: datetime) -> None:
    """``run.json``: the only published file in which anything varies between two equal runs."""
    record: dict[str, Any] = {
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": _recorded(settings),
        "versions": {name: _version(name) for name in PACKAGES} | {"python": platform.python_version()},
        "machine": {"system": platform.system(), "machine": platform.machine(), "cpus": os.cpu_count()},
        **asdict(summary),
    }
    waiting = out / f".{os.getpid()}-{RUN}"
    waiting.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    waiting.replace(out / RUN)


def _recorded(settings: Settings) -> dict[str, Any]:
    """The settings without what lets somebody into a store."""
    found = {name: value for name, value in asdict(settings).items() if name != "storage"}
    return found | {name: shown(found[name]) for name in ("raw", "out", "work")}


def read_run(out: Path) -> dict[str, Any] | None:
    """What ``run.json`` says about the last publish, or None where nothing was published."""
    try:
        found = json.loads((out / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "none"
