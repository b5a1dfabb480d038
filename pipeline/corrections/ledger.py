"""The ledger: all decisions of people as YAML under ``data/review/<year>/``, made for diffs and for git.

One file holds the decisions about one source document, its name readable with a digest of the
document's path; one block a decision, sorted by slot, a blank line between blocks. Two processes
may write at once: each writes under a lock, from what then stands in the file, to a temporary file
that replaces the old one whole.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from pipeline.corrections.text import dumped, parsed
from pipeline.corrections.types import Correction, Target, plain

LOCK = ".lock"
Key = tuple[str, int, str]


class Conflict(RuntimeError):  # noqa: N818 - it is no error but another person's decision
    """Somebody else decided about the same slot meanwhile.

    ``theirs`` is their decision, None where they took it back. The message says who, what and when.
    """

    def __init__(self, slot: str, theirs: Correction | None) -> None:
        self.slot, self.theirs = slot, theirs
        if theirs is None:
            what = "its correction was taken back"
        else:
            what = f"{theirs.who} set it to {theirs.set.words()!r} at {theirs.when}"
        super().__init__(f"{slot} was changed meanwhile: {what}")


class Ledger:
    """The decisions under one folder (``data/review``). Opening one reads nothing.

    >>> import tempfile
    >>> from pipeline.corrections.types import Decision, Target
    >>> ledger = Ledger(tempfile.mkdtemp())
    >>> target = Target(document="ab" * 32, path="2023/a.txt", form_no=0, slot="row:5:target", year=2023)
    >>> made = Correction(target=target, kind="value", set=Decision(text="120次"), who="王",
    ...     when="2023-11-22T08:00:00+08:00")
    >>> before = ledger.revision("2023/a.txt")
    >>> after = ledger.save(made, before)
    >>> [c.set.words() for c in ledger.of("ab" * 32, "2023/a.txt")], ledger.files()[0].parent.name
    (['120次'], '2023')
    >>> ledger.save(made.model_copy(update={"who": "李"}), before)
    Traceback (most recent call last):
    pipeline.corrections.ledger.Conflict: row:5:target was changed meanwhile: 王 set it to '120次' at 2023-11-22T08:00:00+08:00
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._known: dict[Path, tuple[tuple[int, int, int], tuple[Correction, ...]]] = {}

    def files(self) -> list[Path]:
        """The YAML files of the ledger, sorted; none where there is no folder yet."""
        return sorted(p for p in self.folder.glob("*/*.yaml") if not p.name.startswith("."))

    def all(self) -> tuple[Correction, ...]:
        """Every decision, file by file. Raises LedgerError (a SettingsError) naming file and line."""
        return _without_repeats(c for file in self.files() for c in self._read(file))

    def of(self, document_id: str, path: str) -> tuple[Correction, ...]:
        """The decisions about a document, known by its digest or by its published path.

        ``path`` has ``!member`` for a document in an archive. Raises LedgerError.
        """
        return tuple(c for c in self.all() if c.target.document == document_id or c.target.path == path)

    def revision(self, path: str) -> str:
        """What now stands about the document at ``path``, as an opaque token for :meth:`save`.

        Hand it out with what a person sees, and back with what they decide. Empty where nothing stands.
        """
        return _token(self._standing(path))

    def save(self, correction: Correction, expected: str, replaces: Sequence[str] = ()) -> str:
        """Keep a decision in place of the one about the same slot, and return the new revision.

        ``expected`` is the :meth:`revision` the person started from. Other slots of the document may
        have changed since; raises Conflict if this one has. ``replaces`` names decisions by id that
        give way to it, too: stale ones about an earlier version of the file, above all. When this
        returns, the decision is on the disk; a crash before that leaves the file as it was. Raises
        LedgerError, OSError.
        """
        return self.save_all([correction], expected, replaces)

    def save_all(self, made: Sequence[Correction], expected: str, replaces: Sequence[str] = ()) -> str:
        """Keep several decisions about one document, all of them or none, as :meth:`save` keeps one.

        Raises Conflict for the first whose slot was changed, ValueError for decisions about several
        documents, for none, and for two about one slot; nothing is written then.
        """
        target, keys = _one_document(made), [one.target.key for one in made]
        with self._alone():
            standing = self._standing(target.path)
            old = [*keys, *sorted({c.target.key for c in standing if c.id in replaces} - {*keys})]
            for key in old:
                _unchanged(standing, key, expected)
            kept = [c for c in standing if c.target.key not in keys and c.id not in replaces]
            return self._write(target.path, target.year, [*kept, *made])

    def take_back(self, made: Sequence[Correction], before: Sequence[Correction]) -> str:
        """Undo a :meth:`save_all`, whole or not at all: ``made`` goes, ``before`` stands again.

        Raises Conflict for the first of ``made`` that no longer stands as it was saved, and ValueError
        as :meth:`save_all`.
        """
        target, keys = _one_document(made), {one.target.key for one in made}
        with self._alone():
            standing = self._standing(target.path)
            for one in made:
                now = [c for c in standing if c.target.key == one.target.key]
                if now != [one]:
                    raise Conflict(one.target.slot, _latest(now))
            kept = [c for c in standing if c.target.key not in keys and c not in before]
            return self._write(target.path, target.year, [*kept, *before])

    def remove(self, id: str, expected: str) -> str:  # noqa: A002 - the word used everywhere else for it
        """Take a decision back, and return the new revision of its document.

        Raises Conflict if its slot was changed since ``expected``, KeyError if there is no such id.
        """
        with self._alone():
            one = next((c for c in self.all() if c.id == id), None)
            if one is None:
                raise KeyError(id)
            standing = self._standing(one.target.path)
            _unchanged(standing, one.target.key, expected)
            return self._write(one.target.path, one.target.year, [c for c in standing if c.id != id])

    def _places(self, path: str) -> list[Path]:
        """The files about the document at ``path``: one, unless two branches began one each."""
        return sorted(self.folder.glob(f"*/*-{_digest(path)}.yaml"))

    def _standing(self, path: str) -> tuple[Correction, ...]:
        return _without_repeats(c for file in self._places(path) for c in self._read(file))

    def _read(self, file: Path) -> tuple[Correction, ...]:
        stat = file.stat()
        state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        known = self._known.get(file)
        if known is None or known[0] != state:
            known = self._known[file] = (state, parsed(file))
        return known[1]

    def _write(self, path: str, year: int, found: Sequence[Correction]) -> str:
        places = self._places(path)
        file = places[0] if places else self.folder / str(year) / file_name(path)
        ordered = sorted(found, key=_order)
        text = dumped(ordered)
        file.parent.mkdir(parents=True, exist_ok=True)
        _replace(file, text.encode())
        for other in places[1:]:  # what stood there stands in the first one now
            other.unlink()
        return _token(ordered)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one process changes the ledger at a time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # To read only: the lock may have been made by another person's account in a shared folder.
        handle = os.open(self.folder / LOCK, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def file_name(path: str) -> str:
    """The name of the file about a document: readable, and distinct by a digest of its path.

    >>> file_name("2023/永宁街道 目标表.txt")
    '永宁街道_目标表-39e4329a.yaml'
    """
    stem = PurePosixPath(path.rpartition("!")[2] or path).stem
    return f"{re.sub(r'[^0-9A-Za-z一-鿿]+', '_', stem)[:40].strip('_') or 'file'}-{_digest(path)}.yaml"


def _digest(path: str) -> str:
    return blake2b(path.encode(), digest_size=4).hexdigest()


def _order(one: Correction) -> tuple[object, ...]:
    """By form, then by slot with rows in the order of their numbers."""
    document, form_no, slot = one.target.key
    parts = tuple((int(p), "") if p.isdigit() and p.isascii() else (-1, p) for p in slot.split(":"))
    return (form_no, parts, document, one.id)


def _without_repeats(found: Iterable[Correction]) -> tuple[Correction, ...]:
    """The same block twice (two branches that merged) is one decision."""
    return tuple(dict.fromkeys(found))


def _token(standing: Iterable[Correction]) -> str:
    """Which decision stands about which slot: a digest of the slot and one of the decision, for each."""
    slots: dict[Key, list[str]] = {}
    for one in standing:
        slots.setdefault(one.target.key, []).append(repr(plain(one)))
    return ".".join(sorted(f"{_short(key)}:{_short(sorted(found))}" for key, found in slots.items()))


def _short(thing: object) -> str:
    return blake2b(repr(thing).encode(), digest_size=5).hexdigest()


def _unchanged(standing: Sequence[Correction], key: Key, expected: str) -> None:
    """Raise Conflict unless the slot's decision is the one that ``expected`` was made of."""
    mine = _token(c for c in standing if c.target.key == key)
    then = next((part for part in expected.split(".") if part.startswith(f"{_short(key)}:")), "")
    if mine != then:
        raise Conflict(key[2], _latest(c for c in standing if c.target.key == key))


def _latest(found: Iterable[Correction]) -> Correction | None:
    return max(found, key=lambda c: c.when, default=None)


def _one_document(made: Sequence[Correction]) -> Target:
    """The first target of decisions that are all about one document, each about a slot of its own."""
    if len({one.target.path for one in made}) != 1:
        raise ValueError("decisions saved at once must be about one document")
    if len({one.target.key for one in made}) != len(made):
        raise ValueError("two decisions about one slot cannot be saved at once")
    return made[0].target


def _replace(file: Path, content: bytes) -> None:
    """Write a file so that at any moment either the old or the new one is there, whole."""
    writing = file.with_name(f".{file.name}.new")
    with writing.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    writing.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
