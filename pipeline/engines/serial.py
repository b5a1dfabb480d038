"""The serial engine: one shard after the other, in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def run_shards(
    work: Callable[[Sequence[Item]], Sequence[Result]], shards: Iterable[Sequence[Item]]
) -> Iterator[tuple[int, Sequence[Result]]]:
    """Yield ``(shard number, results)`` for each shard, in order.

    >>> list(run_shards(lambda shard: [n * n for n in shard], [[1, 2], [3]]))
    [(0, [1, 4]), (1, [9])]
    """
    for number, shard in enumerate(shards):
        yield number, work(shard)
