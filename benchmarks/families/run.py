"""Draw forms of every family in every format, run the whole chain on them and count what differs.

usage: python benchmarks/families/run.py [--seeds 4] [--first 0] [--only LAYOUT] [--formats docx,pdf] [--show 8]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "fixtures"))

from variations.board import Sheet
from variations.catalogue import LAYOUTS
from variations.mess import other
from variations.published import Published, compare
from variations.writers import KINDS, write

from pipeline import extract


def draw(folder: Path, args: argparse.Namespace) -> dict[str, tuple[str, str, list[Sheet]]]:
    """Write the files; gives (layout, format, forms) by path."""
    made = {}
    for layout, maker in LAYOUTS.items():
        if args.only and args.only not in layout:
            continue
        for seed in range(args.first, args.first + args.seeds):
            for kind in args.formats.split(","):
                rng = Random(f"{layout}-{seed}-{kind if args.apart else ''}")
                sheets = [maker(rng) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
                if rng.random() < 0.25:
                    sheets.insert(rng.randrange(len(sheets) + 1), other(rng))
                name = write(folder, f"{layout}-{seed}-{kind}", sheets, kind)
                made[name] = (layout, kind, sheets)
    return made


def main() -> None:
    """Draw, extract, compare, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--formats", default=",".join(KINDS))
    parser.add_argument("--show", type=int, default=8)
    parser.add_argument("--keep", default="")
    parser.add_argument("--apart", action="store_true", help="other forms in every format")
    args = parser.parse_args()
    with TemporaryDirectory() as given:
        root = Path(args.keep or given)
        raw = root / "raw" / "forms"
        raw.mkdir(parents=True, exist_ok=True)
        made = draw(raw, args)
        extract(root / "raw", root / "clean", work=root / "work", engine="serial")
        report(Published(root / "clean"), made, args.show)


def report(tables: Published, made: dict[str, tuple[str, str, list[Sheet]]], show: int) -> None:
    """Print counts by layout and by format, then the commonest differences."""
    by: dict[str, Counter[str]] = {}
    differences: dict[str, Counter[str]] = {}
    for name, (layout, kind, sheets) in made.items():
        wanted = [w for sheet in sheets for w in sheet.wanted]
        count, wrong = compare(tables, f"forms/{name}", wanted)
        for key in (layout, f"= {kind}", "== all"):
            by.setdefault(key, Counter()).update(count)
        for text in wrong:
            differences.setdefault(layout, Counter())[text.split(":")[0] + " | " + name + " | " + text] += 1
    for key, count in sorted(by.items()):
        print(f"{key:22}", line(count))
    for layout, found in differences.items():
        kinds = Counter(text.split(" | ")[0] for text in found)
        print(layout, dict(kinds.most_common(12)))
        shown: Counter[str] = Counter()
        for text in found:
            head = text.split(" | ")[0]
            if shown[head] < show:
                shown[head] += 1
                print("    ", text.split(" | ", 1)[1][:200])
    if len(tables.issues):
        print(tables.issues["code"].value_counts().to_dict())


def line(count: Counter[str]) -> str:
    """Figures of one line."""

    def share(hit: str, of: str) -> str:
        return f"{count[hit] / count[of]:.4f}" if count[of] else "–"

    rows = count["rows"] + count["rows_got"]
    f1 = f"{2 * count['rows_ok'] / rows:.4f}" if rows else "–"
    return f"forms {count['forms_got']}/{count['forms']} fields {share('fields_ok', 'fields')} amounts {share('amounts_ok', 'amounts')} rows {f1} slots {share('slots_ok', 'slots')} unaccounted {count['unaccounted']}/{count['cells']}"


if __name__ == "__main__":
    main()
