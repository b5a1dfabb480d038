"""The pool against work that aborts, hangs, eats memory, stalls, or leaves children behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.engines.nursery import children_of
from pipeline.engines.pool import Bounds, Pool
from tests.pipeline.engines.naughty import Naughty

# On a machine that does much else an interpreter takes seconds to start: only what hangs takes longer.
BOUNDS = Bounds(seconds=5, memory=400 << 20)


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(Naughty(), 2, BOUNDS) as found:
        yield found


def do(pool: Pool, *items: tuple[str, Any], seconds: float | None = None) -> list[tuple[str, Any]]:
    found = {o.key: o for o in pool.run(enumerate(items), seconds)}
    assert sorted(found) == list(range(len(items))), "each item ends exactly once"
    return [(found[n].status, found[n].value) for n in range(len(items))]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pid: int) -> bool:
    until = time.monotonic() + 60
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pid)


def test_good_items_come_back_whole(pool: Pool) -> None:
    assert do(pool, *(("double", n) for n in range(300))) == [("ok", 2 * n) for n in range(300)]
    assert do(pool, ("big", 20_000_000))[0][1] == b"x" * 20_000_000


@pytest.mark.parametrize("how", ["abort", "segfault", "leave"])
def test_a_death_costs_one_item(pool: Pool, how: str) -> None:
    items: list[tuple[str, Any]] = [("double", n) for n in range(20)]
    items[7] = (how, None)
    found = do(pool, *items)
    assert found.pop(7) == ("crash", None)
    assert {status for status, _ in found} == {"ok"}


def test_time_memory_and_errors(pool: Pool) -> None:
    found = do(
        pool,
        ("sleep", 60),
        ("hoard", 100 << 20),
        ("big", 5 << 30),
        ("error", "no"),
        ("stall", None),
        ("double", 1),
    )
    assert [status for status, _ in found] == ["timeout", "memory", "memory", "error", "timeout", "ok"]


def test_a_killing_from_outside_is_no_crash_of_the_item(pool: Pool, tmp_path: Path) -> None:
    assert do(pool, ("once", str(tmp_path / "mark"))) == [("ok", "second")]


def test_children_left_behind_are_killed(pool: Pool, tmp_path: Path) -> None:
    marks = [tmp_path / name for name in ("a", "b")]
    found = do(pool, ("orphan", str(marks[0])), ("orphan_and_abort", str(marks[1])))
    assert found == [("ok", "left"), ("crash", None)]
    for mark in marks:
        assert gone(int(mark.read_text()))


def test_the_nursery_killed_in_the_middle(pool: Pool) -> None:
    found = []
    for outcome in pool.run((n, ("double", n)) for n in range(500)):
        found.append((outcome.key, outcome.value))
        if outcome.key in (100, 300):
            os.kill(pool._nursery.pid, signal.SIGKILL)
    assert sorted(found) == [(n, 2 * n) for n in range(500)]


def test_nothing_is_left_when_the_pool_is_closed() -> None:
    with Pool(Naughty(), 2, BOUNDS) as pool:
        running = pool.run(enumerate([("pid", None), ("pid", None), ("sleep", 60)]), 60)
        pids = {next(running).value, next(running).value, pool._nursery.pid, *children_of(pool._nursery.pid)}
    assert all(gone(pid) for pid in pids)


def test_workers_are_replaced(pool: Pool) -> None:
    with Pool(Naughty(), 1, Bounds(recycle=5)) as few:
        assert len({pid for _, pid in do(few, *[("pid", None)] * 20)}) == 4
