"""Making frozen dataclasses fast.

The constructor of a frozen dataclass sets every field through ``object.__setattr__``: for the 25
fields of a quantity that took longer than reading it. :func:`maker` fills an unfrozen twin with the
same slots instead, which then turns into the frozen class, as Python allows between equal layouts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, make_dataclass
from typing import Any, TypeVar

Made = TypeVar("Made")


def maker(frozen: type[Made]) -> Callable[..., Made]:
    """A constructor for ``frozen``, a frozen dataclass with slots: all fields, in order or named, no defaults.

    Raises:
        TypeError: from the constructor, when a field is missing; at once, when the layouts differ.

    Example:
        >>> from normalizers.quantity import State
        >>> maker(State)("提升", None, None, None, 0, 2) == State("提升", end=2)
        True
    """
    names = [field.name for field in fields(frozen)]  # type: ignore[arg-type]

    def freeze(open_one: Any) -> None:
        open_one.__class__ = frozen

    # The twin closes itself once it is filled: a wrapper around it would pack and unpack all arguments.
    namespace = {"__post_init__": freeze}
    twin: Any = make_dataclass(
        f"_Open{frozen.__name__}", names, slots=True, eq=False, repr=False, namespace=namespace
    )
    twin(*names)
    return twin  # type: ignore[no-any-return]
