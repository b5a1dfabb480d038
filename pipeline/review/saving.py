"""The routes that change something: decide, take back. Everything goes into the ledger, nothing else is written."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.corrections import Conflict, Correction, Seen
from pipeline.review.desk import MOST_UNDO
from pipeline.review.guard import Session
from pipeline.review.language import language_of
from pipeline.review.views import decision_view
from pipeline.review.words import Speaker, speaker
from pipeline.review.work import Work

_MANY = 40  # decisions of one key press at most: a value and the issues about it


class _Asked(BaseModel):
    """One decision as the page sends it. ``seen`` is the digest of what the person had before them."""

    model_config = ConfigDict(extra="forbid")

    slot: str = Field(max_length=200)
    kind: str = Field(max_length=20)
    set: dict[str, Any] = Field(max_length=10)
    why: str = Field(default="", max_length=4000)
    seen: str = Field(default="", max_length=40)


class _Decide(BaseModel):
    model_config = ConfigDict(extra="forbid")

    revision: str = Field(max_length=60_000)
    decisions: list[_Asked] = Field(min_length=1, max_length=_MANY)


def digest(seen: Seen) -> str:
    """A short word for what a person saw, by which a later look tells whether it is still so."""
    return blake2b(seen.model_dump_json().encode(), digest_size=8).hexdigest()


def routes(work: Work) -> list[Route]:
    """The routes that change something."""
    here = _Saving(work)
    return [
        Route("/form/{form_id}/decide", here.decide, methods=["POST"]),
        Route("/undo", here.undo, methods=["POST"]),
        Route("/form/{form_id}/withdraw", here.withdraw, methods=["POST"]),
    ]


class _Saving:
    def __init__(self, work: Work) -> None:
        self.work = work

    async def decide(self, request: Request) -> Response:
        asked = _Decide.model_validate(json.loads(await request.body()))
        return await run_in_threadpool(self._decide, request, asked)

    def _decide(self, request: Request, asked: _Decide) -> Response:
        archive = self.work.now()
        desk, form_id = self.work.desk, request.path_params["form_id"]
        if form_id not in archive.forms:
            raise HTTPException(404)
        session: Session = request.scope["session"]
        for one in asked.decisions:
            if one.seen and one.seen != digest(desk.seen(archive, form_id, one.slot)):
                return JSONResponse({"changed": True}, status_code=409)
        try:
            made = [desk.signed(archive, form_id, d.slot, d.kind, d.set, d.why) for d in asked.decisions]
        except ValueError as error:
            return _refused(error)
        try:
            step = desk.save(form_id, made, asked.revision)
        except Conflict as conflict:
            return self._conflict(request, archive, made, conflict)
        except OSError as error:  # no room, no permission: say so, nothing was saved
            return JSONResponse({"refused": f"{error.strerror}: {error.filename}"}, status_code=507)
        session.undo = [*session.undo[1 - MOST_UNDO :], step]
        return self._done(archive, form_id)

    def _done(self, archive: Any, form_id: str) -> Response:
        revision = self.work.desk.ledger.revision(archive.path(form_id))
        return JSONResponse({"form": form_id, "revision": revision})

    def _conflict(
        self, request: Request, archive: Any, made: list[Correction], conflict: Conflict
    ) -> Response:
        say = _say(request)
        mine = next((one for one in made if one.target.slot == conflict.slot), made[0])
        theirs = decision_view(archive, conflict.theirs, say) if conflict.theirs is not None else None
        own = decision_view(archive, mine, say)
        return JSONResponse(
            {
                "slot": conflict.slot,
                "mine": own.words,
                "theirs": theirs.words if theirs else say("conflict", "gone"),
                "by": say("decision", "by", who=theirs.who, when=theirs.when) if theirs else "",
                "revision": self.work.desk.ledger.revision(mine.target.path),
            },
            status_code=409,
        )

    async def undo(self, request: Request) -> Response:
        await request.body()
        return await run_in_threadpool(self._undo, request)

    def _undo(self, request: Request) -> Response:
        archive = self.work.now()
        session: Session = request.scope["session"]
        if not session.undo:
            return JSONResponse({"nothing": True}, status_code=404)
        step = session.undo.pop()
        try:
            self.work.desk.undo(step)
        except Conflict as conflict:
            return self._conflict(request, archive, [one for one, _ in step.made], conflict)
        return JSONResponse({"form": step.form_id, "slot": step.made[0][0].target.slot})

    async def withdraw(self, request: Request) -> Response:
        asked = json.loads(await request.body())
        if not isinstance(asked, dict) or not isinstance(asked.get("slot"), str):
            raise HTTPException(422)
        return await run_in_threadpool(self._withdraw, request, asked)

    def _withdraw(self, request: Request, asked: dict[str, Any]) -> Response:
        archive = self.work.now()
        form_id = request.path_params["form_id"]
        standing = self.work.desk.decided(form_id).get(asked["slot"])
        if standing is None:
            return JSONResponse({"nothing": True}, status_code=404)
        try:
            self.work.desk.ledger.remove(standing.id, str(asked.get("revision", "")))
        except Conflict as conflict:
            return self._conflict(request, archive, [standing], conflict)
        return self._done(archive, form_id)


def _say(request: Request) -> Speaker:
    return speaker(language_of(request))


def _refused(error: ValueError) -> Response:
    return JSONResponse({"refused": reason(error)}, status_code=422)


def reason(error: Exception) -> str:
    """Why something that was sent cannot be taken, in the words of the first thing wrong with it.

    >>> reason(ValueError("no such slot"))
    'no such slot'
    """
    if not isinstance(error, ValidationError):
        return "no JSON" if isinstance(error, json.JSONDecodeError) else str(error)
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return str(first["msg"]).removeprefix("Value error, ")
