"""Kill a run at random moments and resume it: the tables must be those of an undisturbed run.

    python benchmarks/archive/kill.py SCRATCH [--times 100] [--documents 60] [--seed 1] [--engine processes|dask]

Every other time the victim is the run itself, else one of its workers or a process that starts or
serves them; a quarter of the moments lie in publishing. Kills that came after the end do not count.
Every fifth time the run is left to finish and compared with one that nobody disturbs; then all that the
killed run stored is removed, a tenth of the files changes, and it begins anew. Ends with a table, and with status 1 where anything differed.
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
from collections import Counter
from contextlib import suppress
from pathlib import Path

from generate import Shares, form, generate

RUN = """
import sys
from pipeline import extract
if __name__ == "__main__":
    extract(sys.argv[1], out=sys.argv[2], work=sys.argv[3], engine=sys.argv[4], workers=2, batch=2)
"""
ROUND = 5


def start(place: Path, out: str, engine: str) -> subprocess.Popen[bytes]:
    places = [str(place / "raw"), str(place / out), str(place / f"{out}-work")]
    script = place / "run.py"  # a file, for Dask's processes import what started them
    script.write_text(RUN, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, str(script), *places, engine],
        stderr=(place / "stderr.txt").open("wb"),
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(Path.cwd()), os.environ.get("PYTHONPATH", ""))),
        },
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


def name_of(pid: int) -> str:
    """What a process is: its place among those of a run."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        above = Path(f"/proc/{parent}/cmdline").read_bytes().decode(errors="replace")
    except (OSError, ValueError):
        return "worker"
    if "nursery" not in line:
        return "Dask process"
    return "worker" if "nursery" in above else "process that starts workers"


def strike(place: Path, number: int, chance: random.Random, engine: str, whole: float) -> str:
    """Start a run and kill something of it; what was hit."""
    run = start(place, "clean", engine)
    until = time.monotonic() + 120
    while run.poll() is None and not reached(place, number) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(chance.random() * (0.4 * whole if number % 2 else 0.1 if number % 4 else 0.7 * whole))
    held = holding(place / "clean-work") if number % 2 else []
    victims = [pid for pid in held if pid != run.pid]
    victim = chance.choice(victims) if victims else run.pid
    what = name_of(victim) if victim != run.pid else "run"
    if what == "run" and list((place / "clean" / ".snapshots").glob(".writing-*")):
        what = "run while publishing"
    over = run.poll() is not None
    with suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    status = run.wait()
    while holding(place / "clean-work"):
        if time.monotonic() > until:
            raise SystemExit("a process is left")
        time.sleep(0.01)
    if what not in ("run", "run while publishing") and status != 0:
        raise SystemExit(f"a killed {what} ended the run:\n{(place / 'stderr.txt').read_text()[-2000:]}")
    return "came too late" if over else what


def compared(place: Path, engine: str) -> tuple[bool, list[str]]:
    """Whether the resumed run gives the bytes of an undisturbed serial run, and what it left behind."""
    for out, how in (("clean", engine), ("whole", "serial")):
        if start(place, out, how).wait():
            raise SystemExit((place / "stderr.txt").read_text()[-2000:])
    same = files_of(place / "clean") == files_of(place / "whole")
    left = [p.name for p in (place / "clean-work").iterdir() if p.name in ("tmp", "members", "progress.json")]
    return same, left


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="processes")
    given = parser.parse_args()
    place, chance = given.scratch / f"kill-{given.engine}", random.Random(given.seed)
    shutil.rmtree(place, ignore_errors=True)
    print(dict(generate(place / "raw", given.documents, shares=Shares(pdf=25, scan=0, zipped=20, bad=8))))
    begun = time.monotonic()
    compared(place, given.engine)
    whole = (time.monotonic() - begun) / 2
    counts: Counter[str] = Counter()
    rounds: Counter[str] = Counter()
    number = landed = 0
    while landed < given.times:
        shutil.rmtree(place / "clean-work")
        for file in chance.sample(sorted((place / "raw").rglob("*.txt")), given.documents // 10):
            file.write_text(form(chance, chance.randrange(10**8), 2022), encoding="utf-8")
        here = 0
        while here < ROUND and landed < given.times:
            struck = strike(place, number, chance, given.engine, whole)
            counts[struck] += 1
            print(number, struck, f"{time.monotonic() - begun:.0f} s", flush=True)
            number += 1
            if struck == "came too late":
                shutil.rmtree(place / "clean-work")  # or all that follow would come too late, too
                continue
            here, landed = here + 1, landed + 1
        same, left = compared(place, given.engine)
        rounds["identical" if same and not left else "DIFFERENT"] += 1
        print(landed, "identical" if same else "DIFFERENT", left or "nothing left", dict(counts), flush=True)
    print("\n| hit | times |\n|---|---|")
    for what, times in sorted(counts.items()):
        print(f"| {what} | {times} |")
    print(f"\n{landed} kills that landed, {sum(rounds.values())} comparisons: {dict(rounds)}")
    raise SystemExit(1 if rounds["DIFFERENT"] else 0)


if __name__ == "__main__":
    main()
