"""Every published table and column, declared once (see ``columns``)."""

from pipeline.schema.columns import Column, Table, Type, table
from pipeline.schema.corrections import CorrectionRow
from pipeline.schema.forms import FormRow, FundingRow
from pipeline.schema.indicators import BlankSlotRow, IndicatorRow, QuantityRow, ValueColumns
from pipeline.schema.judgements import ChangeRow, FindingRow, IssueRow, LinkRow
from pipeline.schema.sources import CellRow, DocumentRow

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        table("documents", DocumentRow, "文件", "one row per source file, failed ones too"),
        table("forms", FormRow, "绩效表", "one row per form"),
        table("funding", FundingRow, "资金", "one row per amount printed in the money block"),
        table("indicators", IndicatorRow, "指标", "one row per level-3 row with a name"),
        table("quantities", QuantityRow, "数量", "one row per quantity inside a value"),
        table("blank_slots", BlankSlotRow, "空白栏", "printed 指标N rows without text"),
        table("cells", CellRow, "单元格", "every non-empty source cell and who claims it"),
        table("issues", IssueRow, "问题", "our doubt about our own reading"),
        table("findings", FindingRow, "疑点", "the auditor's doubt about the document"),
        table("links", LinkRow, "关联", "forms of one project over kinds and years"),
        table("corrections", CorrectionRow, "更正", "what people decided, and what became of it"),
        table("changes", ChangeRow, "变更", "this publish against the last"),
    )
}

__all__ = [
    "TABLES",
    "BlankSlotRow",
    "CellRow",
    "ChangeRow",
    "Column",
    "CorrectionRow",
    "DocumentRow",
    "FindingRow",
    "FormRow",
    "FundingRow",
    "IndicatorRow",
    "IssueRow",
    "LinkRow",
    "QuantityRow",
    "Table",
    "Type",
    "ValueColumns",
]
