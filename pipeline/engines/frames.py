"""Length-prefixed messages over a stream socket, for ends that must never wait for each other."""

from __future__ import annotations

import pickle
import socket
import struct
from collections.abc import Iterator
from typing import Any

_HEAD = struct.Struct("!Q")
_CHUNK = 1 << 18


def packed(message: object) -> bytes:
    """A message as it goes over the wire.

    >>> line = Line(); line.feed(packed("a") + packed("b")[:-1])
    >>> list(line.messages())
    ['a']
    """
    body = pickle.dumps(message, protocol=5)
    return _HEAD.pack(len(body)) + body


class Line:
    """What has come in so far; a message that is there only in part waits for the rest."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> None:
        """Add bytes as they came."""
        self._held += data

    def messages(self) -> Iterator[Any]:
        """Every message that is complete."""
        while len(self._held) >= _HEAD.size:
            (size,) = _HEAD.unpack_from(self._held)
            if len(self._held) < _HEAD.size + size:
                return
            body = bytes(memoryview(self._held)[_HEAD.size : _HEAD.size + size])
            del self._held[: _HEAD.size + size]
            yield pickle.loads(body)  # noqa: S301 - our own worker, over a private socket


def drain(sock: socket.socket, line: Line) -> bool:
    """Take what a non-blocking socket holds; False when the other end is gone."""
    while True:
        try:
            data = sock.recv(_CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not data:
            return False
        line.feed(data)


def push(sock: socket.socket, waiting: bytearray) -> None:
    """Send as much of ``waiting`` as a non-blocking socket takes; a dead end is noticed by reading."""
    while waiting:
        try:
            sent = sock.send(memoryview(waiting)[:_CHUNK])
        except (BlockingIOError, OSError):
            return
        del waiting[:sent]
