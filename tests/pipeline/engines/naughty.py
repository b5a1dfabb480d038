"""Work that misbehaves on demand, for the tests of the engines."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


class Naughty:
    """Does what its item says; see the branches."""

    def warm(self) -> None:
        """Nothing to load."""

    def start(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing was opened."""

    def __call__(self, item: tuple[str, Any]) -> Any:
        return getattr(self, item[0])(item[1])

    def double(self, value: int) -> int:
        return value * 2

    def big(self, size: int) -> bytes:
        return b"x" * size

    def pid(self, _: Any) -> int:
        return os.getpid()

    def error(self, text: str) -> None:
        raise ValueError(text)

    def abort(self, _: Any) -> None:
        os.abort()

    def segfault(self, _: Any) -> None:
        ctypes.string_at(0)

    def leave(self, _: Any) -> None:
        os._exit(0)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def hoard(self, step: int) -> None:
        held = []
        while True:
            held.append(b"x" * step)
            time.sleep(0.005)

    def once(self, mark: str) -> str:
        """Dies the first time, as if killed from outside; works the second."""
        if not Path(mark).exists():
            Path(mark).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return "second"

    def orphan(self, mark: str) -> str:
        """Leaves a child behind that ignores signals and lives in a session of its own."""
        code = f"import os,signal,time; signal.signal(15, signal.SIG_IGN); open({mark!r},'w').write(str(os.getpid())); time.sleep(600)"
        subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stdout=subprocess.DEVNULL)
        while not (Path(mark).exists() and Path(mark).read_text()):
            time.sleep(0.01)
        return "left"

    def orphan_and_abort(self, mark: str) -> None:
        if not Path(mark).exists():
            self.orphan(mark)
        os.abort()

    def stall(self, _: Any) -> None:
        """Sends the beginning of an answer and no more."""
        for fd in range(3, 256):
            with contextlib.suppress(OSError):
                sock = socket.socket(fileno=os.dup(fd))
                if sock.family == socket.AF_UNIX and sock.type == socket.SOCK_STREAM:
                    sock.send(b"\0\0\0\0\0\1\0\0half")
        time.sleep(600)
