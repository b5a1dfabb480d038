"""How well held-out pages are read, by kind of damage and border: grid, texts, values, silent errors, grades.

``python -m benchmarks.scans.accuracy --seeds 3 --store readings.sqlite`` draws three pages of every kind and
reads them; ``--grid`` looks at ruled grids alone, which needs no recogniser; ``--kinds seal,curl`` chooses.
``--store`` keeps what the recogniser said about a picture, so that a second run after a change of geometry is fast.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from benchmarks.scans.damage import DAMAGES
from benchmarks.scans.draw import Drawn, draw_form
from benchmarks.scans.sheets import KINDS
from extractors.grid import Document
from extractors.imaging.decode import ImagePage
from extractors.imaging.lattice import find_lattices
from extractors.imaging.prepare import prepare
from extractors.ocr.base import Line, OcrEngine
from extractors.ocr.document import ScanBuilder
from extractors.ocr.rapidocr import default_engine
from extractors.source import SourceFile
from normalizers.text import fold

GOOD = 0.85  # the grade good begins here
Truth = dict[tuple[int, int, int, int], str]


@dataclass(frozen=True)
class Kind:
    """A kind of page: damage, dpi, border."""

    damage: str = "clean"
    dpi: int = 200
    border: str = "full"
    form: str = ""  # which form; by the seed where not named


PAGES: dict[str, Kind] = {
    **{f"clean{dpi}": Kind(dpi=dpi) for dpi in (100, 150, 200, 300)},
    **{name: Kind(name) for name in DAMAGES if name not in ("clean", "ticks", "desk", "numbered", "cut")},
    **{name: Kind(border=name) for name in ("noframe", "dashed", "double", "faint", "broken", "level", "three")},
    "skew150": Kind("skew", 150), "combo150": Kind("combo", 150), "curl150": Kind("curl", 150),
    "photo300": Kind("photo", 300), "broken_skew": Kind("skew", border="broken"),
    "faint_jpeg": Kind("jpeg", border="faint"), "dashed_curl": Kind("curl", border="dashed"),
    "none": Kind(border="none"), "none150": Kind(dpi=150, border="none"), "none_skew": Kind("skew", border="none"),
    "none_combo": Kind("combo", border="none"), "level_skew": Kind("skew", border="level"),
    # Kinds that came later stand last: the number of a page hangs on the place of its kind.
    **{name: Kind(name) for name in ("ticks", "desk", "numbered", "cut")},
    **{name: Kind(border=name) for name in ("doubleframe", "thickframe", "shaded", "bare")},
    "wide": Kind(form="wide"), "wide_level": Kind(form="wide", border="level"), "tall": Kind(form="tall"),
    "wide_combo": Kind("combo", form="wide"), "shaded_jpeg": Kind("jpeg", border="shaded"),
    "faint_skew": Kind("skew", border="faint"), "dashed_skew": Kind("skew", border="dashed"),
    "level150": Kind(dpi=150, border="level"), "clean100_skew": Kind("skew", 100),
}  # fmt: skip


class Stored:
    """An engine that remembers what it said about a picture in a file."""

    def __init__(self, engine: OcrEngine, path: Path) -> None:
        self.engine, self.name, self.version = engine, engine.name, engine.version
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("create table if not exists said (key blob primary key, line blob)")

    def _ask(self, what: str, picture: np.ndarray, answer):  # type: ignore[no-untyped-def]
        mark = f"{what}{picture.shape}{self.version}".encode()
        key = hashlib.blake2b(mark + picture.tobytes(), digest_size=16).digest()
        row = self._base.execute("select line from said where key = ?", (key,)).fetchone()
        if row:
            return pickle.loads(row[0])
        said = answer()
        self._base.execute("insert or ignore into said values (?, ?)", (key, pickle.dumps(said)))
        return said

    def read(self, pictures: Sequence[np.ndarray]) -> list[Line]:
        return [self._ask("line", p, lambda p=p: self.engine.read([p])[0]) for p in pictures]

    def find(self, page: np.ndarray) -> list:
        return self._ask("page", page, lambda: self.engine.find(page))


def plain(text: str) -> str:
    return "".join(fold(text).split()).replace(",", "，")


def page_of(name: str, seed: int, form: str = "") -> tuple[np.ndarray, Drawn, float]:
    """The damaged picture, the truth and the resolution of one page of a kind; ``form`` chooses what stands on it."""
    kind = PAGES[name]
    number = seed * 1000 + list(PAGES).index(name)
    form = form or kind.form or list(KINDS)[seed % len(KINDS)]
    drawn = draw_form(number, kind.dpi, kind=form, border=kind.border)
    return DAMAGES[kind.damage](drawn.pixels, number), drawn, kind.dpi * (0.8 if "fax" in name else 1)


def f1(truth: set, found: set) -> float:
    return 2 * len(truth & found) / max(1, len(truth) + len(found))


def score(document: Document, truth: Truth, values: set[tuple[int, int]]) -> dict[str, float]:
    """Tallies of one page; places of cells are compared with their spans, and (``rc``) by row and column alone."""
    grid = max(document.grids, key=lambda g: len(g.cells))
    cells = {(c.row, c.col, c.row_span, c.col_span): c for c in grid.cells}
    starts = {(c.row, c.col): c for c in grid.cells}
    flagged = {key for doubt in document.doubts for key in doubt.cell_ids if doubt.code != "borders_guessed"}
    unfit = any(doubt.code == "grid_doubtful" for doubt in document.doubts)  # all cells are below good
    tally = {"f1": f1(set(truth), set(cells)), "cells": len(truth)} | dict.fromkeys(
        ("chars", "errors", "values", "exact", "wrong", "silent", "good"), 0.0
    )
    mine = {place[:2] for place, text in truth.items() if text}
    same = {
        p for p in mine if p in starts and fuzz.ratio(plain(starts[p].text), plain(_text(truth, p))) >= 60
    }
    tally["rc"] = 2 * len(same) / max(1, len(mine) + sum(1 for c in grid.cells if c.text))
    for place, text in truth.items():
        cell = cells.get(place) or starts.get(place[:2])
        want, got = plain(text), plain(cell.text) if cell else ""
        good = cell is not None and (cell.confidence.read is None or cell.confidence.read >= GOOD)
        good = good and cell is not None and (cell.confidence.structure is None or not unfit)
        value = place[:2] in values and bool(want)
        wrong = value and want != got
        tally["chars"] += len(want)
        tally["errors"] += Levenshtein.distance(want, got)
        tally["good"] += good
        tally["values"] += value
        tally["exact"] += value and not wrong
        tally["wrong"] += wrong
        tally["silent"] += wrong and good and cell is not None and cell.id not in flagged
    return tally


def _text(truth: Truth, place: tuple[int, int]) -> str:
    return next(text for key, text in truth.items() if key[:2] == place)


def read_picture(picture: np.ndarray, dpi: float, engine: OcrEngine) -> Document:
    source = SourceFile.from_bytes(cv2.imencode(".png", picture)[1].tobytes(), "page.png")
    builder = ScanBuilder(source, "benchmark")
    height, width = picture.shape[:2]
    builder.picture(1, ImagePage(picture, (width, height), dpi), engine)
    return Document(source.document_id, source.media_type, "benchmark", tuple(builder.items), tuple(builder.pages),
                    tuple(builder.doubts))  # fmt: skip


def grid_alone(picture: np.ndarray, truth: Truth) -> float:
    page = prepare(picture)
    best = 0.0
    for table in find_lattices(page.rules) if page else []:
        best = max(best, f1(set(truth), {(c.row, c.col, c.row_span, c.col_span) for c in table.cells}))
    return best


def pages(
    names: Sequence[str], seeds: int, first: int
) -> Iterator[tuple[str, int, np.ndarray, Drawn, float]]:
    for name in names:
        for seed in range(first, first + seeds):
            picture, drawn, dpi = page_of(name, seed)
            if name == "fax_lines":  # what the reader of files does with unequal resolutions
                picture = cv2.resize(picture, None, fx=1, fy=2, interpolation=cv2.INTER_CUBIC)
            yield name, seed, picture, drawn, dpi


HEAD = "kind           pages  grid F1    r+c F1   CER %   values exact     silent/wrong   good %"


def line(name: str, rows: list[dict[str, float]]) -> str:
    def whole(key: str) -> float:
        return sum(row[key] for row in rows)

    return (
        f"{name:14} {len(rows):5}  {whole('f1') / len(rows):.4f}    {whole('rc') / len(rows):.4f}  "
        f"{100 * whole('errors') / max(1, whole('chars')):6.2f}  {whole('exact'):.0f}/{whole('values'):.0f} = "
        f"{100 * whole('exact') / max(1, whole('values')):5.1f} %  {whole('silent'):6.0f}/{whole('wrong'):.0f}  "
        f"{100 * whole('good') / whole('cells'):8.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(PAGES))
    parser.add_argument("--grid", action="store_true")
    parser.add_argument("--each", action="store_true", help="a line for every page")
    parser.add_argument("--store", type=Path)
    chosen = parser.parse_args()
    engine: OcrEngine = default_engine()
    if chosen.store:
        engine = Stored(engine, chosen.store)  # type: ignore[assignment]
    scores: dict[str, list] = defaultdict(list)
    print("kind           mean    worst" if chosen.grid else HEAD)
    for name in chosen.kinds.split(","):
        for _, seed, picture, drawn, dpi in pages([name], chosen.seeds, chosen.first):
            truth = {cell[:4]: cell[4] for cell in drawn.cells}
            if chosen.grid:
                scores[name].append(grid_alone(picture, truth))
                continue
            document = read_picture(picture, dpi, engine)
            empty = {"f1": 0.0, "rc": 0.0, "cells": len(truth), "chars": 1, "errors": 1, "values": len(drawn.values),
                     "exact": 0, "wrong": len(drawn.values), "silent": 0, "good": 0}  # fmt: skip
            scores[name].append(score(document, truth, drawn.values) if document.grids else empty)
            if chosen.each:
                print(line(f"  {name}-{seed}", scores[name][-1:]), flush=True)
        if chosen.grid:
            found = scores[name]
            print(
                f"{name:14} {np.mean(found):.4f}  {min(found):.4f}  {[round(f, 3) for f in found]}",
                flush=True,
            )
        else:
            print(line(name, scores[name]), flush=True)
    if not chosen.grid:
        print(line("all", [row for rows in scores.values() for row in rows]))


if __name__ == "__main__":
    main()
