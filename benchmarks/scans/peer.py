"""CPU of a page beside plain rapidocr on the same page, in one process and one thread each.

``python -m benchmarks.scans.peer FOLDER [--backend openvino]`` wants an environment of its own that holds
this project's requirements and rapidocr's (README.md). Ratios hold where seconds do not.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image


def cpu(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--backend", default="onnxruntime")
    parser.add_argument("--alone", action="store_true", help="without the peer, for the peak of memory")
    chosen = parser.parse_args()
    os.environ["JIXIAO_OCR_BACKEND"] = chosen.backend
    from extractors.ocr.rapidocr import default_engine
    from extractors.readers import read

    files = [p for p in sorted(chosen.folder.iterdir()) if p.suffix in (".png", ".jpg") and big(p)]
    engine = default_engine()
    read(files[0])  # models loaded, shapes known
    peer = None
    if not chosen.alone:
        from rapidocr import RapidOCR

        peer = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1})
        peer(str(files[0]))
    whole = inside = other = 0.0
    for file in files:
        engine.seconds = 0.0
        ours = cpu(lambda file=file: read(file))
        theirs = cpu(lambda file=file: peer(str(file))) if peer else 0.0
        whole, inside, other = whole + ours, inside + engine.seconds, other + theirs
        print(
            f"{file.name:36} {ours:5.2f} s, × {ours / engine.seconds:.2f} of its inference, rapidocr {theirs:5.2f} s"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    beside = f", rapidocr takes {other / whole:.2f} times as long" if peer else f", peak {peak:.0f} MB"
    print(
        f"{engine.version}: {whole / len(files):.2f} s a page, × {whole / inside:.3f} of its inference{beside}"
    )


def big(path: Path) -> bool:
    """Pages of A4 at 200 dpi."""
    return min(Image.open(path).size) > 1600


if __name__ == "__main__":
    main()
