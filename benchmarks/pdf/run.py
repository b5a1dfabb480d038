"""Processor time and F1 of every tool on the same PDFs, in one run: ``python benchmarks/pdf/run.py [FOLDER]``.

FOLDER holds NAME.pdf with NAME.json (the truth); without it the fixtures of the tests are used.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from tools import TOOLS  # noqa: E402

ROUNDS = {"camelot lattice": 1, "pdfplumber": 1}


def scoring():
    path = ROOT / "tests" / "extractors" / "pdf" / "scoring.py"
    spec = importlib.util.spec_from_file_location("scoring", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "tests" / "fixtures" / "pdf"
    paths = sorted(folder.glob("*.pdf"))
    rules = scoring()
    truths = {p: json.loads(p.with_suffix(".json").read_text(encoding="utf-8"))["pages"] for p in paths}
    pages = sum(len(t) for t in truths.values())
    print(f"{len(paths)} documents, {pages} pages")
    print(f"{'tool':<18}{'CPU ms/page':>12}{'× floor':>9}{'span F1':>9}{'place F1':>9}")
    base = 0.0
    for name, tool in TOOLS.items():
        spent, score = 0.0, rules.Score()
        try:
            tool(paths[0])  # imports and first-use tables are not the pages' cost
        except ImportError:
            print(f"{name:<18}{'not installed':>12}")
            continue
        for path in paths:
            best = float("inf")
            for _ in range(ROUNDS.get(name, 3)):
                start = time.process_time()
                found = tool(path)
                best = min(best, time.process_time() - start)
            spent += best
            for number, tables in enumerate(truths[path]):
                ours = [rules.tidy(t) for t in found[number]] if number < len(found) else []
                truth = [rules.tidy(t["cells"]) for t in tables]
                for k in range(max(len(ours), len(truth))):
                    score.add(
                        truth[k] if k < len(truth) else rules.Counter(),
                        ours[k] if k < len(ours) else rules.Counter(),
                    )
        ms = 1000 * spent / pages
        base = ms if name == "floor" else base
        ratio = f"{ms / base:>9.2f}" if base else f"{'':>9}"
        f1 = f"{score.f1:>9.3f}{score.f1_places:>9.3f}" if score.ours else ""
        print(f"{name:<18}{ms:>12.1f}{ratio}{f1}", flush=True)


if __name__ == "__main__":
    main()
