"""How many links of projects are right, and how many are found, on generated counties; and what it costs.

    python benchmarks/life/measure.py [--seed 5] [--counties 3] [--wrong]

Run it from the root of the repository. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from pipeline.audit import compare
from pipeline.audit.sheaf import sheaf
from tests.fixtures.life.county import county


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--counties", type=int, default=3)
    parser.add_argument("--wrong", action="store_true", help="print what is wrong and what is missed")
    given = parser.parse_args()
    made = county(given.seed, given.counties)
    begun = time.process_time()
    found = {
        (k.form_id, k.other_form_id, k.relation)
        for k in compare(made.prints)[1]
        if k.relation != "copied_from"
    }
    seconds = time.process_time() - begun
    name = {p.form_id: f"{p.fiscal_year} {p.kind} {p.project}|{p.agency}|{p.department}" for p in made.prints}
    clear = {k for k in made.links if not any(made.project[f].twin or f in made.hard for f in k[:2])}
    wrong, missed = found - made.links, clear - found
    columns = sheaf((n, 0, p.form_id.encode(), p) for n, p in enumerate(made.prints))
    print(
        json.dumps(
            {
                "forms": len(made.prints),
                "links": len(made.links),
                "found": len(found),
                "precision": round(1 - len(wrong) / len(found), 5),
                "recall": round(len(made.links & found) / len(made.links), 5),
                "clear": len(clear),
                "recall_clear": round(1 - len(missed) / len(clear), 5),
                "missed_by": dict(Counter(k[2] for k in missed)),
                "cpu_ms_a_form": round(1000 * seconds / len(made.prints), 3),
                "column_bytes_a_form": round(columns.size / columns.forms),
            }
        )
    )
    if given.wrong:
        for title, links in (("WRONG", wrong), ("MISSED", missed)):
            for one, other, relation in sorted(links)[:60]:
                print(title, relation, "::", name[one], "::", name[other])


if __name__ == "__main__":
    main()
