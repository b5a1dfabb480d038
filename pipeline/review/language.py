"""In which language a browser sees the page."""

from __future__ import annotations

from starlette.requests import Request

from pipeline.review.words import LANGUAGES

LANGUAGE = "jixiao-language"  # the cookie that keeps the choice


def language_of(request: Request) -> str:
    """The language asked for now, else the one chosen before, else Chinese."""
    for said in (request.query_params.get("lang"), request.cookies.get(LANGUAGE)):
        if said in LANGUAGES:
            return str(said)
    return LANGUAGES[0]
