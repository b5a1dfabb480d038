"""Web pages saved whole (.mht, .mhtml) and mails: the HTML parts in order; pictures and styles are left alone."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.errors import CloseBoundaryNotFoundDefect, MessageError
from email.message import Message

from extractors.errors import Damaged, TooLarge
from extractors.grid import Document, Doubt
from extractors.readers.cells import Builder
from extractors.readers.html_page import read_page
from extractors.sniff import MHTML
from extractors.source import SourceFile

_MOST_PARTS = 10_000


class Mhtml:
    """Reads multipart/related as browsers and Office save it, and mails of parts; nothing is fetched.

    A mail without HTML is read as its plain text; files attached to it are told (``unread_part``), not read.
    """

    name = "mhtml"
    version = "2"
    media_types = frozenset({MHTML})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: the content said it is a saved page."""
        return 0.9 if source.data else 0.0

    def read(self, source: SourceFile) -> Document:
        """The tables and paragraphs of all HTML parts. Raises Damaged, TooLarge and Empty."""
        builder = Builder(source, f"{self.name}/{self.version}")
        if source.data.count(b"\n--") > _MOST_PARTS:
            raise TooLarge(f"{source.name}: more than {_MOST_PARTS} parts")
        try:
            message = message_from_bytes(source.data, policy=policy.compat32)
            pages, attached = _pages(message)
            decoded = [(part, _payload(part)) for part in pages]
        except (MessageError, ValueError, LookupError, RecursionError) as error:
            raise Damaged(f"{source.name}: the saved page is broken ({type(error).__name__})") from error
        if not pages:
            raise Damaged(f"{source.name}: the saved page holds neither HTML nor text")
        encodings = [
            read_page(builder, data, part.get_content_charset()) for part, data in decoded if data.strip()
        ]
        if any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in message.defects):
            builder.cut_off()
        if attached:
            builder.doubts.append(
                Doubt("unread_part", data={"what": "attached file", "count": str(attached)})
            )
        return builder.document(encodings[0] if encodings else "")


def _pages(message: Message) -> tuple[list[Message], int]:
    """The parts that show text, HTML before plain text, and the number of attached files."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    attached = [part for part in parts if part.get_content_disposition() == "attachment"]
    shown = [part for part in parts if part not in attached]
    pages = [part for part in shown if part.get_content_type() == "text/html"]
    return pages or [part for part in shown if part.get_content_type() == "text/plain"], len(attached)


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


READER = Mhtml()
