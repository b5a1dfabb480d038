"""1,000 random corrections, a re-run; the source of 100 of them changed, a re-run: what became of each.

    python benchmarks/review/thousand.py SCRATCH [CORRECTIONS] [CHANGED] [--seed N]

Leaves with 1 where a correction was not applied, or another set than the changed ones is stale.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.pipeline.corrections.thousand import trial


def main() -> int:
    """Run the trial in a fresh folder below SCRATCH and print what it found."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("scratch", type=Path)
    arguments.add_argument("corrections", type=int, nargs="?", default=1000)
    arguments.add_argument("changed", type=int, nargs="?", default=100)
    arguments.add_argument("--seed", type=int, default=7)
    given = arguments.parse_args()
    given.scratch.mkdir(parents=True, exist_ok=True)
    made = trial(Path(tempfile.mkdtemp(dir=given.scratch)), given.corrections, given.seed)
    print(
        f"{given.corrections} corrections about {len({c.target.path for c in made.made.values()})} documents"
    )
    begun = os.times()
    made.archive.run()
    print(f"re-run: {_cpu(begun):.1f} s of CPU")
    first = Counter(row["status"] for row in made.archive.table("corrections"))
    wrong = made.wrong()
    print(f"after the re-run: {dict(first)}; applied but not shown by the tables: {len(wrong)}")
    changed = made.change(given.changed)
    made.archive.run()
    rows = made.archive.table("corrections")
    stale = {row["correction_id"] for row in rows if row["status"] == "stale"}
    wrong += made.wrong()
    print(f"{len(changed)} sources changed: {dict(Counter(r['status'] for r in rows))}")
    print(f"stale but not changed: {len(stale - changed)}; changed but not stale: {len(changed - stale)}")
    for line in wrong:
        print(f"not shown: {line}")
    return int(first != {"applied": given.corrections} or stale != changed or bool(wrong))


def _cpu(begun: os.times_result) -> float:
    now = os.times()
    return now.user + now.system - begun.user - begun.system


if __name__ == "__main__":
    sys.exit(main())
