"""Row types of one form: its header and its money block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.schema.columns import Type, optional, published
from pipeline.schema.sources import YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One form (绩效目标表, 申报表, 自评表 …)."""

    form_id: str = published(Type.TEXT, "表标识", "digest of the document and form_no", key=True)
    document_id: str = published(Type.TEXT, "文件标识", "the source file")
    form_no: int = published(Type.INTEGER, "表序", "0-based in the document")
    kind: str = published(
        Type.TEXT,
        "表种",
        "target, declaration, monitoring, self_evaluation, department or transfer",
        example="target",
    )
    family: str = published(Type.TEXT, "版式", "the layout family that read it", example="yongning")
    title: str | None = optional(Type.TEXT, "标题", "printed title")
    project_name: str | None = optional(Type.TEXT, "项目名称", "project")
    project_code: str | None = optional(Type.TEXT, "项目代码", "project code")
    department: str | None = optional(Type.TEXT, "主管部门", "supervising department")
    department_code: str | None = optional(Type.TEXT, "主管部门代码", "its printed code")
    agency: str | None = optional(Type.TEXT, "实施单位", "implementing unit")
    agency_code: str | None = optional(Type.TEXT, "实施单位代码", "its printed code")
    project_nature_raw: str | None = optional(Type.TEXT, "项目属性原文", "nature as printed")
    project_nature: str | None = optional(Type.TEXT, "项目属性", "coded nature", example="continuing")
    period_raw: str | None = optional(Type.TEXT, "项目期原文", "period as printed", example="2023")
    period_start: date | None = optional(Type.DAY, "项目期起", "first day of the period")
    period_end: date | None = optional(Type.DAY, "项目期止", "last day of the period")
    funding_total_yuan: Decimal | None = optional(
        Type.MONEY, "年度资金总额", "total of the year", unit="元", example="200000.00"
    )
    funding_fiscal_yuan: Decimal | None = optional(Type.MONEY, "财政拨款", "fiscal appropriation", unit="元")
    funding_carryover_yuan: Decimal | None = optional(
        Type.MONEY, "上年结转", "carried over from last year", unit="元"
    )
    funding_other_yuan: Decimal | None = optional(Type.MONEY, "其他资金", "other funds", unit="元")
    goal: str | None = optional(
        Type.TEXT, "年度总体目标", "goal; markup and own label removed, wording untouched"
    )
    goal_actual: str | None = optional(Type.TEXT, "目标实际完成情况", "what was reached, in words")
    total_score: Decimal | None = optional(Type.NUMBER, "总分", "total score printed")
    taxonomy_version: str = published(
        Type.TEXT, "指标体系", "pilot, 2015, 2021, ndrc or none, decided by structure", example="2015"
    )
    page_first: int | None = optional(Type.INTEGER, "起页", "1-based first page")
    page_last: int | None = optional(Type.INTEGER, "止页", "1-based last page")
    cells_total: int = published(Type.INTEGER, "单元格数", "non-empty cells and text blocks of the form")
    cells_claimed: int = published(Type.INTEGER, "已归属", "of these claimed by a field, noise or an issue")
    confidence_read: float | None = optional(Type.REAL, "识读可信度", "0…1; null when not measured")
    confidence_structure: float | None = optional(Type.REAL, "结构可信度", "0…1")
    confidence_meaning: float | None = optional(Type.REAL, "语义可信度", "0…1")
    grade: str = published(Type.TEXT, "等级", "excellent, good, fair or poor: the lowest of those measured")
    corrected: tuple[str, ...] = published(
        Type.TEXTS, "人工更正栏位", "header fields that a person decided", default=()
    )
    fiscal_year: int = YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingRow:
    """One amount printed in the money block."""

    form_id: str = published(Type.TEXT, "表标识", "the form", key=True)
    source: str = published(
        Type.TEXT, "来源", "total, fiscal, carryover, other, central, local …", key=True, example="fiscal"
    )
    stage: str = published(
        Type.TEXT,
        "阶段",
        "target, midterm, initial, revised, executed or forecast",
        key=True,
        example="target",
    )
    amount_raw: str = published(Type.TEXT, "金额原文", "as printed", example="20万")
    amount_yuan: Decimal | None = optional(
        Type.MONEY, "金额", "the amount; null when it cannot be read", unit="元"
    )
    amount_how: str = published(Type.TEXT, "金额识读方式", "machine or person", default="machine")
    scale_source: str | None = optional(
        Type.TEXT, "量级来源", "where the scale came from: cell, row_label, column or form"
    )
    weight: Decimal | None = optional(Type.NUMBER, "分值", "points of the execution rate", unit="分")
    rate: Decimal | None = optional(Type.NUMBER, "执行率", "execution rate as a fraction of 1", unit="1")
    score: Decimal | None = optional(Type.NUMBER, "得分", "points reached", unit="分")
    corrected: tuple[str, ...] = published(
        Type.TEXTS, "人工更正栏位", "amount, rate, weight or score that a person decided", default=()
    )
    cell_id: str = published(Type.TEXT, "单元格标识", "where the amount stands", key=True)
    fiscal_year: int = YEAR
