"""What one document of each kind costs: CPU, store, and published bytes a form.

    python benchmarks/archive/costs.py SCRATCH [--each 40] [--scans 5]

One form and one page a document, serial engine, a process for each kind; the cost of the start (and of
what is loaded with the first few documents) is that of a run over a few, and is taken off. CPU time depends less on other work than wall time.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import typeset
from generate import form

RUN = "import sys; from pipeline import extract; extract(sys.argv[1], out=sys.argv[2], work=sys.argv[3], engine='serial')"
KINDS = ("txt", "html", "xlsx", "docx", "pdf", "scan")


def cpu_of(place: Path) -> float:
    """CPU seconds of a run over what lies in a place."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    places = [str(place / name) for name in ("raw", "clean", "work")]
    subprocess.run([sys.executable, "-c", RUN, *places], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def size_of(folder: Path, pattern: str = "*") -> int:
    return sum(p.stat().st_size for p in folder.rglob(pattern) if p.is_file() and not p.is_symlink())


def filled(place: Path, kind: str, count: int) -> Path:
    """A place with so many documents of a kind, each with a form of its own."""
    shutil.rmtree(place, ignore_errors=True)
    chance = random.Random(f"{kind} {count}")
    (place / "raw" / "2022").mkdir(parents=True)
    for n in range(count):
        text = form(chance, n, 2022)
        if kind == "scan":
            data = typeset.scan(chance, text)
        else:
            data = text.encode() if kind == "txt" else getattr(typeset, kind)([text])
        suffix = "jpg" if kind == "scan" else kind
        (place / "raw" / "2022" / f"{n:05d}.{suffix}").write_bytes(data)
    return place


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--scans", type=int, default=5)
    given = parser.parse_args()
    print("| kind | documents | CPU ms a form | start CPU s | raw kB | store kB a form | tables kB a form |")
    print("|---|---|---|---|---|---|---|")
    for kind in KINDS:
        count = given.scans if kind == "scan" else given.each
        if kind == "scan" and typeset.font_file() is None:
            print("| scan | no font with Chinese characters |")
            continue
        few = 2 if kind == "scan" else 12
        start = cpu_of(filled(given.scratch / kind, kind, few))
        place = filled(given.scratch / kind, kind, count + few)
        cpu = cpu_of(place)
        raw, work, clean = (size_of(place / n) / 1024 for n in ("raw", "work", "clean/.snapshots"))
        store = size_of(place / "work", "stages.sqlite*") / 1024 if work else 0
        print(
            f"| {kind} | {count} | {1000 * (cpu - start) / count:.0f} | {start:.1f} | {raw / (count + few):.0f} "
            f"| {store / (count + few):.0f} | {clean / (count + few):.0f} |",
            flush=True,
        )
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
