"""What a publish says otherwise than the last one: the rows of ``changes``."""

from pipeline.exports.changes.difference import difference
from pipeline.exports.changes.editions import Editions, editions_of

__all__ = ["Editions", "difference", "editions_of"]
