"""The server of the review page: on loopback, on a free port unless told otherwise, until it is interrupted."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn

from pipeline.review.app import Review
from pipeline.review.guard import Doorkeeper
from pipeline.settings import SettingsError

LOOPBACK = "127.0.0.1"


def signer() -> str:
    """Who signs decisions if nobody says: git's ``user.name``, else the login name."""
    try:
        asked = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607 - whichever git this user has
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
        name = asked.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        name = ""
    try:
        return name or getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


class Server:
    """A running review page; leaving it as a context stops it. ``port`` 0 takes any that is free.

    Raises SettingsError where nothing is published or the port is taken.
    """

    def __init__(self, clean: Path, work: Path, review: Path, who: str, port: int = 0) -> None:
        page = Review(clean, work, review, who)
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self.keeper = Doorkeeper(self.port)
        config = uvicorn.Config(
            page.app(self.keeper),
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
            h11_max_incomplete_event_size=64 * 1024,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        # Not its signal handlers: whoever waits decides what Ctrl+C does.
        self._thread = threading.Thread(target=self._serve, name="review", daemon=True)
        page.work.shelf.archive()  # read before the first key, and say now what cannot be read

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])

    def address(self) -> str:
        """An address with a new one-time token."""
        return f"http://{LOOPBACK}:{self.port}/enter?token={self.keeper.token()}"

    def more(self, asked: Iterable[str], say: Callable[[str], None]) -> None:
        """Say another address for each line asked (Enter in the terminal), without holding anything up."""

        def answering() -> None:
            for _ in asked:
                say(self.address())

        threading.Thread(target=answering, name="addresses", daemon=True).start()

    def wait(self) -> None:
        """Return when interrupted, or when the server has stopped."""
        try:
            while self._thread.is_alive():
                self._thread.join(1.0)
        except KeyboardInterrupt:
            return

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(5.0)
        self._socket.close()


def _listening(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        made.close()
        raise SettingsError(
            f"port {port} cannot be used ({error}); leave --port out to take a free one"
        ) from error
    made.listen(64)
    return made
