"""The routes of one form: its page, the slot under the cursor, its page pictures, the preview of a reading."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.review.archive import Archive
from pipeline.review.grids import blocks
from pipeline.review.language import language_of
from pipeline.review.preview import preview
from pipeline.review.queue import Filters
from pipeline.review.saving import digest
from pipeline.review.screen import Screen
from pipeline.review.sheet import WHOLE
from pipeline.review.views import FormView, facts_of, moves, scores, slot_words, tree, where
from pipeline.review.words import Speaker, speaker


def routes(screen: Screen) -> list[Route]:
    """The routes of a form."""
    here = _Forms(screen)
    return [
        Route("/form/{form_id}", here.form),
        Route("/form/{form_id}/rows", here.rows),
        Route("/form/{form_id}/slot/{slot}", here.slot),
        Route("/form/{form_id}/page/{page:int}", here.page),
        Route("/form/{form_id}/picture/{page:int}", here.picture),
        Route("/form/{form_id}/preview", here.preview),
    ]


class _Forms:
    def __init__(self, screen: Screen) -> None:
        self.screen, self.work = screen, screen.work

    def _found(self, request: Request) -> tuple[Archive, FormView, Speaker]:
        archive = self.work.now()
        say = speaker(language_of(request))
        view = self.work.view(archive, request.path_params["form_id"], say)
        if view is None:
            raise HTTPException(404)
        return archive, view, say

    def form(self, request: Request) -> Response:
        archive, view, _ = self._found(request)
        filters = Filters.of(request.query_params)
        form = view.sheet.form
        place, length, before, after = self.work.around(form["form_id"], filters)
        paged = self._pages(view)
        return self.screen.render(
            request,
            "form.html",
            **self._facts(view),
            filters=filters,
            place=place,
            length=length,
            before=before,
            after=after,
            pages=paged,
            blocks=[] if paged else list(blocks(view.sheet.cells)),
            drawn=self.work.pages.drawn(view.sheet.document),
            links=archive.links.get(form["form_id"], [])[:8],
            archive=archive,
        )

    def rows(self, request: Request) -> Response:
        """The fields alone, to be put in place of the old ones after a decision."""
        _, view, _ = self._found(request)
        return self.screen.render(request, "_rows.html", **self._facts(view))

    def _facts(self, view: FormView) -> dict[str, Any]:
        revision = self.work.desk.ledger.revision(view.sheet.path)
        return {"view": view, "sheet": view.sheet, "form": view.sheet.form, "revision": revision}

    def _pages(self, view: FormView) -> list[int]:
        """The numbers of the pages a form stands on; none where they cannot be drawn."""
        form = view.sheet.form
        first, last = form["page_first"], form["page_last"]
        if first is None or self.work.pages.picture(view.sheet.document, first) is None:
            return []
        return list(range(first, (last or first) + 1))

    def slot(self, request: Request) -> Response:
        """What is to be said and done about one slot."""
        archive, view, say = self._found(request)
        slot = request.path_params["slot"]
        field, line = facts_of(view.sheet, slot)
        if field is None and line is None and slot != WHOLE:
            raise HTTPException(404)
        cell = view.sheet.cell(field.cell_id) if field is not None else None
        return self.screen.render(
            request,
            "_slot.html",
            **self._facts(view),
            slot=slot,
            title=slot_words(slot, say),
            field=field,
            line=line,
            place=where(cell, say),
            cell=cell,
            scores=scores(line.indicator if line else view.sheet.form, say),
            doubts=view.doubts_at(slot if line is None else line.slot),
            decisions=view.decisions_at(slot if line is None else line.slot),
            moves=moves(view.sheet, slot, say),
            tree=list(tree(view.sheet.form["taxonomy_version"])),
            seen=digest(self.work.desk.seen(archive, view.sheet.form["form_id"], slot)),
        )

    def page(self, request: Request) -> Response:
        """What is on a page: its size in points and the rectangles of the form's cells."""
        _, view, _ = self._found(request)
        number = request.path_params["page"]
        picture = self.work.pages.picture(view.sheet.document, number)
        if picture is None:
            raise HTTPException(404)
        return JSONResponse(
            {
                "width": picture.width,
                "height": picture.height,
                "seals": picture.seals,
                "boxes": self.work.pages.boxes(view.sheet.cells, self.work.layout(view.sheet), number),
            }
        )

    def picture(self, request: Request) -> Response:
        archive = self.work.now()
        form = archive.forms.get(request.path_params["form_id"])
        document = archive.documents[form["document_id"]] if form is not None else None
        picture = self.work.pages.picture(document, request.path_params["page"]) if document else None
        if picture is None:
            raise HTTPException(404)
        caching = {"cache-control": "private, max-age=3600"}
        return Response(picture.blob, media_type=picture.media_type, headers=caching)

    def preview(self, request: Request) -> Response:
        """How a text would be read in a row's slot."""
        _, view, say = self._found(request)
        slot, text = request.query_params.get("slot", ""), request.query_params.get("text", "")
        _, line = facts_of(view.sheet, slot)
        words = (
            preview(text, line, slot.rpartition(":")[2], self.work.layout(view.sheet), say) if line else ""
        )
        return JSONResponse({"words": words})
