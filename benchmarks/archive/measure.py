"""Seconds, CPU and memory of runs over a generated archive.

    python benchmarks/archive/measure.py SCRATCH COUNT [--ways serial,processes:1,processes:2,dask:2]
                                         [--shares text | pdf=40,…] [--only first]

Each way runs over an archive and a copy of the project of its own: first, unchanged, one document
changed, one alias changed, each in a process of its own. Prints a row of a table each. CPU is that
of the run and all its workers; *run MB* is the peak of the process that publishes, *worker MB* that
of the largest other process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from generate import Shares, form, generate, shares_of

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import json, resource, sys
from pipeline import extract
raw, out, work, engine, workers = sys.argv[1:]
s = extract(raw, out=out, work=work, engine=engine, workers=int(workers))
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"own": own.ru_maxrss >> 10, "other": others.ru_maxrss >> 10, "files": s.files,
    "made": {name: n["made"] for name, n in s.stages.items()}, "parts": s.parts, "forms": s.rows["forms"],
    "readers": s.readers, "timings": s.timings}))
"""
NEW = '  - {label: 从未出现的产出, node: output, level: 1, seen: "nowhere"}'
HEAD = "| documents | way | run | wall s | CPU s | CPU ms a document | share of first | run MB | worker MB | made |"


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def once(name: str, place: Path, count: int, way: str, first: float | None = None) -> float:
    """One run; prints its row and gives its CPU seconds."""
    engine, _, workers = way.partition(":")
    before, begun = cpu_of_children(), time.perf_counter()
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            RUN,
            *(str(place / n) for n in ("raw", "clean", "work")),
            engine,
            workers or "1",
        ],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=place / "code",
        env={**os.environ, "PYTHONPATH": str(place / "code"), "PYTHONDONTWRITEBYTECODE": ""},
    )
    wall, cpu = time.perf_counter() - begun, cpu_of_children() - before
    found = json.loads(done.stdout)
    made = ", ".join(f"{n} {stage}" for stage, n in found["made"].items() if n) or "nothing"
    share = f"{cpu / first:.1%}" if first else "–"
    print(
        f"| {count:,} | {way} | {name} | {wall:.1f} | {cpu:.1f} | {1000 * cpu / count:.1f} | {share} "
        f"| {found['own']} | {found['other']} | {made} |",
        flush=True,
    )
    with (place.parent / f"{place.name}.jsonl").open("a", encoding="utf-8") as log:
        log.write(
            json.dumps({"run": name, "way": way, "wall": wall, "cpu": cpu, **found}, ensure_ascii=False)
            + "\n"
        )
    return cpu


def alias_changed(code: Path) -> None:
    """Add an alias that no form uses, as a person would after seeing a new label."""
    file = code / "normalizers" / "reference" / "aliases.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\naliases:\n", f"\naliases:\n{NEW}\n", 1), encoding="utf-8")
    if file.read_text(encoding="utf-8") == text:
        raise SystemExit(f"{file}: no alias could be added")


def measure(scratch: Path, count: int, way: str, shares: Shares, only: str) -> None:
    place = scratch / f"{count}-{way.replace(':', '-')}"
    shutil.rmtree(place, ignore_errors=True)
    generate(place / "raw", count, shares=shares)
    for package in ("pipeline", "extractors", "normalizers"):
        shutil.copytree(ROOT / package, place / "code" / package)
    first = once("first", place, count, way)
    if only != "first":
        once("unchanged", place, count, way, first)
        victim = min((place / "raw" / "2022").rglob("*.txt"))
        victim.write_text(form(random.Random(1), 999_999_999, 2022), encoding="utf-8")
        once("one document changed", place, count, way, first)
        alias_changed(place / "code")
        once("one alias changed", place, count, way, first)
    size = sum(p.stat().st_size for p in (place / "work").rglob("*") if p.is_file())
    print(f"  work folder {size / 1e6:.1f} MB", file=sys.stderr)
    shutil.rmtree(place, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scratch", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--ways", default="serial,processes:1,processes:2,dask:1,dask:2")
    parser.add_argument("--shares", type=shares_of, default=Shares())
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    print(f"{HEAD}\n{'|---' * 10}|")
    for way in given.ways.split(","):
        measure(given.scratch, given.count, way, given.shares, given.only)


if __name__ == "__main__":
    main()
