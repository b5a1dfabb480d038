"""One document through the stages read → assemble → normalise → audit, and the row that sums it up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from extractors.errors import ExtractionError, Missing, TooLarge
from extractors.source import SourceFile
from pipeline.corrections.types import digest_of_all
from pipeline.issues import issue_code
from pipeline.records.types import DocumentRecords, FormRecords
from pipeline.records.year import document_year
from pipeline.schema import DocumentRow
from pipeline.stage import Context, Outcome, Refusal, key_for, run_stage
from pipeline.stages import assemble, audit, normalise, read
from pipeline.stages.audit import Audited
from pipeline.stages.collect import Entry
from pipeline.stages.normalise import Understood
from pipeline.storage.originals import keep
from pipeline.storage.store import Pages, key_of

_SILENT = Audited()


@dataclass(frozen=True, slots=True)
class Processed:
    """What became of one source file: its row, its records, what the audit said, and their keys.

    ``lasting`` is False where the reason may pass by itself (a full disk, a lost mount).
    """

    row: DocumentRow
    key: str = ""
    records: DocumentRecords | None = None
    audited: Audited = _SILENT
    normalised: str = ""
    lasting: bool = True


def open_source(entry: Entry) -> SourceFile:
    """The bytes of a collected file, checked to be the ones that were collected.

    Its folder is not part of it: a file moved to another folder is not read again.
    """
    name = leaf(entry)
    try:
        source = SourceFile.from_path(entry.file)
    except Missing as error:
        # As below, not to be remembered: the file may be there again, and these bytes are readable.
        raise Missing(f"{name}: cannot be opened any more") from (error.__cause__ or OSError())
    except TooLarge as error:
        raise TooLarge(str(error).replace(str(entry.file), name)) from None
    source = SourceFile.from_bytes(source.data, name)
    if source.document_id != entry.document_id:
        # Raised from an OSError so that it is not remembered: the next run looks again.
        raise ExtractionError("changed", f"{name}: changed while the run was reading it") from OSError()
    return source


def _to_read(entry: Entry, context: Context) -> SourceFile:
    memory = Pages(context.store, entry.name)
    source = replace(open_source(entry), second_opinion=entry.second_opinion, memory=memory)
    if context.keeps is not None:
        keep(context.keeps, source, entry.file)
    return source


def read_key(entry: Entry) -> str:
    """The input key of the read stage: the bytes, the name that tells kinds of plain text apart, who else is asked."""
    asked = (entry.second_opinion,) if entry.second_opinion else ()
    return key_of(entry.document_id, leaf(entry), *asked)


def leaf(entry: Entry) -> str:
    """The last name of a file: inside its archive, where it has one."""
    return PurePosixPath((entry.member or entry.path).rpartition("!")[2] or entry.path).name


def stage_keys(entry: Entry) -> tuple[str, str, str, str]:
    """The keys of all stages of a document in their order, known before anything was read."""
    document = key_for(read.STAGE, read_key(entry))
    reading = key_for(assemble.STAGE, document)
    records = key_for(normalise.STAGE, _understood_key(entry, reading))
    return document, reading, records, key_for(audit.STAGE, records)


def audited_key(entry: Entry) -> str:
    """The key of the last stage of a document."""
    return stage_keys(entry)[-1]


def _understood_key(entry: Entry, reading: str) -> str:
    """The input key of the normalise stage: the layout's reading, the path, just what people decided about it."""
    decided = (digest_of_all(entry.corrections),) if entry.corrections else ()
    return key_of(reading, entry.name, *decided)


def process(entry: Entry, context: Context) -> Processed:
    """Run one source file through its stages; a refusal anywhere becomes its status."""
    if entry.problem is not None:
        return refused(entry, Refusal("collect", entry.reason, entry.problem))
    subject = entry.name
    document = run_stage(read.STAGE, subject, read_key(entry), lambda: _to_read(entry, context), context)
    if document.refusal:
        return refused(entry, document.refusal)
    reading = run_stage(assemble.STAGE, subject, document.key, document.value, context)
    if reading.refusal:
        return refused(entry, reading.refusal)
    records = run_stage(
        normalise.STAGE,
        subject,
        _understood_key(entry, reading.key),
        lambda: Understood(document.value(), reading.value(), entry.name, entry.corrections),
        context,
    )
    if records.refusal:
        return refused(entry, records.refusal)
    audited = run_stage(audit.STAGE, subject, records.key, records.value, context)
    return _accepted(entry, records, audited)


def duplicate(entry: Entry, first: Entry) -> Processed:
    """The row of a file whose bytes were already read under another path."""
    row = DocumentRow(
        document_id=entry.document_id,
        path=entry.path,
        member=entry.member,
        bytes=entry.size,
        status="duplicate",
        reason_code="duplicate",
        message=f"{entry.name}: the same bytes as {first.name}",
        fiscal_year=document_year((), entry.name),
    )
    return Processed(row)


def refused(entry: Entry, refusal: Refusal) -> Processed:
    """The row of a file that could not be read, and why."""
    row = DocumentRow(
        document_id=entry.document_id,
        path=entry.path,
        member=entry.member,
        bytes=entry.size,
        status="quarantined",
        reason_code=refusal.reason_code,
        message=refusal.message,
        fiscal_year=document_year((), entry.name),
    )
    return Processed(row, lasting=refusal.lasting)


def _accepted(entry: Entry, records: Outcome[DocumentRecords], audited: Outcome[Audited]) -> Processed:
    made = records.value()
    status, reason, message = status_of(made, entry.name, audited.refusal)
    row = DocumentRow(
        document_id=entry.document_id,
        path=entry.path,
        member=entry.member,
        media_type=made.media_type,
        bytes=entry.size,
        pages=made.pages,
        reader=made.reader,
        status=status,
        reason_code=reason,
        message=message,
        forms=len(made.forms),
        fiscal_year=made.fiscal_year,
    )
    lasting = audited.refusal is None or audited.refusal.lasting
    return Processed(
        row, audited.key, made, _SILENT if audited.refusal else audited.value(), records.key, lasting
    )


def status_of(
    records: DocumentRecords, path: str, audit_refusal: Refusal | None
) -> tuple[str, str | None, str | None]:
    """Status, reason code and message of a document that was read.

    ``partial`` when an issue says that something may be missing, or when the rules broke on it.
    """
    unread = next((c for c in (issue_code(i.code) for i in records.issues) if c.unread), None)
    if not records.forms and unread is not None:
        return "partial", unread.code, f"{path}: {unread.title.lower()}; no form was found on the others"
    if not records.forms:
        table = any(cell.row is not None for cell in records.cells)
        if table:
            return "no_form", "no_form", f"{path}: holds tables, but none of them is a performance form"
        return "no_form", "no_table", f"{path}: holds text, but no table"
    groups: tuple[DocumentRecords | FormRecords, ...] = (records, *records.forms)
    for code in (issue_code(i.code) for group in groups for i in group.issues):
        if code.partial:
            return "partial", code.code, f"{path}: {code.title.lower()}"
    if audit_refusal is not None:
        return "partial", audit_refusal.reason_code, f"{path}: read, but an audit rule broke on it"
    return "ok", None, None
