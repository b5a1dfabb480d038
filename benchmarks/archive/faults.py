"""A thousand documents of which a hundred abort, hang, eat memory or lie about their type.

    python benchmarks/archive/faults.py SCRATCH [--documents 1000] [--bad 100] [--engine processes|dask] [--seconds 2]

The misbehaviour is put into the reading stage of the workers from outside, by what the file says.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from generate import form

SITE = """
import sys
if any('nursery' in a for a in sys.orig_argv):
    import os, subprocess, time
    from dataclasses import replace
    from pipeline.stages import read
    whole = read.STAGE.call
    def call(source):
        if b'ABORT' in source.data: os.abort()
        if b'HANG' in source.data: time.sleep(600)
        if b'MEMORY' in source.data: held = [b'x' * 10_000_000 for _ in range(10_000)]
        if b'CHILD' in source.data:
            subprocess.Popen(['sleep', '600'], start_new_session=True)
            os.abort()
        return whole(source)
    read.STAGE = replace(read.STAGE, call=call)
"""
RUN = """
import json, sys
from pipeline import extract
s = extract(sys.argv[1], out=sys.argv[2], work=sys.argv[3], engine=sys.argv[4], workers=2, document_seconds=float(sys.argv[5]), memory_mb=700)
print(json.dumps({'files': s.files, 'reasons': s.reasons, 'seconds': s.seconds}))
"""
KINDS = ("ABORT", "HANG", "MEMORY", "CHILD", "LIE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--bad", type=int, default=100)
    parser.add_argument("--engine", default="processes")
    parser.add_argument("--seconds", default="2", help="time limit of a document; more on a busy machine")
    given = parser.parse_args()
    place, chance = given.scratch / f"faults-{given.engine}", random.Random(5)
    shutil.rmtree(place, ignore_errors=True)
    (place / "raw" / "2022").mkdir(parents=True)
    (place / "site").mkdir()
    (place / "site" / "sitecustomize.py").write_text(SITE, encoding="utf-8")
    for n in range(given.documents):
        data = form(chance, n, 2022).encode()
        if n < given.bad:
            kind = KINDS[n % len(KINDS)]
            data = b"%PDF-1.7 " + os.urandom(500) if kind == "LIE" else data + kind.encode()
        (place / "raw" / "2022" / f"{chance.randrange(10**9)}-{n}.txt").write_bytes(data)
    path = os.pathsep.join([str(place / "site"), os.environ.get("PYTHONPATH", "")])
    places = [str(place / name) for name in ("raw", "clean", "work")]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *places, given.engine, given.seconds],
        env={**os.environ, "PYTHONPATH": path},
        check=True,
        capture_output=True,
    )
    print(
        json.dumps(json.loads(done.stdout)),
        "left in work:",
        sorted(p.name for p in (place / "work").iterdir()),
    )
    time.sleep(0.5)
    commands = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.exists()]
    print("left running:", sum(b"sleep\x00600" in c or str(place).encode() in c for c in commands))


if __name__ == "__main__":
    main()
