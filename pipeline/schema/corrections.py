"""Row type of what people decided: one row a correction, with what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.schema.columns import Type, optional, published
from pipeline.schema.sources import YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """One decision of a person."""

    correction_id: str = published(Type.TEXT, "更正标识", "id of the decision in data/review", key=True)
    document_id: str = published(Type.TEXT, "文件标识", "the source file the person saw")
    path: str = published(Type.TEXT, "路径", "its path then, with !member in an archive", key=True)
    form_id: str | None = optional(Type.TEXT, "表标识", "the form it is about now; null if gone")
    indicator_id: str | None = optional(Type.TEXT, "指标标识", "the indicator it is about now")
    cell_id: str | None = optional(Type.TEXT, "单元格标识", "the cell it is about now")
    slot: str = published(Type.TEXT, "栏位", "what it decides, as in data/review", example="row:5:target")
    kind: str = published(Type.TEXT, "更正种类", "text, label, value, structure or dismiss", example="value")
    seen_text: str = published(Type.TEXT, "当时原文", "the raw text that the person saw", default="")
    seen_reading: str = published(Type.TEXT, "当时机读", "the machine's reading then", default="")
    machine_text: str | None = optional(Type.TEXT, "现原文", "the raw text that the machine reads now")
    machine: str | None = optional(Type.TEXT, "现机读", "the machine's reading now; null if its slot is gone")
    human: str = published(Type.TEXT, "人工值", "what the person decided", example="120次")
    who: str = published(Type.TEXT, "更正人", "who decided")
    decided_at: str = published(Type.TEXT, "更正时间", "when, as written in data/review")
    why: str = published(Type.TEXT, "理由", "why", default="")
    status: str = published(Type.TEXT, "状态", "applied, stale, orphaned or conflict", example="applied")
    message: str | None = optional(Type.TEXT, "说明", "why it was not applied: a complete sentence")
    fiscal_year: int = YEAR
