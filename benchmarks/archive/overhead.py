"""What an engine adds to documents of 50 ms, and what a second worker is worth.

    python benchmarks/archive/overhead.py [--items 400] [--kind sleep|spin] [--seconds 0.05]

``sleep`` waits, so that other work on the machine hardly matters; ``spin`` computes until the CPU
clock of its process has moved on by so much, which needs free cores. The engine is started and
warmed by a few items first; its start is shown by itself. Overhead is wall time over the seconds of
the items divided by the workers. A median of some rounds, so that one disturbed round does not count.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from spend import Spend

from pipeline.engines.dask import Cluster
from pipeline.engines.pool import Pool
from pipeline.engines.serial import Serial

ROUNDS = 3


def measured(name: str, start: Callable[[], Any], workers: int, items: int, seconds: float) -> float:
    """Start an engine and time its items; prints a row and gives the seconds a round took."""
    begun = time.perf_counter()
    with start() as engine:
        assert all(o.status == "ok" for o in engine.run(enumerate(range(4 * workers))))
        started = time.perf_counter() - begun
        took = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            assert sum(o.status == "ok" for o in engine.run(enumerate(range(items)))) == items
            took.append(time.perf_counter() - begun)
    ideal = items * seconds / workers
    wall = statistics.median(took)
    print(
        f"| {name} | {workers} | {started:.1f} | {wall:.2f} | {ideal:.2f} | {wall / ideal - 1:+.1%} |",
        flush=True,
    )
    return wall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--kind", choices=("sleep", "spin"), default="sleep")
    parser.add_argument("--seconds", type=float, default=0.05)
    given = parser.parse_args()
    work = Spend(given.kind, given.seconds)
    print("| engine | workers | start s | seconds | ideal | overhead |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        ways: list[tuple[str, int, Callable[[], Any]]] = [
            ("serial", 1, lambda: Serial(work)),
            ("processes", 1, lambda: Pool(work, 1)),
            ("processes", 2, lambda: Pool(work, 2)),
            ("dask", 1, lambda: Cluster(work, 1, folder=Path(folder) / "1")),
            ("dask", 2, lambda: Cluster(work, 2, folder=Path(folder) / "2")),
        ]
        wall = {(name, n): measured(name, start, n, given.items, given.seconds) for name, n, start in ways}
    for name in ("processes", "dask"):
        print(f"{name}: two workers {wall[name, 1] / wall[name, 2]:.2f} × one")


if __name__ == "__main__":
    main()
