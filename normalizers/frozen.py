"""Making frozen dataclasses fast.

The constructor of a frozen dataclass sets every field through ``object.__setattr__``: for the 25
fields of a quantity that took longer than reading it. :func:`maker` fills an unfrozen twin with the
same slots instead and then makes it the frozen class, which Python allows between equal layouts.
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
    twin: Any = make_dataclass(f"_Open{frozen.__name__}", names, slots=True, eq=False, repr=False)

    def make(*values: object, **named: object) -> Made:
        made = twin(*values, **named)
        made.__class__ = frozen
        return made  # type: ignore[no-any-return]

    make(*names)
    return make
