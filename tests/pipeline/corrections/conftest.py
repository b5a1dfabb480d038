"""What the tests of corrections share: an archive with its ledger, and short ways to decide and to look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline import extract
from pipeline.corrections import Correction, Decision, Ledger, Seen, Target
from pipeline.corrections.seen import slots
from pipeline.exports.published import rows
from pipeline.schema import TABLES
from pipeline.summary import RunSummary
from tests.pipeline.conftest import FORM

Row = dict[str, Any]
WHEN = "2026-11-22T08:00:00+08:00"


@dataclass
class Archive:
    """A raw folder, a ledger and the tables made of both; looks at the tables as the review page does."""

    base: Path

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.base / "review")

    @property
    def clean(self) -> Path:
        return self.base / "clean"

    def write(self, path: str, text: str = FORM) -> Path:
        file = self.base / "raw" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def run(self, **settings: Any) -> RunSummary:
        settings.setdefault("engine", "serial")
        review = str(self.base / "review")
        return extract(self.base / "raw", self.clean, self.base / "work", review=review, **settings)

    def table(self, name: str, **where: Any) -> list[Row]:
        columns = [c.name for c in TABLES[name].columns]
        found = (dict(zip(columns, row, strict=True)) for row in rows(self.clean, TABLES[name]))
        return [row for row in found if all(row[k] == v for k, v in where.items())]

    def form(self, path: str | None = None, form_no: int = 0) -> Row:
        document = next(d for d in self.table("documents") if path is None or d["path"] == path)
        return next(f for f in self.table("forms", document_id=document["document_id"], form_no=form_no))

    def seen(self, form: Row) -> dict[str, Seen]:
        indicators = self.table("indicators", form_id=form["form_id"])
        ids = {row["indicator_id"] for row in indicators}
        quantities = [q for q in self.table("quantities") if q["indicator_id"] in ids]
        return slots(form, self.table("funding", form_id=form["form_id"]), indicators, quantities)

    def made(self, form: Row, slot: str, kind: str, *, seen: Seen | None = None, **given: Any) -> Correction:
        """A decision about a slot of a published form, with what is seen there."""
        who, when, why = given.pop("who", "王"), given.pop("when", WHEN), given.pop("why", "核对原件")
        name = given.pop("path", None) or self._name(form["document_id"])
        target = Target(
            document=form["document_id"],
            path=name,
            form_no=form["form_no"],
            slot=slot,
            year=form["fiscal_year"],
            department=form["department"],
            project=form["project_name"],
            form_kind=form["kind"],
        )
        if seen is None:
            seen = self.seen(form).get(slot, Seen())
        return Correction(
            target=target, kind=kind, seen=seen, set=Decision(**given), who=who, when=when, why=why
        )

    def _name(self, document_id: str) -> str:
        documents = self.table("documents", document_id=document_id)
        document = next(d for d in documents if d["status"] != "duplicate")
        return document["path"] if document["member"] is None else f"{document['path']}!{document['member']}"

    def keep(self, made: Correction | Iterable[Correction]) -> None:
        for one in [made] if isinstance(made, Correction) else made:
            self.ledger.save(one, self.ledger.revision(one.target.path))

    def decide(self, form: Row, slot: str, kind: str, **given: Any) -> Correction:
        made = self.made(form, slot, kind, **given)
        self.keep(made)
        return made

    def statuses(self) -> dict[str, str]:
        return {row["slot"]: row["status"] for row in self.table("corrections")}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    (tmp_path / "raw").mkdir()
    return Archive(tmp_path)


@pytest.fixture
def one(archive: Archive) -> Archive:
    """One form of five rows, published."""
    archive.write("2024/a.txt")
    archive.run()
    return archive
