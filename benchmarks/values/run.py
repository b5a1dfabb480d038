"""Cells a second and rightness of ``parse_value`` beside its peers, all in one run on one core.

CPU time (``time.process_time``), best of three for ours, one pass for a peer. See README.md.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cells import distinct_cells

sys.path.insert(0, str(Path(__file__).parents[2]))
NUMERAL = re.compile(r"[-零一二两三四五六七八九十百千万亿点0-9.]+")


def ours() -> Callable[[str], object]:
    """This project's reader."""
    from normalizers import parse_value

    parse_value("1次")
    return parse_value


def cn2an_finder() -> Callable[[str], object]:
    """cn2an turns a numeral into a number; finding it is left to a regular expression."""
    import cn2an

    def read(cell: str) -> object:
        match = NUMERAL.search(cell)
        if match is None:
            return None
        try:
            return cn2an.cn2an(match.group(), "smart")
        except ValueError:
            return None

    return read


def jionlp() -> Callable[[str], object]:
    """Money, then time, as its documentation combines them."""
    with contextlib.redirect_stdout(io.StringIO()):
        import jionlp as jio

    def read(cell: str) -> object:
        with contextlib.suppress(Exception):
            return jio.parse_money(cell)
        with contextlib.suppress(Exception):
            return jio.parse_time(cell, time_base=time.time())
        return None

    return read


def recognizers() -> Callable[[str], object]:
    """Percentages, currencies, dimensions and numbers of Recognizers-Text for Chinese."""
    from recognizers_number import recognize_number, recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension
    from recognizers_text import Culture

    readers = (recognize_percentage, recognize_currency, recognize_dimension, recognize_number)

    def read(cell: str) -> object:
        return next((found for reader in readers if (found := reader(cell, Culture.Chinese))), None)

    return read


PEERS = {"jixiao": (ours, 30_000, 3), "cn2an with a finder": (cn2an_finder, 30_000, 1)}
PEERS |= {"JioNLP": (jionlp, 1_500, 1), "Recognizers-Text": (recognizers, 150, 1)}


def measure(read: Callable[[str], object], cells: list[str], repeats: int) -> float:
    """Cells per CPU second, best of ``repeats``; every cell of the stream is distinct."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        for cell in cells:
            read(cell)
        best = min(best, time.process_time() - start)
    return len(cells) / best


def numbers(answer: object) -> set[float]:
    """Every number in a reader's answer, whatever its shape: generous to all."""
    text = repr(answer) if not isinstance(answer, list) else repr([vars(item) for item in answer])
    return {float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:[Ee][-+]?\d+)?", text)}


def rightness(read: Callable[[str], object], folder: Path) -> float:
    """Share of the cases (dates left out) whose expected bounds all occur in the answer."""
    right = total = 0
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            case = json.loads(line)
            if case["kind"] == "date_period":
                continue
            wanted = [
                case["expected"][side] for side in ("lower", "upper") if case["expected"][side] is not None
            ]
            try:
                found = numbers(read(case["input"]))
            except Exception:  # noqa: BLE001 - a peer that raises has not read the cell
                found = set()
            total += 1
            right += all(any(abs(one - want) <= 1e-9 * max(1, abs(want)) for one in found) for want in wanted)
    return right / total


def main() -> None:
    """Print one line per reader that is installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--cases", type=Path, help="folder of value cases: also count whose number comes out right"
    )
    arguments = parser.parse_args()
    as_json = arguments.json
    rows = []
    for name, (make, count, repeats) in PEERS.items():
        try:
            read = make()
        except ImportError:
            print(f"{name}: not installed", file=sys.stderr)
            continue
        if arguments.cases:
            print(
                f"{name:22} number right in {rightness(read, arguments.cases):.1%} of the cases", flush=True
            )
        rows.append(
            {
                "reader": name,
                "cells": count,
                "per_second": round(measure(read, list(distinct_cells(count)), repeats)),
            }
        )
    base = rows[0]["per_second"]
    for row in rows:
        line = f"{row['reader']:22} {row['per_second']:>9} cells/s   ours is {base / row['per_second']:.1f} x"
        print(json.dumps(row, ensure_ascii=False) if as_json else line)


if __name__ == "__main__":
    main()
