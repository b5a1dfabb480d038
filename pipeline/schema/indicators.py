"""Row types of the indicator block: indicators, the quantities in their values, printed empty slots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.schema.columns import Type, nested, optional, published
from pipeline.schema.sources import YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueColumns:
    """A 指标值 or 实际完成值 as columns: printed text, kind, and the numbers of its first quantity."""

    raw: str | None = optional(Type.TEXT, "原文", "as printed", example="≥95%")
    how: str | None = optional(Type.TEXT, "识读方式", "machine or person; null where nothing stands")
    kind: str | None = optional(
        Type.TEXT,
        "类别",
        "count, percent, money, ratio, duration, date_period, deadline, measure, qualitative, compound, blank, other",
        example="percent",
    )
    lower: Decimal | None = optional(Type.NUMBER, "下限", "lower bound, fully scaled, in the unit")
    upper: Decimal | None = optional(Type.NUMBER, "上限", "upper bound, fully scaled, in the unit")
    lower_inclusive: bool | None = optional(Type.FLAG, "含下限", "does the lower bound belong to it")
    upper_inclusive: bool | None = optional(Type.FLAG, "含上限", "does the upper bound belong to it")
    approximate: bool | None = optional(Type.FLAG, "约数", "余, 多, 几, 约 …")
    unit: str | None = optional(Type.TEXT, "单位", "canonical unit", example="%")
    base_lower: Decimal | None = optional(Type.NUMBER, "基准下限", "lower bound in the base unit")
    base_upper: Decimal | None = optional(Type.NUMBER, "基准上限", "upper bound in the base unit")
    base_unit: str | None = optional(Type.TEXT, "基准单位", "unit in which one kind compares", example="1")
    direction: str | None = optional(Type.TEXT, "方向", "up, down, maintain or reach for words", example="up")
    date_start: date | None = optional(Type.DAY, "起日", "first day of a calendar span")
    date_end: date | None = optional(Type.DAY, "止日", "last day of a calendar span")
    cell_id: str | None = optional(Type.TEXT, "单元格标识", "where it stands")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """One level-3 row with a name (三级指标)."""

    indicator_id: str = published(Type.TEXT, "指标标识", "digest of the form and row_no", key=True)
    form_id: str = published(Type.TEXT, "表标识", "the form")
    document_id: str = published(Type.TEXT, "文件标识", "the source file")
    row_no: int = published(Type.INTEGER, "行序", "0-based in the form, printed empty slots counted")
    horizon: str = published(Type.TEXT, "期限", "annual or midterm", default="annual")
    level1_id: str | None = optional(Type.TEXT, "一级指标", "node of the tree", example="output")
    level1_raw: str | None = optional(Type.TEXT, "一级指标原文", "as printed")
    level1_how: str | None = optional(Type.TEXT, "一级指标识别方式", "exact, alias, fuzzy, context or person")
    level2_id: str | None = optional(Type.TEXT, "二级指标", "node of the tree", example="output.quantity")
    level2_raw: str | None = optional(Type.TEXT, "二级指标原文", "as printed")
    level2_how: str | None = optional(Type.TEXT, "二级指标识别方式", "exact, alias, fuzzy, context or person")
    level2_score: float | None = optional(Type.REAL, "二级指标匹配分", "0…1")
    ordinal: int | None = optional(Type.INTEGER, "指标序号", "N of 指标N")
    level3: str = published(Type.TEXT, "三级指标", "name without 指标N: and closing ；。，")
    level3_raw: str = published(Type.TEXT, "三级指标原文", "as printed")
    concept_id: str | None = optional(Type.TEXT, "指标概念", "canonical concept", example="rate.completion")
    concept_score: float | None = optional(Type.REAL, "概念匹配分", "0…1")
    target: ValueColumns = nested(ValueColumns, "target_", "指标值")
    actual: ValueColumns = nested(ValueColumns, "actual_", "实际完成值")
    weight: Decimal | None = optional(Type.NUMBER, "分值", "points", unit="分")
    score: Decimal | None = optional(Type.NUMBER, "得分", "points reached", unit="分")
    deviation: str | None = optional(Type.TEXT, "偏差原因", "why it was missed, in words")
    confidence_read: float | None = optional(Type.REAL, "识读可信度", "0…1; null when not measured")
    confidence_structure: float | None = optional(Type.REAL, "结构可信度", "0…1")
    confidence_meaning: float | None = optional(Type.REAL, "语义可信度", "0…1")
    grade: str = published(Type.TEXT, "等级", "excellent, good, fair or poor: the lowest of those measured")
    corrected: tuple[str, ...] = published(
        Type.TEXTS, "人工更正栏位", "slots of the row that a person decided", default=()
    )
    level2_cell_id: str | None = optional(Type.TEXT, "二级指标单元格", "where the label stands")
    level3_cell_id: str | None = optional(Type.TEXT, "三级指标单元格", "where the name stands")
    fiscal_year: int = YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityRow:
    """One quantity inside a value."""

    indicator_id: str = published(Type.TEXT, "指标标识", "the indicator", key=True)
    role: str = published(Type.TEXT, "角色", "target or actual", key=True, example="target")
    part_no: int = published(Type.INTEGER, "部分序号", "0-based in the value", key=True)
    joiner: str | None = optional(Type.TEXT, "连接", "how it hangs on the part before", example="/")
    label: str | None = optional(Type.TEXT, "自带标签", "label inside the value", example="丢包率")
    lower: Decimal | None = optional(Type.NUMBER, "下限", "lower bound, fully scaled, in the unit")
    upper: Decimal | None = optional(Type.NUMBER, "上限", "upper bound, fully scaled, in the unit")
    lower_inclusive: bool | None = optional(Type.FLAG, "含下限", "does the lower bound belong to it")
    upper_inclusive: bool | None = optional(Type.FLAG, "含上限", "does the upper bound belong to it")
    approximate: bool = published(Type.FLAG, "约数", "余, 多, 几, 约 …", default=False)
    approximate_word: str | None = optional(Type.TEXT, "约数词", "the word", example="余")
    number_raw: str | None = optional(Type.TEXT, "数字原文", "the number as printed", example="2.88")
    scale: Decimal = published(
        Type.NUMBER, "量级", "factor applied to the printed number", default=Decimal(1)
    )
    scale_source: str | None = optional(Type.TEXT, "量级来源", "cell, row_label, column or form")
    unit_raw: str | None = optional(Type.TEXT, "单位原文", "the unit as printed", example="万元")
    unit: str | None = optional(Type.TEXT, "单位", "canonical unit", example="元")
    unit_source: str | None = optional(Type.TEXT, "单位来源", "cell, row or column")
    dimension: str | None = optional(Type.TEXT, "量纲", "what the unit measures", example="money")
    base_lower: Decimal | None = optional(Type.NUMBER, "基准下限", "lower bound in the base unit")
    base_upper: Decimal | None = optional(Type.NUMBER, "基准上限", "upper bound in the base unit")
    base_unit: str | None = optional(Type.TEXT, "基准单位", "unit in which one kind compares")
    per_count: Decimal | None = optional(Type.NUMBER, "每几", "the 2 of 每2年")
    per_unit: str | None = optional(Type.TEXT, "每", "the 年 of 每年", example="年")
    date_start: date | None = optional(Type.DAY, "起日", "first day of a calendar span")
    date_end: date | None = optional(Type.DAY, "止日", "last day of a calendar span")
    start: int = published(Type.INTEGER, "起", "half-open span in the raw text")
    end: int = published(Type.INTEGER, "止", "half-open span in the raw text")
    fiscal_year: int = YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankSlotRow:
    """One printed 指标N row without text: an empty slot is not a missing one."""

    form_id: str = published(Type.TEXT, "表标识", "the form", key=True)
    row_no: int = published(Type.INTEGER, "行序", "0-based in the form", key=True)
    level2_id: str | None = optional(Type.TEXT, "二级指标", "node of the tree")
    ordinal: int | None = optional(Type.INTEGER, "指标序号", "N of 指标N")
    cell_id: str | None = optional(Type.TEXT, "单元格标识", "where the empty slot is printed")
    fiscal_year: int = YEAR
