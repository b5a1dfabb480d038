"""Row types of doubt and of change: issues (ours), findings (the auditor's), links, changes."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.schema.columns import Type, optional, published
from pipeline.schema.sources import YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """Our doubt about our own reading."""

    issue_id: str = published(Type.TEXT, "问题标识", "digest of code and subject", key=True)
    code: str = published(Type.TEXT, "代码", "registered issue code", example="shifted_row")
    title: str = published(Type.TEXT, "英文标题", "English title of the code")
    severity: str = published(Type.TEXT, "程度", "info, warning or error", example="warning")
    stage: str = published(Type.TEXT, "阶段", "stage that raised it", example="assemble")
    document_id: str = published(Type.TEXT, "文件标识", "the source file")
    form_id: str | None = optional(Type.TEXT, "表标识", "the form")
    indicator_id: str | None = optional(Type.TEXT, "指标标识", "the indicator")
    cell_id: str | None = optional(Type.TEXT, "单元格标识", "the cell")
    message: str = published(Type.TEXT, "说明", "complete Chinese sentence")
    suggestion: str | None = optional(
        Type.TEXT,
        "建议读法",
        "the likely or the other reading of the whole cell; never put in its place",
        example="≥92%",
    )
    dismissed_by: str | None = optional(Type.TEXT, "核销人", "who decided that it needs no more attention")
    dismissed_why: str | None = optional(Type.TEXT, "核销理由", "why")
    fiscal_year: int = YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """The auditor's doubt about the document."""

    finding_id: str = published(Type.TEXT, "疑点标识", "digest of rule and evidence", key=True)
    rule: str = published(Type.TEXT, "规则", "rule id", example="cost_sum")
    rule_version: str = published(Type.TEXT, "规则版本", "version of the rule")
    title: str = published(Type.TEXT, "英文标题", "English title of the rule")
    severity: str = published(Type.TEXT, "程度", "info, warning or error", example="warning")
    form_id: str = published(Type.TEXT, "表标识", "the form")
    other_form_id: str | None = optional(Type.TEXT, "另一表标识", "the form it is compared with")
    indicator_ids: tuple[str, ...] = published(Type.TEXTS, "指标标识", "indicators concerned", default=())
    cell_ids: tuple[str, ...] = published(Type.TEXTS, "证据单元格", "evidence", default=())
    numbers: str = published(Type.TEXT, "所用数字", "the numbers compared, as JSON", default="{}")
    message: str = published(Type.TEXT, "说明", "complete Chinese sentence")
    dismissed_by: str | None = optional(Type.TEXT, "核销人", "who decided that it needs no more attention")
    dismissed_why: str | None = optional(Type.TEXT, "核销理由", "why")
    fiscal_year: int = YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """Two forms of one project, over kinds and years."""

    form_id: str = published(Type.TEXT, "表标识", "the earlier form", key=True)
    other_form_id: str = published(Type.TEXT, "另一表标识", "the later form", key=True)
    relation: str = published(
        Type.TEXT,
        "关系",
        "declared_as, monitored_by, evaluated_by, next_year or copied_from",
        key=True,
        example="copied_from",
    )
    score: float = published(Type.REAL, "匹配分", "0…1")
    how: str = published(Type.TEXT, "依据", "why they are linked")
    fiscal_year: int = YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One published value that differs from the last publish."""

    table: str = published(Type.TEXT, "表", "published table", key=True)
    key: str = published(Type.TEXT, "键", "the row's key, /-joined", key=True)
    column: str = published(Type.TEXT, "列", "column; * for a whole row", key=True)
    old: str | None = optional(Type.TEXT, "旧值", "before")
    new: str | None = optional(Type.TEXT, "新值", "now")
    because: str = published(Type.TEXT, "原因", "source, version, reference or person")
    fiscal_year: int = YEAR
