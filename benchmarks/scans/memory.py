"""The most memory a worker takes over many pages, the largest admitted ones among them, in one process.

``python -m benchmarks.scans.memory [--pages 50]`` draws forms, damages them by seed, and sets pages with sides of
20,000 pixels and of 118 million pixels between them. Peak and rest are resident megabytes.
"""

from __future__ import annotations

import argparse
import io
import resource
from collections.abc import Iterator
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from benchmarks.scans.run import drawings
from extractors.errors import ExtractionError
from extractors.ocr.rapidocr import default_engine
from extractors.readers import read
from extractors.source import SourceFile

_EVERY = 8  # after so many drawn pages a huge one
_HUGE = ((20_000, 1_500), (1_500, 20_000), (10_800, 10_900))


def huge(page: bytes, size: tuple[int, int]) -> bytes:
    """A form in the corner of a page of ``size`` pixels, in colour."""
    form = Image.open(io.BytesIO(page)).convert("RGB")
    scale = min(1.0, size[0] / form.width, size[1] / form.height)
    if min(size) > 5_000:
        scale = min(size[0] / form.width, size[1] / form.height)
    paper = Image.new("RGB", size, "white")
    paper.paste(form.resize((int(form.width * scale), int(form.height * scale))), (0, 0))
    out = io.BytesIO()
    paper.save(out, "PNG", compress_level=1)
    return out.getvalue()


def pages(count: int) -> Iterator[bytes]:
    """Drawn pages and huge ones."""
    drawn = (source.data for seed in range(1, count + 1) for _, source, _ in drawings(seed))
    for number, page in enumerate(islice(drawn, count)):
        yield huge(page, _HUGE[number // _EVERY % len(_HUGE)]) if number % _EVERY == _EVERY - 1 else page


def draw(folder: Path, count: int) -> None:
    """Write the pages; in a process of its own, for drawing takes memory, too."""
    for number, page in enumerate(pages(count), 1):
        (folder / f"{number:03}.png").write_bytes(page)


def resting() -> float:
    """Resident megabytes now."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=50)
    count = parser.parse_args().pages
    with TemporaryDirectory() as name:
        drawing = get_context("spawn").Process(target=draw, args=(Path(name), count))
        drawing.start()
        drawing.join()
        measure(sorted(Path(name).iterdir()))


def measure(files: list[Path]) -> None:
    """Read the files one after the other and print each new peak."""
    highest = 0.0
    for file in files:
        source = SourceFile.from_path(file)
        try:
            read(source)
        except ExtractionError as error:
            print(error)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if peak > highest * 1.02:
            sides = "×".join(map(str, Image.open(file).size))
            print(f"{file.name} {sides}: peak {peak:.0f} MB, at rest {resting():.0f} MB", flush=True)
            highest = peak
    print(
        f"{default_engine().version}: {len(files)} pages, peak {highest:.0f} MB, at rest {resting():.0f} MB"
    )


if __name__ == "__main__":
    main()
