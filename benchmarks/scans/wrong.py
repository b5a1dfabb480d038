"""Every value cell read wrong, with a picture of it: what to look at before a rule is written.

``python -m benchmarks.scans.wrong OUT --kinds fax,combo150 --seeds 1 --first 61 --store said.sqlite`` writes
``OUT/wrong.tsv`` (page, silent or told, how sure, printed, read, why) and ``OUT/wrong-N.png``; ``--dense`` reads
pages full of values (``figures.py``) instead of forms.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from benchmarks.scans.accuracy import GOOD, PAGES, Stored, page_of, plain, read_picture
from benchmarks.scans.draw import Drawn, font, fonts
from extractors.grid import Cell, Document
from extractors.ocr.base import OcrEngine
from extractors.ocr.rapidocr import default_engine

A_SHEET = 40  # cells a picture


@dataclass(frozen=True)
class Reading:
    """One printed value and what was read of it."""

    page: str
    printed: str
    read: str
    sure: float | None
    why: str
    picture: np.ndarray

    @property
    def wrong(self) -> bool:
        return plain(self.printed) != plain(self.read)

    @property
    def told(self) -> bool:
        """Whether an issue or the grade says that the cell may be wrong."""
        return bool(self.why) or (self.sure is not None and self.sure < GOOD)


def readings(
    name: str, picture: np.ndarray, drawn: Drawn, dpi: float, engine: OcrEngine
) -> Iterator[Reading]:
    """The printed values of one page beside what was read of them."""
    document = read_picture(picture, dpi, engine)
    if not document.grids:
        return
    grid = max(document.grids, key=lambda g: len(g.cells))
    cells = {(cell.row, cell.col): cell for cell in grid.cells}
    reasons = _reasons(document)
    for row, col, _, _, text, _ in drawn.cells:
        cell = cells.get((row, col))
        if (row, col) not in drawn.values or not text or cell is None:
            continue
        why = "; ".join(reasons[cell.id] + reasons[""])
        yield Reading(name, text, cell.text, cell.confidence.read, why, _cut(picture, cell, dpi))


def _reasons(document: Document) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for doubt in document.doubts:
        if doubt.code == "grid_doubtful":
            found[""].append(doubt.code)
        for key in doubt.cell_ids if doubt.code != "borders_guessed" else ():
            found[key].append(f"{doubt.code} {doubt.data.get('why', '')} {doubt.data.get('suggestion', '')}")
    return found


def _cut(picture: np.ndarray, cell: Cell, dpi: float) -> np.ndarray:
    box = cell.at.box
    if box is None:
        return np.full((8, 8, 3), 255, np.uint8)
    x0, y0, x1, y1 = (max(0, int(v * dpi / 72)) for v in (box.x0 - 2, box.y0 - 2, box.x1 + 2, box.y1 + 2))
    part = picture[y0:y1, x0:x1]
    part = part if part.ndim == 3 else cv2.cvtColor(part, cv2.COLOR_GRAY2BGR)
    return part if part.size else np.full((8, 8, 3), 255, np.uint8)


def draw(found: list[Reading], path: Path) -> None:
    """A picture of the cells, three times as large, each with what was printed and what was read."""
    face = font(fonts()[0], 20)
    sheet = Image.new("RGB", (1240, 20 + 80 * ((len(found) + 1) // 2)), (255, 255, 255))
    pen = ImageDraw.Draw(sheet)
    for number, one in enumerate(found):
        x, y = 620 * (number % 2), 10 + 80 * (number // 2)
        factor = min(3.0, 300 / one.picture.shape[1], 74 / one.picture.shape[0])
        part = cv2.resize(one.picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        sheet.paste(Image.fromarray(np.ascontiguousarray(part[:, :, ::-1])), (x, y))
        colour = (0, 0, 0) if one.told else (220, 0, 0)
        pen.text((x + 310, y), f"{one.printed} → {one.read}", fill=colour, font=face)
        pen.text((x + 310, y + 28), f"{one.page} {one.sure}", fill=colour, font=face)
    sheet.save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(PAGES))
    parser.add_argument("--dense", action="store_true")
    parser.add_argument("--store", type=Path)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    engine: OcrEngine = default_engine()
    if chosen.store:
        engine = Stored(engine, chosen.store)  # type: ignore[assignment]
    wrong: list[Reading] = []
    print("kind           values exact      silent/wrong   right but doubted")
    total = np.zeros(4, int)
    for name in chosen.kinds.split(","):
        tally = np.zeros(4, int)
        for seed in range(chosen.first, chosen.first + chosen.seeds):
            picture, drawn, dpi = page_of(name, seed, "figures" if chosen.dense else "")
            found = list(readings(f"{name}-{seed}", picture, drawn, dpi, engine))
            bad = [one for one in found if one.wrong]
            told = sum(one.told and "seal_over" not in one.why for one in found if not one.wrong)
            tally += [len(found), len(bad), sum(not one.told for one in bad), told]
            wrong += bad
        total += tally
        print(_line(name, tally), flush=True)
    print(_line("all", total))
    lines = [
        f"{r.page}\t{'told' if r.told else 'SILENT'}\t{r.sure}\t{r.printed}\t{r.read}\t{r.why}" for r in wrong
    ]
    (chosen.out / "wrong.tsv").write_text("\n".join(lines), encoding="utf-8")
    wrong.sort(key=lambda one: one.told)
    for number in range(0, len(wrong), A_SHEET):
        draw(wrong[number : number + A_SHEET], chosen.out / f"wrong-{number // A_SHEET + 1}.png")


def _line(name: str, tally: np.ndarray) -> str:
    values, wrong, silent, doubted = tally.tolist()
    share = 100 * (values - wrong) / max(1, values)
    return f"{name:14} {values - wrong}/{values} = {share:5.1f} %   {silent}/{wrong}   {doubted}"


if __name__ == "__main__":
    main()
