"""Kill a run at random moments and resume it: the tables must be those of an undisturbed run.

    python benchmarks/archive/kill.py SCRATCH [--times 100] [--documents 40] [--seed 1]

Every other time the victim is the run itself, else one of its workers or the process that starts
them; a quarter of the moments lie in publishing. Every fifth time the run is left to finish and compared;
then all that is stored is removed, a tenth of the files changes, and it begins anew.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from generate import form, generate

RUN = "import sys; from pipeline import extract; extract(sys.argv[1], out=sys.argv[2], work=sys.argv[3], engine=sys.argv[4], batch=2)"


def start(place: Path, out: str, engine: str) -> subprocess.Popen[bytes]:
    places = [str(place / "raw"), str(place / out), str(place / f"{out}-work")]
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *places, engine], stderr=(place / "stderr.txt").open("wb")
    )


def holding(folder: Path) -> list[int]:
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                names = [str(fd.readlink()) for fd in (process / "fd").iterdir()]
                if any(name.startswith(str(folder)) for name in names):
                    found.append(int(process.name))
    return found


def files_of(clean: Path) -> dict[str, bytes]:
    base = clean / ".current"
    return {str(p.relative_to(base)): p.read_bytes() for p in base.rglob("*") if p.is_file()}


def reached(place: Path, number: int) -> bool:
    """Whether the run is where this kill is meant to strike: workers there, publishing, or anywhere."""
    if number % 2:
        return len(holding(place / "clean-work")) > 2
    return number % 4 == 0 or bool(list((place / "clean" / ".snapshots").glob(".writing-*")))


def strike(place: Path, number: int, chance: random.Random) -> str:
    run = start(place, "clean", "processes")
    until = time.monotonic() + 60
    while run.poll() is None and not reached(place, number) and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(chance.random() * (0.8 if number % 2 else 0.1 if number % 4 else 5))
    victims = [pid for pid in holding(place / "clean-work") if pid != run.pid] if number % 2 else []
    victim = chance.choice(victims) if victims else run.pid
    with suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    status = run.wait()
    while holding(place / "clean-work"):
        if time.monotonic() > until:
            raise SystemExit("a process is left")
        time.sleep(0.01)
    if victim != run.pid and status != 0:
        raise SystemExit("a killed worker ended the run")
    where = "run while publishing" if number % 4 == 2 else "run"
    return "worker" if victim != run.pid else where if status else "too late"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    place, chance = given.scratch / "kill", random.Random(given.seed)
    shutil.rmtree(place, ignore_errors=True)
    generate(place / "raw", given.documents, bad=0.1, zipped=0.3)
    counts: dict[str, int] = {}
    for number in range(given.times):
        struck = strike(place, number, chance)
        counts[struck] = counts.get(struck, 0) + 1
        if number % 5 == 4:
            for out, engine in (("clean", "processes"), ("whole", "serial")):
                assert start(place, out, engine).wait() == 0
            same = files_of(place / "clean") == files_of(place / "whole")
            left = [
                p.name
                for p in (place / "clean-work").iterdir()
                if p.name in ("tmp", "members", "progress.json")
            ]
            print(
                number + 1, "identical" if same else "DIFFERENT", left or "nothing left", counts, flush=True
            )
            for folder in ("clean-work", "whole-work"):
                shutil.rmtree(place / folder)
            for file in chance.sample(sorted((place / "raw").rglob("*.txt")), given.documents // 10):
                file.write_text(form(chance, chance.randrange(10**8), 2022), encoding="utf-8")


if __name__ == "__main__":
    main()
