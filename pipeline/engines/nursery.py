"""The nursery: one warm, single-threaded process that forks the workers of a pool and buries them.

It loads code and word lists once; a worker is a fork of it and starts in milliseconds. It is the
subreaper of everything a worker starts, so that whatever a worker leaves behind, even in a session
of its own, ends up here and is killed. When the run that started it is gone, however it went, the
nursery sees its control socket close, kills every worker and leaves. Linux only.
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import resource
import select
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.engines.frames import Line, packed
from pipeline.engines.outcome import ERROR, MEMORY, OK, Work

FORK, KILL, READY, BORN, DEAD = b"F", b"K", b"R", b"B", b"D"
_DEATH_SIGNAL, _SUBREAPER = 1, 36  # prctl(2): PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER
_LOOK = 1.0  # seconds between looks for strangers
_REPORT = 2000  # characters of an error that travel


@dataclass(frozen=True, slots=True)
class Order:
    """What a nursery is told when it starts: the work, and the address space one worker may add (bytes)."""

    work: Work
    space: int


def children_of(pid: int) -> list[int]:
    """The living direct children of a process, of all its threads."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += [int(n) for n in (task / "children").read_text().split()]
    return found


def kill_group(pid: int) -> None:
    """Kill a process and its group."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def main() -> None:
    """Serve one control socket, whose number is the only argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prctl(_SUBREAPER, 1)
    order: Order = pickle.loads(control.recv(1 << 20))  # noqa: S301 - from the run that started us
    order.work.warm()
    gc.collect()
    gc.freeze()
    control.send(READY)
    _serve(control, order)


def prctl(option: int, value: int) -> None:
    """Set something about this process with the Linux kernel."""
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _serve(control: socket.socket, order: Order) -> None:
    awake, alarm = os.pipe()
    for end in (awake, alarm):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(alarm)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    workers: set[int] = set()
    try:
        while True:
            ready, _, _ = select.select([control.fileno(), awake], [], [], _LOOK)
            if awake in ready:
                with suppress(BlockingIOError):
                    os.read(awake, 4096)
            if control.fileno() in ready and not _answer(control, order, workers):
                return
            _bury(control, workers)
    finally:
        for pid in workers:
            kill_group(pid)
        clear_away()


def _answer(control: socket.socket, order: Order, workers: set[int]) -> bool:
    try:
        message, fds, _, _ = socket.recv_fds(control, 64, 1)
    except ConnectionResetError:  # the run closed its end with words of ours unread
        return False
    if message[:1] == FORK:
        pid = os.fork()
        if pid == 0:
            control.close()
            _live(fds[0], order)
        os.close(fds[0])
        workers.add(pid)
        control.send(BORN + str(pid).encode())
    elif message[:1] == KILL and int(message[1:]) in workers:
        kill_group(int(message[1:]))
    return bool(message)


def _reap() -> list[tuple[int, int]]:
    gone = []
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            gone.append((pid, status))
    return gone


def _bury(control: socket.socket, workers: set[int]) -> None:
    for pid, status in _reap():
        if pid in workers:
            workers.discard(pid)
            kill_group(pid)
            with suppress(OSError):
                control.send(DEAD + f"{pid} {os.waitstatus_to_exitcode(status)}".encode())
    kill_strangers(workers)


def kill_strangers(known: set[int]) -> None:
    """Kill the children of this process that nobody knows."""
    for pid in children_of(os.getpid()):
        if pid not in known:
            kill_group(pid)


def clear_away() -> None:
    """Kill and reap children of this process until there are none."""
    while True:
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        # The kernel's list of children may leave some out while they change; the table of all does not.
        for pid in _parents().get(os.getpid(), ()):
            kill_group(pid)
        _reap()
        time.sleep(0.001)


def _parents() -> dict[int, list[int]]:
    """The living processes by their parent."""
    found: dict[int, list[int]] = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
                found.setdefault(int(parent), []).append(int(process.name))
    return found


def _live(fd: int, order: Order) -> None:
    """The life of a worker; it ends with the process."""
    try:
        parent = os.getppid()
        os.setsid()
        prctl(_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _limit(order.space)
        sock = socket.socket(fileno=fd)
        sock.set_inheritable(False)
        sock.setblocking(True)
        order.work.start()
        _toil(sock, order.work)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - nothing of a worker may return into the nursery
        traceback.print_exc()
        os._exit(1)


def _limit(space: int) -> None:
    """The address space a worker may have; the pool watches real memory, this stops single huge requests."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if space:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + space
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _toil(sock: socket.socket, work: Work) -> None:
    line = Line()
    while data := sock.recv(1 << 18):
        line.feed(data)
        for item in line.messages():
            answer = packed(_attempt(work, item))
            clear_away()
            sock.sendall(answer)


def _attempt(work: Work, item: Any) -> tuple[str, Any, str | None]:
    try:
        return OK, work(item), None
    except MemoryError:
        return MEMORY, None, "ran out of memory"
    except Exception as error:  # noqa: BLE001 - told to the pool, which decides
        trace = "".join(traceback.format_exception(error))
        return ERROR, None, f"{type(error).__name__}: {error}\n{trace[-_REPORT:]}"


if __name__ == "__main__":
    main()
