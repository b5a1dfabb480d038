"""Seconds, CPU and memory of runs over a generated archive.

    python benchmarks/archive/measure.py SCRATCH COUNT [--engine processes] [--workers 2] [--only first]

Runs, each in a process of its own: first, unchanged, one document changed. Prints one JSON line each.
CPU is that of the run and all its workers; ``parent_mb`` is the peak of the process that publishes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from generate import form, generate

RUN = """
import json, resource, sys
from pipeline import extract
raw, out, work, engine, workers = sys.argv[1:]
s = extract(raw, out=out, work=work, engine=engine, workers=int(workers))
own = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"parent_mb": own.ru_maxrss // 1024, "parent_cpu": round(own.ru_utime + own.ru_stime, 2),
    "files": s.files, "parts": s.parts, "timings": s.timings}))
"""


def cpu_of_children() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def once(name: str, place: Path, count: int, engine: str, workers: int) -> None:
    before, begun = cpu_of_children(), time.perf_counter()
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            RUN,
            str(place / "raw"),
            str(place / "clean"),
            str(place / "work"),
            engine,
            str(workers),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    found = {"run": name, "documents": count, "engine": engine, "workers": workers}
    found |= {"seconds": round(time.perf_counter() - begun, 1), "cpu": round(cpu_of_children() - before, 1)}
    print(json.dumps(found | json.loads(done.stdout), ensure_ascii=False), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--engine", default="processes")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    place = given.scratch / f"{given.count}-{given.engine}-{given.workers}"
    shutil.rmtree(place, ignore_errors=True)
    generate(place / "raw", given.count)
    setting = (place, given.count, given.engine, given.workers)
    once("first", *setting)
    if given.only != "first":
        once("unchanged", *setting)
        import random

        victim = min((place / "raw" / "2022").rglob("*.txt"))
        victim.write_text(form(random.Random(1), 999_999_999, 2022), encoding="utf-8")
        once("one document changed", *setting)
    shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
