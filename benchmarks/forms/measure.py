"""CPU time of a whole run over synthetic forms, by stage, in a fresh process.

usage: measure.py [--forms 1000] [--seed 1] [--against OTHER_CHECKOUT] [--turns 3]

Prints forms a second of CPU time: for the whole run, start-up (imports, YAML, the jieba dictionary)
included, then each stage's share, then a second run over unchanged input. Two checkouts are run turn by
turn: what else the machine does then slows both alike.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate import generate

ROOT = Path(__file__).parents[2]


def one_run(raw: Path, base: Path) -> dict[str, float]:
    """CPU seconds of one run in this process, by stage."""
    start = time.process_time()
    from pipeline import extract, stage
    from pipeline.exports.parquet import settle
    from pipeline.work import chain

    settle()  # as the command line does
    spent: dict[str, float] = {}
    run_stage = stage.run_stage
    depth = [0.0]

    def timed(step, *rest):  # type: ignore[no-untyped-def]
        began, before = time.process_time(), depth[0]
        depth[0] = 0.0
        try:
            return run_stage(step, *rest)
        finally:
            total = time.process_time() - began
            spent[step.name] = spent.get(step.name, 0.0) + total - depth[0]
            depth[0] = before + total

    chain.run_stage = timed
    summary = extract(raw, out=base / "clean", work=base / "work", engine="serial")
    spent["whole run"] = time.process_time() - start
    spent["forms"] = summary.rows["forms"]
    return spent


def fresh(root: Path, raw: Path, base: Path) -> dict[str, float]:
    """CPU seconds of one run by the code in ``root``, in a process of its own."""
    # An installed tool has its bytecode compiled: that is done once, aside, and not counted.
    env = os.environ | {"PYTHONPYCACHEPREFIX": str(base.parent / "compiled"), "PYTHONPATH": str(root)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, str(root / "benchmarks/forms/measure.py"), "--run", str(raw), str(base)]
    out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root, env=env)
    found: dict[str, float] = json.loads(out.stdout.splitlines()[-1])
    return found


def show(title: str, spent: dict[str, float]) -> None:
    """One run by stage."""
    forms, whole = spent["forms"], spent["whole run"]
    print(f"{title}: {forms:.0f} forms, {whole:.2f} s of CPU, {forms / whole:.0f} forms/s")
    stages = {name: seconds for name, seconds in spent.items() if name not in ("forms", "whole run")}
    for name, seconds in (*stages.items(), ("rest", whole - sum(stages.values()))):
        print(f"  {name:10} {1000 * seconds / forms:6.2f} ms a form")


def main() -> None:
    """Generate, run in fresh processes, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--against", type=Path, help="another checkout, run turn by turn with this one")
    parser.add_argument("--turns", type=int, default=1, help="runs of each; the cheapest counts")
    parser.add_argument("--run", nargs=2, type=Path, metavar=("RAW", "BASE"), help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.run:
        print(json.dumps(one_run(*a.run)))
        return
    roots = {"first run": ROOT} | (
        {"first run, the other checkout": a.against.resolve()} if a.against else {}
    )
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        generate(base / "raw", a.forms, 10, a.seed, 2024)
        generate(base / "few", 10, 10, a.seed, 2024)
        runs: dict[str, list[dict[str, float]]] = {title: [] for title in roots}
        for number, root in enumerate(roots.values()):
            fresh(root, base / "few", base / f"warm{number}")
        for turn in range(a.turns):
            for number, (title, root) in enumerate(roots.items()):
                runs[title].append(fresh(root, base / "raw", base / f"{number}-{turn}"))
        best = {title: min(found, key=lambda one: one["whole run"]) for title, found in runs.items()}
        for title, spent in best.items():
            show(title, spent)
        if a.against:
            new, old = (spent["whole run"] for spent in best.values())
            print(f"this checkout takes {new / old:.2f} of the CPU time of the other")
        show("second run, nothing changed", fresh(ROOT, base / "raw", base / "0-0"))


if __name__ == "__main__":
    main()
