"""Row types of what was read: source files and their cells."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.schema.columns import Type, optional, published

YEAR = published(
    Type.INTEGER, "年度", "fiscal year; 0 where none could be read", example="2023", partition=True, default=0
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One source file, failed ones too."""

    document_id: str = published(Type.TEXT, "文件标识", "sha256 of the file's bytes, hex")
    path: str = published(Type.TEXT, "路径", "path relative to the raw folder, with /", key=True)
    member: str | None = published(
        Type.TEXT, "包内路径", "path inside an archive, !-separated when nested", key=True, default=None
    )
    media_type: str | None = optional(Type.TEXT, "类型", "what the bytes are", example="text/plain")
    bytes: int = published(Type.INTEGER, "字节数", "size of the file", unit="byte")
    pages: int | None = optional(Type.INTEGER, "页数", "pages, where the format has pages")
    reader: str | None = optional(Type.TEXT, "读取器", "reader and version that read it")
    status: str = published(Type.TEXT, "状态", "ok, partial, no_form, quarantined or duplicate", example="ok")
    reason_code: str | None = optional(Type.TEXT, "原因代码", "why it is not ok", example="encrypted")
    message: str | None = optional(Type.TEXT, "说明", "one sentence naming the file and the trouble")
    forms: int = published(Type.INTEGER, "表数", "forms found in the file", default=0)
    fiscal_year: int = YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRow:
    """One non-empty source cell or text block, with its address and who claims it."""

    cell_id: str = published(Type.TEXT, "单元格标识", "digest of source and place", key=True)
    document_id: str = published(Type.TEXT, "文件标识", "the source file", key=True)
    form_id: str | None = optional(Type.TEXT, "表标识", "the form it belongs to, if any")
    page: int | None = optional(Type.INTEGER, "页", "1-based page")
    sheet: str | None = optional(Type.TEXT, "工作表", "sheet name")
    ref: str | None = optional(Type.TEXT, "引用", "cell reference in the sheet", example="B7")
    line: int | None = optional(Type.INTEGER, "行号", "1-based line of a text source")
    x0: float | None = optional(Type.REAL, "左", "left edge from the page's left as displayed", unit="pt")
    y0: float | None = optional(Type.REAL, "上", "top edge from the page's top as displayed", unit="pt")
    x1: float | None = optional(Type.REAL, "右", "right edge", unit="pt")
    y1: float | None = optional(Type.REAL, "下", "bottom edge", unit="pt")
    row: int | None = optional(Type.INTEGER, "行", "0-based row in its grid; null for text outside tables")
    col: int | None = optional(Type.INTEGER, "列", "0-based column in its grid")
    row_span: int | None = optional(Type.INTEGER, "跨行", "rows covered")
    col_span: int | None = optional(Type.INTEGER, "跨列", "columns covered")
    text: str = published(Type.TEXT, "原文", "the text as printed")
    reader: str | None = optional(
        Type.TEXT,
        "读取器",
        "reader, for a scan with engine, model and back end, and how its table was found",
        example="pdf_text/1:rules",
    )
    confidence_read: float | None = optional(Type.REAL, "识读可信度", "0…1; null when not measured")
    inferred: tuple[str, ...] = published(
        Type.TEXTS, "推断标记", "repairs made: filled, shifted, split, joined", default=()
    )
    claimed_by: str = published(
        Type.TEXT,
        "归属",
        "form:<field>, indicator:<indicator_id>:<field>, noise:<why> or issue:<code>; never empty",
        example="noise:filler",
    )
    fiscal_year: int = YEAR
