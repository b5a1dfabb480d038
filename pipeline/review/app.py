"""The review page as an application: the queue, what stands beside it, and what is said when it fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.corrections import Ledger
from pipeline.review import forms, saving
from pipeline.review.desk import Desk
from pipeline.review.guard import Doorkeeper, Guard, TooMuchError
from pipeline.review.images import Pages
from pipeline.review.language import language_of
from pipeline.review.queue import SIZE, Filters
from pipeline.review.screen import Screen
from pipeline.review.words import speaker
from pipeline.review.work import Work
from pipeline.settings import SettingsError

STATIC = Path(__file__).with_name("static")


class Review:
    """The page over one publish folder, one work folder and one ledger."""

    def __init__(self, clean: Path, work: Path, review: Path, who: str) -> None:
        self.work = Work(clean, Desk(Ledger(review), who), Pages(work, clean))
        self.screen = Screen(self.work)

    def app(self, keeper: Doorkeeper) -> Guard:
        """The ASGI application behind its guard."""
        routes = [
            Route("/", self.queue),
            Route("/progress", self.progress),
            Route("/files", self.files),
            Route("/pulse", self.pulse),
            Mount("/static", StaticFiles(directory=STATIC)),
            *forms.routes(self.screen),
            *saving.routes(self.work),
        ]
        return Guard(Starlette(routes=[*routes], exception_handlers=_handlers(self.screen)), keeper)

    def queue(self, request: Request) -> Response:
        """The queue, filtered and ordered as the address says."""
        self.work.now()
        filters = Filters.of(request.query_params)
        found = self.work.found(filters)
        pages = max(1, -(-len(found) // SIZE))
        page = min(filters.page, pages)
        progress = self.work.progress()
        return self.screen.render(
            request,
            "queue.html",
            filters=filters,
            choices=self.work.queue.choices,
            found=found[(page - 1) * SIZE : page * SIZE],
            count=len(found),
            page=page,
            pages=pages,
            closed=sum(p.closed for p in progress),
            total=sum(p.total for p in progress),
        )

    def progress(self, request: Request) -> Response:
        """Progress per year and department."""
        self.work.now()
        return self.screen.render(request, "progress.html", progress=self.work.progress(), filters=Filters())

    def files(self, request: Request) -> Response:
        """Files that were not read whole, and what is doubted about a file as a whole."""
        archive = self.work.now()
        troubled = [
            (d, archive.of_files.get(d["document_id"], []))
            for d in archive.documents.values()
            if d["status"] != "ok" or d["document_id"] in archive.of_files
        ]
        troubled.sort(key=lambda one: (one[0]["status"] == "ok", one[0]["path"]))
        return self.screen.render(request, "files.html", troubled=troubled[:1000], filters=Filters())

    def pulse(self, request: Request) -> Response:
        """What a page asks now and then: is there a new publish, did somebody decide about this form?"""
        archive = self.work.now()
        form_id = request.query_params.get("form", "")
        revision = self.work.desk.ledger.revision(archive.path(form_id)) if form_id in archive.forms else ""
        return JSONResponse({"publish": self.work.shelf.publish(), "revision": revision})


def _handlers(screen: Screen) -> Mapping[Any, Callable[[Request, Exception], Response]]:
    def missing(request: Request, _: Exception) -> Response:
        page = screen.render(
            request, "error.html", message=speaker(language_of(request))("page", "not_found")
        )
        page.status_code = 404
        return page

    def broken(request: Request, error: Exception) -> Response:
        words = speaker(language_of(request))("page", "ledger_broken")
        page = screen.render(request, "error.html", message=f"{words} {error}")
        page.status_code = 500
        return page

    def too_much(_: Request, error: Exception) -> Response:
        return PlainTextResponse(f"{error}\n", status_code=413)

    def nonsense(_: Request, error: Exception) -> Response:
        return JSONResponse({"refused": saving.reason(error)}, status_code=422)

    return {
        404: missing,
        SettingsError: broken,
        TooMuchError: too_much,
        ValidationError: nonsense,
        json.JSONDecodeError: nonsense,
    }
