"""What it costs to link forms and to hold the linked ones against each other: CPU and peak memory by size.

    python benchmarks/life/linked.py [--forms 5000]

Run it from the root of the repository, once a size: the peak is that of the process. Records lie in a
file and are read as the pipeline reads them, one document a form. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from normalizers import parse_value
from pipeline.audit.compare import compare_sheaves
from pipeline.audit.fingerprint import Fingerprint, fingerprint
from pipeline.audit.sheaf import Sheaf, sheaf
from pipeline.records import FormRecords, RowReading
from pipeline.schema import FormRow, FundingRow, IndicatorRow, ValueColumns
from pipeline.storage.codec import rows_of
from tests.fixtures.life.county import ENDS, OBJECTS, PLAIN, THINGS

PRINTS, RECORDS = rows_of(list[Fingerprint]), rows_of(list[FormRecords])
KINDS = ("target", "monitoring", "self_evaluation")
A_SHEAF = 64


def _row(form_id: str, n: int, name: str, target: int, actual: int | None) -> tuple[IndicatorRow, RowReading]:
    texts = {"target": f"≥{target}次", "actual": None if actual is None else f"{actual}次"}
    values = {role: None if text is None else parse_value(text) for role, text in texts.items()}
    row = IndicatorRow(
        indicator_id=f"{form_id}-{n}",
        form_id=form_id,
        document_id="d",
        row_no=n,
        level1_id="output",
        level2_id="output.quantity",
        level3=name,
        level3_raw=name,
        target=ValueColumns(raw=texts["target"]),
        actual=ValueColumns(raw=texts["actual"]),
        weight=Decimal(10),
        score=None if actual is None else Decimal(10),
        grade="good",
    )
    return row, RowReading(row.indicator_id, n, values["target"], values["actual"], ())


def made(forms: int) -> Iterator[FormRecords]:
    """Forms of projects over two years and three kinds, some forty projects a county."""
    chance, number = random.Random(5), 0
    while number < forms:
        county = f"{chr(0x4E00 + number // 240)}{chr(0x5E00 + number // 240)}县"
        for project in PLAIN[:40]:
            names = [chance.choice(OBJECTS) + chance.choice(THINGS) + chance.choice(ENDS) for _ in range(8)]
            for year in (2023, 2024):
                numbers = [chance.randint(10, 900) for _ in names]
                for kind in KINDS:
                    number += 1
                    yield _form(f"{number:08d}", county, project, year, kind, names, numbers)


def _form(
    form_id: str, county: str, project: str, year: int, kind: str, names: list[str], numbers: list[int]
) -> FormRecords:
    unit = f"{county}{project[:2]}局"
    form = FormRow(
        form_id=form_id,
        document_id="d",
        form_no=0,
        kind=kind,
        family="base",
        fiscal_year=year,
        project_name=project,
        department=unit,
        agency=unit,
        taxonomy_version="2015",
        cells_total=0,
        cells_claimed=0,
        grade="good",
    )
    money = FundingRow(
        form_id=form_id,
        source="total",
        stage="target" if kind == "target" else "initial",
        amount_raw="",
        amount_yuan=Decimal(100000),
        cell_id="c",
    )
    rows = [
        _row(form_id, n, name, many, many if kind == "self_evaluation" else None)
        for n, (name, many) in enumerate(zip(names, numbers, strict=True))
    ]
    return FormRecords(
        form=form, funding=(money,), indicators=tuple(r for r, _ in rows), readings=tuple(r for _, r in rows)
    )


class InFile:
    """Fingerprints and records in a file, read with the cache of a run; keeps nothing."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path)
        self._base.execute("create table kept (form integer primary key, print blob, record blob)")
        self.prints = lru_cache(2048)(lambda n: self._read(n, "print", PRINTS.decode))
        self.records = lru_cache(256)(lambda n: self._read(n, "record", RECORDS.decode))

    def _read(self, n: int, column: str, decode: Callable[[bytes], Sequence[object]]) -> Sequence[object]:
        found = self._base.execute(f"select {column} from kept where form = ?", (n,)).fetchone()
        return decode(found[0])

    def put(self, n: int, records: FormRecords, found: Fingerprint) -> None:
        """Keep one form."""
        self._base.execute(
            "insert into kept values (?, ?, ?)", (n, PRINTS.encode([found]), RECORDS.encode([records]))
        )

    def kept(self, key: str, make: Callable[[], bytes]) -> bytes:  # noqa: ARG002 - a protocol
        """Made anew each time."""
        return make()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=5000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, sheaves, first = InFile(Path(folder) / "forms.sqlite"), list[Sheaf](), list[int]()
        rows: list[tuple[int, int, bytes, Fingerprint]] = []
        for n, records in zip(range(given.forms), made(given.forms), strict=False):
            found = fingerprint(records)
            source.put(n, records, found)
            rows.append((len(rows), 0, found.form_id.encode(), found))
            if len(rows) == A_SHEAF or n == given.forms - 1:
                sheaves.append(sheaf(rows))
                first.append(n + 1 - len(rows))
                rows = []
        before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        findings, links = compare_sheaves(sheaves, first, source)
        seconds = time.process_time() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {
                "forms": given.forms,
                "links": len(links),
                "findings": len(findings),
                "cpu_seconds": round(seconds, 2),
                "cpu_ms_a_form": round(1000 * seconds / given.forms, 3),
                "peak_mb": peak >> 10,
                "of_which_before": before >> 10,
            }
        )
    )


if __name__ == "__main__":
    main()
