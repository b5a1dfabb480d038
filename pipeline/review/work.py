"""What every request starts from: the archive that is published now, its queue, the ledger as it is now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Lock

from extractors.layout.forms import Form
from pipeline.review.archive import Archive, Shelf
from pipeline.review.desk import Desk
from pipeline.review.images import Pages
from pipeline.review.queue import Entry, Filters, Progress, Queue, Standing
from pipeline.review.sheet import Sheet, sheet
from pipeline.review.views import FormView, form_view
from pipeline.review.words import Speaker

_FOUND, _VIEWS = 64, 8  # filtered queues and laid-out forms kept


class Work:
    """The archive, the queue over it, the desk and the pages, each made again only when it must be."""

    def __init__(self, clean: Path, desk: Desk, pages: Pages) -> None:
        self.shelf, self.desk, self.pages = Shelf(clean), desk, pages
        self._lock = Lock()
        self._queue: tuple[Archive, Queue] | None = None
        self._seen: tuple[Archive, int] | None = None
        self._found: dict[Filters, list[tuple[Entry, Standing]]] = {}
        self._progress: list[Progress] | None = None
        self._views: dict[tuple[str, Speaker], tuple[Archive, int, FormView]] = {}

    def now(self) -> Archive:
        """The archive that is published now; queue and decisions are brought up to it.

        Raises LedgerError where a file of decisions cannot be read.
        """
        archive = self.shelf.archive()
        with self._lock:
            if self._queue is None or self._queue[0] is not archive:
                self._queue = (archive, Queue(archive))
            self.desk.look(archive)
            if self._seen != (archive, self.desk.version):
                self._seen = (archive, self.desk.version)
                self._found, self._progress = {}, None
        return archive

    @property
    def queue(self) -> Queue:
        """The queue over the archive of the last :meth:`now`."""
        assert self._queue is not None
        return self._queue[1]

    def _judge(self, entry: Entry) -> Standing:
        assert self._queue is not None
        return self.desk.standing(self._queue[0], entry)

    def found(self, filters: Filters) -> list[tuple[Entry, Standing]]:
        """The forms that pass, in their order: worked out once until something is decided or published."""
        key = replace(filters, page=1)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _FOUND:
                self._found = {}
            found = self._found[key] = self.queue.find(key, self._judge)
        return found

    def progress(self) -> list[Progress]:
        """The progress per year and department, likewise."""
        if self._progress is None:
            self._progress = self.queue.progress(self._judge)
        return self._progress

    def view(self, archive: Archive, form_id: str, say: Speaker) -> FormView | None:
        """A form with what was decided about it, or None; laid out once until something changes."""
        key = (form_id, say)
        found = self._views.get(key)
        if found is None or found[:2] != (archive, self.desk.version):
            made = sheet(archive, form_id, say)
            if made is None:
                return None
            version = self.desk.version
            view = form_view(archive, made, self.desk.decided(form_id), self.desk.live(archive, form_id), say)
            found = (archive, version, view)
            with self._lock:  # several requests are answered at once
                if len(self._views) >= _VIEWS:
                    self._views.pop(next(iter(self._views)))
                self._views[key] = found
        return found[2]

    def layout(self, made: Sheet) -> Form | None:
        """The form as the layout understood it, where the work folder still holds it."""
        return self.pages.layout(self.shelf.publish(), made.document, made.form["form_no"])

    def around(self, form_id: str, filters: Filters) -> tuple[int, int, str, str]:
        """A form's place in the filtered queue (1-based, 0 if it left it), its length, and its neighbours' ids.

        A form that left the queue because it was decided has the next one of the queue as its next.
        """
        found = [entry.form_id for entry, _ in self.found(filters)]
        if form_id in found:
            at = found.index(form_id)
            before = found[at - 1] if at else ""
            return at + 1, len(found), before, found[at + 1] if at + 1 < len(found) else ""
        return 0, len(found), "", found[0] if found else ""
