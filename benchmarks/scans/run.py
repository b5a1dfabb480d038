"""Score the reading of page images against their truth: grid F1, CER, value cells, silent errors, CPU.

``python -m benchmarks.scans.run FOLDER`` reads a folder with ``images.json`` and ``<form>.json`` (cells with
row, col, rowspan, colspan, text); ``--draw SEED`` draws and damages forms of its own instead.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from rapidfuzz.distance import Levenshtein

from benchmarks.scans.damage import DAMAGES
from benchmarks.scans.draw import draw_form
from extractors.grid import Document
from extractors.ocr.rapidocr import default_engine
from extractors.readers import read
from extractors.source import SourceFile
from normalizers.text import fold

GOOD = 0.85  # the grade good begins here
Truth = dict[tuple[int, int, int, int], str]


def plain(text: str) -> str:
    return "".join(fold(text).split()).replace(",", "，")


def samples(folder: Path) -> Iterator[tuple[str, SourceFile, Truth]]:
    for name, image in json.loads((folder / "images.json").read_text(encoding="utf-8")).items():
        cells = json.loads((folder / f"{image['form']}.json").read_text(encoding="utf-8"))["cells"]
        truth = {(c["row"], c["col"], c["rowspan"], c["colspan"]): c["text"] for c in cells}
        yield name, SourceFile.from_path(folder / name), truth


def drawings(seed: int) -> Iterator[tuple[str, SourceFile, Truth]]:
    for number, (name, damage) in enumerate(DAMAGES.items()):
        form = draw_form(seed * 100 + number, 200)
        page = damage(form.pixels, seed * 100 + number)
        out = io.BytesIO()
        Image.fromarray(page[:, :, ::-1].copy()).save(out, "PNG", dpi=(200, 200))
        truth = {cell[:4]: cell[4] for cell in form.cells}
        yield f"{seed}-{name}", SourceFile.from_bytes(out.getvalue(), f"{name}.png"), truth


def score(document: Document, truth: Truth) -> dict[str, float]:
    grid = max(document.grids, key=lambda g: len(g.cells))
    cells = {(c.row, c.col, c.row_span, c.col_span): c for c in grid.cells}
    flagged = {key for doubt in document.doubts for key in doubt.cell_ids if doubt.code != "borders_guessed"}
    last = max(col + width for _, col, _, width in truth)
    head = min((row for (row, *_), text in truth.items() if "三级指标" in text), default=0)
    tally = {"chars": 0, "errors": 0, "values": 0, "exact": 0, "silent": 0, "good": 0}
    for place, text in truth.items():
        cell = cells.get(place)
        want, got = plain(text), plain(cell.text) if cell else ""
        good = cell is not None and (cell.confidence.read is None or cell.confidence.read >= GOOD)
        value = place[0] > head and place[1] + place[3] == last and bool(want)
        tally["chars"] += len(want)
        tally["errors"] += Levenshtein.distance(want, got)
        tally["good"] += good
        tally["values"] += value
        tally["exact"] += value and want == got
        tally["silent"] += value and want != got and good and cell is not None and cell.id not in flagged
    f1 = 2 * len(truth.keys() & cells.keys()) / (len(truth) + len(cells))
    return {"f1": f1, "cells": len(truth), **tally}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--draw", type=int, metavar="SEED")
    chosen = parser.parse_args()
    engine = default_engine()
    for name, source, truth in drawings(chosen.draw) if chosen.draw is not None else samples(chosen.folder):
        engine.seconds, start = 0.0, time.process_time()
        document = read(source)
        spent = time.process_time() - start
        if not document.grids:
            print(f"{name:34} no grid")
            continue
        s = score(document, truth)
        print(
            f"{name:34} grid F1 {s['f1']:.3f}  CER {100 * s['errors'] / s['chars']:.2f} %  values {s['exact']:.0f}/"
            f"{s['values']:.0f}  silent {s['silent']:.0f}  good {s['good']:.0f}/{s['cells']:.0f}  "
            f"CPU {spent:.2f} s, inference {engine.seconds:.2f} s"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{engine.version}, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
