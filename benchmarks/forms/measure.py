"""CPU time of a whole run over synthetic forms, by stage, in a fresh process.

usage: measure.py [--forms 1000] [--seed 1]

Prints forms a second of CPU time: for the whole run, start-up (imports, YAML, the jieba dictionary)
included, then each stage's share, then a second run over unchanged input.
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
    from pipeline import chain, extract, stage

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


def main() -> None:
    """Generate, run twice in fresh processes, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--run", nargs=2, type=Path, metavar=("RAW", "BASE"), help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.run:
        print(json.dumps(one_run(*a.run)))
        return
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        generate(base / "raw", a.forms, 10, a.seed, 2024)
        # An installed tool has its bytecode compiled: do that once, aside, and do not count it.
        compiled = os.environ | {"PYTHONPYCACHEPREFIX": str(base / "compiled")}
        compiled.pop("PYTHONDONTWRITEBYTECODE", None)
        generate(base / "few", 10, 10, a.seed, 2024)
        warm = [sys.executable, __file__, "--run", str(base / "few"), str(base / "warm")]
        subprocess.run(warm, check=True, capture_output=True, cwd=ROOT, env=compiled)
        for title in ("first run", "second run, nothing changed"):
            command = [sys.executable, __file__, "--run", str(base / "raw"), str(base)]
            out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=compiled)
            spent = json.loads(out.stdout.splitlines()[-1])
            forms, whole = spent.pop("forms"), spent.pop("whole run")
            print(f"{title}: {forms:.0f} forms, {whole:.2f} s of CPU, {forms / whole:.0f} forms/s")
            for name, seconds in spent.items():
                print(f"  {name:10} {1000 * seconds / forms:6.2f} ms a form")
            rest = whole - sum(spent.values())
            print(f"  {'rest':10} {1000 * rest / forms:6.2f} ms a form (start-up, collect, compare, publish)")


if __name__ == "__main__":
    main()
