"""What a reading says, as plain data for golden files; run as a script it rewrites them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from extractors import find_forms, read
from extractors.layout.forms import Form, FundingItem, LevelLabel, Slot

TESTS = Path(__file__).parents[2]
FORMS = TESTS / "fixtures" / "forms"
GOLDEN = TESTS / "golden" / "forms"


def describe(path: Path) -> list[dict[str, Any]]:
    """All forms of a file: fields, amounts, rows, doubts and the count of each sort of claim."""
    media_type = "text/plain" if path.suffix == ".tsv" else None
    return [_form(form) for form in find_forms(read(path, media_type=media_type)).forms]


def _form(form: Form) -> dict[str, Any]:
    return {
        "kind": form.kind,
        "family": [form.family, form.family_score],
        "version": form.taxonomy_version,
        "fields": {slot: field.text for slot, field in sorted(form.fields.items())},
        "funding": [_funding(item) for item in form.funding],
        "rows": [
            {
                "horizon": row.horizon,
                "levels": [_level(row.level1), _level(row.level2)],
                "ordinal": row.ordinal,
                "name": row.name,
                "slots": {role: slot.text for role, slot in row.slots.items()},
                "reasons": list(row.reasons),
            }
            for row in form.rows
        ],
        "doubts": [doubt.code for doubt in form.doubts if doubt.row_no is None],
        "issues": sorted(claim for claim in form.claims.values() if claim.startswith("issue:")),
    }


def _level(label: LevelLabel | None) -> list[str | None] | None:
    return [label.node_id, label.how] if label else None


def _funding(item: FundingItem) -> list[str | None]:
    beside: tuple[Slot | None, ...] = (item.weight, item.rate, item.score)
    scale = [item.scale_word, item.scale_source]
    return [
        item.source,
        item.stage,
        item.amount.text,
        *scale,
        *(slot.text if slot else None for slot in beside),
    ]


def rewrite() -> None:
    """Write the golden file of every fixture form."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for path in sorted(FORMS.glob("*.*")):
        text = json.dumps(describe(path), ensure_ascii=False, indent=1)
        (GOLDEN / f"{path.stem}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite()
