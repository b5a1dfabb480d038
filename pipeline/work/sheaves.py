"""The forms of a run as the comparison sees them: columns by shards of documents, the rest on demand.

A shard holds the documents whose keys begin alike, so that a changed document touches two shards (the
one it leaves and the one it joins) and no other. What was found about a bundle of forms is kept under
a key made of those forms; a run in which nothing touched them finds it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate

from pipeline.audit.fingerprint import Fingerprint
from pipeline.audit.sheaf import Sheaf, sheaf
from pipeline.records.types import FormRecords
from pipeline.stage import Context, stored_value
from pipeline.stages import audit, compare, normalise
from pipeline.storage.codec import Codec, rows_of
from pipeline.storage.store import key_of
from pipeline.storage.versions import digest_of

Document = tuple[str, str]
"""The keys of a document's audit result and of its records."""
_A_SHARD = 64  # documents; small enough that making one anew costs little, large enough to be few
_PRINTS, _RECORDS = 2048, 256  # documents held decoded
_SHEAF = rows_of(Sheaf)


USED: Codec[list[str]] = rows_of(list[str])


def used_key(compared: str) -> str:
    """Where the keys are kept of all that a comparison, kept under ``compared``, was put together from."""
    return key_of("used", compared)


class StoredForms:
    """A :class:`pipeline.audit.compare.Source` over the store of a run.

    ``waiting`` are keys of audit results with decisions about what comparing finds; ``used`` are the
    keys of the columns and bundles it was put together from.
    """

    def __init__(self, documents: Sequence[Document], context: Context, waiting: Sequence[str] = ()) -> None:
        self._context = context
        self._waiting = waiting
        self.used: list[str] = []
        self._digest = digest_of(compare.STAGE.reads)
        self._shards = shards(documents)
        self._documents = [document for shard in self._shards for document in shard]
        self._cached_prints = lru_cache(_PRINTS)(self._read_prints)
        self._cached_records = lru_cache(_RECORDS)(self._read_records)

    def forms(self) -> compare.Forms:
        """What the stage is given."""
        first = [0, *accumulate(map(len, self._shards))][: len(self._shards)]
        sheaves = (self._sheaf(start, len(shard)) for start, shard in zip(first, self._shards, strict=True))
        waited = (stored_value(audit.STAGE, key, self._context) for key in self._waiting)
        waiting = tuple(row for found in waited if found is not None for row in found.waiting)
        return compare.Forms(tuple(sheaves), tuple(first), self, waiting)

    def prints(self, document: int) -> Sequence[Fingerprint]:
        """The fingerprints of a document's forms; none where the audit broke on it."""
        return self._cached_prints(document)

    def records(self, document: int) -> Sequence[FormRecords]:
        """The records of a document's forms."""
        return self._cached_records(document)

    def kept(self, key: str, make: Callable[[], bytes]) -> bytes:
        """What was found under a key in this or an earlier run, with this very code."""
        whole, context = key_of("compare", self._digest, key), self._context
        self.used.append(whole)
        stored = None if compare.STAGE.name in context.force else context.store.get(whole)
        if stored is not None:
            return stored.blob
        blob = make()
        context.store.put(whole, compare.STAGE.name, "bundle", blob)
        return blob

    def _sheaf(self, start: int, count: int) -> Sheaf:
        keys = [key for key, _ in self._documents[start : start + count]]

        def made() -> bytes:
            rows = (
                (n, place, f"{key}{place}".encode(), found)
                for n, key in enumerate(keys)
                for place, found in enumerate(self._read_prints(start + n))
            )
            return _SHEAF.encode(sheaf(rows))

        found: Sheaf = _SHEAF.decode(self.kept(key_of("sheaf", *keys), made))
        return found

    def _read_prints(self, document: int) -> Sequence[Fingerprint]:
        found = stored_value(audit.STAGE, self._documents[document][0], self._context)
        return () if found is None else found.prints

    def _read_records(self, document: int) -> Sequence[FormRecords]:
        found = stored_value(normalise.STAGE, self._documents[document][1], self._context)
        return () if found is None else found.forms


def shards(documents: Sequence[Document]) -> list[list[Document]]:
    """The documents by the beginning of their keys, some 32 to 64 in each, in a fixed order.

    >>> shards([("ff", "r1"), ("0a", "r2")])
    [[('0a', 'r2'), ('ff', 'r1')]]
    """
    bits = max(0, (len(documents) - 1) // _A_SHARD).bit_length()
    found: defaultdict[int, list[Document]] = defaultdict(list)
    for document in sorted(documents):
        found[int(document[0][:8], 16) >> (32 - bits) if bits else 0].append(document)
    return [found[number] for number in sorted(found)]
