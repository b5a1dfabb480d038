"""The fast constructor makes what the class itself makes."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import pytest

from normalizers.frozen import maker
from normalizers.quantity import Direction, State


def test_made_is_the_frozen_class() -> None:
    made = maker(State)("提升", Direction.UP, None, None, 0, 2)
    plain = State("提升", Direction.UP, None, None, 0, 2)
    assert (type(made), made, hash(made), repr(made)) == (State, plain, hash(plain), repr(plain))
    assert pickle.loads(pickle.dumps(made)) == plain
    with pytest.raises(FrozenInstanceError):
        made.start = 1  # type: ignore[misc]


def test_every_field_is_asked_for() -> None:
    with pytest.raises(TypeError):
        maker(State)("提升")
