"""What every page of the review is drawn with: the templates, and the language of the browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from normalizers.concepts.catalogue import concepts
from pipeline.review.archive import name_of
from pipeline.review.guard import Session
from pipeline.review.language import LANGUAGE, language_of
from pipeline.review.queue import SORTS, STATES
from pipeline.review.readings import wan
from pipeline.review.views import where, without_path
from pipeline.review.words import LANGUAGES, named, speaker
from pipeline.review.work import Work

_YEAR = 365 * 24 * 3600


class Screen:
    """Pages about the work under review. Every text goes through Jinja's escaping."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("pipeline.review"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "wan": wan,
            "name_of": name_of,
            "where": where,
            "without_path": without_path,
            "STATES": STATES,
            "SORTS": SORTS,
            "concepts": _concepts,
        }
        self._templates.filters["query"] = urlencode

    def render(self, request: Request, template: str, **facts: Any) -> Response:
        """A page in the language the browser asked for."""
        language = language_of(request)
        session: Session = request.scope["session"]
        page = self._templates.get_template(template).render(
            say=speaker(language),
            language=language,
            csrf=session.csrf,
            who=self.work.desk.who,
            publish=self.work.shelf.publish(),
            script_words={g: named(g, language) for g in ("conflict", "marks", "page")},
            **facts,
        )
        response = HTMLResponse(page)
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(LANGUAGE, language, max_age=_YEAR, samesite="strict", path="/")
        return response


def _concepts() -> list[tuple[str, str]]:
    """All concepts, by id and Chinese name, in the order of their ids."""
    return sorted(((c.id, c.name) for c in concepts()), key=lambda one: one[0])
