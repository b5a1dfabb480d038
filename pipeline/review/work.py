"""What every request starts from: the archive that is published now, its queue, the ledger as it is now."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from extractors.layout.forms import Form
from pipeline.review.archive import Archive, Shelf
from pipeline.review.desk import Desk
from pipeline.review.images import Pages
from pipeline.review.queue import Entry, Filters, Judge, Queue, Standing
from pipeline.review.sheet import Sheet, sheet
from pipeline.review.views import FormView, form_view
from pipeline.review.words import Speaker


class Work:
    """The archive, the queue over it, the desk and the pages, each made again only when it must be."""

    def __init__(self, clean: Path, desk: Desk, pages: Pages) -> None:
        self.shelf, self.desk, self.pages = Shelf(clean), desk, pages
        self._lock = Lock()
        self._queue: tuple[Archive, Queue] | None = None

    def now(self) -> tuple[Archive, Queue, Judge]:
        """The archive, its queue, and what says how far the review of a form is.

        Raises LedgerError where a file of decisions cannot be read.
        """
        archive = self.shelf.archive()
        with self._lock:
            if self._queue is None or self._queue[0] is not archive:
                self._queue = (archive, Queue(archive))
            queue = self._queue[1]
            self.desk.look(archive)

        def judge(entry: Entry) -> Standing:
            return self.desk.standing(archive, entry)

        return archive, queue, judge

    def view(self, archive: Archive, form_id: str, say: Speaker) -> FormView | None:
        """A form with what was decided about it, or None."""
        made = sheet(archive, form_id, say)
        return (
            form_view(archive, made, self.desk.decided(form_id), self.desk.live(archive, form_id), say)
            if made is not None
            else None
        )

    def layout(self, made: Sheet) -> Form | None:
        """The form as the layout understood it, where the work folder still holds it."""
        return self.pages.layout(self.shelf.publish(), made.document, made.form["form_no"])

    def around(self, form_id: str, filters: Filters, queue: Queue, judge: Judge) -> tuple[int, int, str, str]:
        """A form's place in the filtered queue (1-based, 0 if it left it), its length, and its neighbours' ids.

        A form that left the queue because it was decided has the next one of the queue as its next.
        """
        found = [entry.form_id for entry, _ in queue.find(filters, judge)]
        if form_id in found:
            at = found.index(form_id)
            before = found[at - 1] if at else ""
            return at + 1, len(found), before, found[at + 1] if at + 1 < len(found) else ""
        return 0, len(found), "", found[0] if found else ""
