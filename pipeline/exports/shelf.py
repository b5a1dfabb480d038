"""Publishing to a store, where nothing can be renamed: versioned folders, and a log whose last line is the switch.

``snapshots/<time>-<digest>/`` holds one publish whole; ``publishes/<number>.json`` says which one is
number so-and-so. A publish counts from the moment its entry of the log is created, and it is created
only if there is none of that number (see docs/decisions/0015). Readers go by the highest number.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any

from pipeline.exports.snapshot import CURRENT, NOTES, PublishError, begin, digest_of_files, switch
from pipeline.places import Place, PlaceError, ahead, folder, is_url, place_of, shown
from pipeline.settings import SettingsError, load_settings
from pipeline.summary import RUN, read_run

LOG, SHELF, FILES = "publishes", "snapshots", "files.json"
_STAMP = "%Y%m%dT%H%M%SZ"
_LINGER = timedelta(days=1)  # a publish that readers may still read, or that is being written


@dataclass(frozen=True, slots=True)
class Published:
    """One line of the log: its number, the folder with its tables, their digest, and what the run did."""

    number: int
    tables: str
    digest: str
    run: dict[str, Any] = field(default_factory=dict)


def current(place: Place) -> Published | None:
    """The last publish in a store, None where there is none. Raises PlaceError."""
    numbers = [int(name) for f in place.listing(LOG) if (name := Path(f.path).stem).isdigit()]
    if not numbers:
        return None
    return _entry(place, max(numbers))


def _entry(place: Place, number: int) -> Published:
    data = place.read(_name(number))
    try:
        return Published(**json.loads(data or b""))
    except (ValueError, TypeError) as error:
        raise PlaceError(f"{place.url}/{_name(number)}: is no entry of a log of publishes") from error


def _name(number: int) -> str:
    return f"{LOG}/{number:08d}.json"


def _files(place: Place, tables: str) -> dict[str, str]:
    """The digests of all files of a publish by path; nothing where they are not to be had."""
    try:
        found: dict[str, str] = json.loads(place.read(f"{tables}/{FILES}") or b"{}")
    except ValueError:
        return {}
    return found


def push(mirror: Path, place: Place, base: Published | None) -> Published:
    """Publish what is published in the local folder ``mirror``, after the publish ``base``.

    A file that stood in the last publish is copied within the store; a publish of the same content is not
    written again. Raises PublishError when somebody else published after ``base``; theirs then stands.
    """
    files = _local_files(mirror / CURRENT)
    digest = digest_of_files(files)
    run = json.loads((mirror / RUN).read_text(encoding="utf-8"))
    number = base.number + 1 if base else 1
    if base is not None and base.digest == digest and _whole(place, base.tables, files):
        tables, fresh = base.tables, False
    else:
        tables = f"{SHELF}/{datetime.now(UTC).strftime(_STAMP)}-{digest[:16]}-{secrets.token_hex(4)}"
        fresh = True
        _fill(mirror / CURRENT, place, tables, files, base)
    made = Published(number, tables, digest, run)
    if not place.create(_name(number), json.dumps(asdict(made), ensure_ascii=False, indent=1).encode()):
        if fresh:
            place.drop(f"{tables}/{f.path}" for f in place.below(tables).listing())
        raise PublishError(
            f"{place.url}: another run published here while this one was under way (number {number}); "
            "that publish stands, run again"
        )
    place.write(RUN, (mirror / RUN).read_bytes())
    _clear(place, {tables} | ({base.tables} if base else set()))
    return made


def _local_files(snapshot: Path) -> dict[str, str]:
    """Digests by path; the names of parts are not relied on where the notes do not vouch for them."""
    notes: dict[str, list[dict[str, Any]]] = json.loads((snapshot / NOTES).read_text(encoding="utf-8"))
    known = {part["path"]: part["digest"] for parts in notes.values() for part in parts}
    found = {}
    for file in sorted(snapshot.resolve().rglob("*")):
        path = file.relative_to(snapshot.resolve()).as_posix()
        if file.is_file() and path != NOTES:
            with file.open("rb") as stream:
                found[path] = known.get(path) or file_digest(stream, "sha256").hexdigest()
    return found


def _whole(place: Place, tables: str, files: dict[str, str]) -> bool:
    there = {f.path for f in place.below(tables).listing()}
    return {*files, FILES, NOTES} <= there and _files(place, tables) == files


def _fill(snapshot: Path, place: Place, tables: str, files: dict[str, str], base: Published | None) -> None:
    """Bring all files into a new folder of the store, and last the list of them."""
    old = {digest: path for path, digest in (_files(place, base.tables) if base else {}).items()}

    def bring(path: str) -> None:
        last = old.get(files[path])
        if last is not None and base is not None:
            try:
                place.copy(f"{base.tables}/{last}", f"{tables}/{path}")
                return
            except PlaceError as error:
                if not isinstance(error.__cause__, FileNotFoundError):
                    raise
        place.send(snapshot / path, f"{tables}/{path}")

    for _ in ahead(bring, files):
        pass
    place.write(f"{tables}/{NOTES}", (snapshot / NOTES).read_bytes())
    place.write(f"{tables}/{FILES}", json.dumps(files, indent=0, sort_keys=True).encode())


def _clear(place: Place, keep: set[str]) -> None:
    """Remove publishes that are neither this one nor the one before, a day after they were written."""
    before = (datetime.now(UTC) - _LINGER).strftime(_STAMP)
    old = []
    for found in place.listing(SHELF):
        tables = "/".join(found.path.split("/")[:2])
        if tables not in keep and tables.removeprefix(f"{SHELF}/") < before:
            old.append(found.path)
    place.drop(old)


def pull(place: Place, into: Path, wanted: Iterable[str] = (), year: int | None = None) -> Published | None:
    """Bring the last publish into a local folder, all of one publish; None where there is none.

    ``wanted`` names the tables, all if empty; ``year`` leaves the parts of other years out.
    Raises PlaceError, also for a file that is not what was published.
    """
    for attempt in (1, 2):
        found = current(place)
        if found is None:
            return None
        try:
            _bring(place, found, into, frozenset(wanted), year)
            return found
        except PlaceError as error:
            # Removed while it was read: more than a day old, and two newer ones are there.
            if attempt == 2 or not isinstance(error.__cause__, FileNotFoundError):
                raise
    return None


def _bring(place: Place, found: Published, into: Path, wanted: frozenset[str], year: int | None) -> None:
    source = place.below(found.tables)
    every = _files(place, found.tables)
    if not every:
        raise PlaceError(f"{source.url}: the publish is damaged, {FILES} is missing; run jixiao extract")
    files = {path: digest for path, digest in every.items() if _asked(path, wanted, year)}
    writing = begin(into)

    def bring(path: str) -> None:
        (writing / path).parent.mkdir(parents=True, exist_ok=True)
        source.fetch(path, writing / path)
        with (writing / path).open("rb") as stream:
            if file_digest(stream, "sha256").hexdigest() != files[path]:
                raise PlaceError(f"{source.url}/{path}: is not what was published; run jixiao extract")

    for _ in ahead(bring, files):
        pass
    switch(into, writing, files, source.read(NOTES) or b"{}")
    (into / RUN).write_text(json.dumps(found.run, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _asked(path: str, wanted: frozenset[str], year: int | None) -> bool:
    table, _, rest = path.partition("/")
    return not rest or (
        (not wanted or table in wanted) and (year is None or rest.startswith(f"fiscal_year={year}/"))
    )


@contextmanager
def on_disk(clean: str | Path, wanted: Iterable[str] = (), year: int | None = None) -> Iterator[Path]:
    """The published tables as a local folder: the folder itself, or for a URL a copy of one publish.

    Raises SettingsError where nothing is published at a URL, PlaceError where it cannot be reached.
    """
    if not is_url(str(clean)):
        yield Path(folder(clean))
        return
    place = place_of(str(clean), load_settings().storage)
    with tempfile.TemporaryDirectory(prefix="jixiao-") as scratch:
        if pull(place, Path(scratch), wanted, year) is None:
            raise SettingsError(f"{place.url}: nothing is published here; run: jixiao extract")
        yield Path(scratch)


def last_run(clean: str | Path) -> tuple[dict[str, Any] | None, str]:
    """What the last publish says of its run (None where there is none), and where its tables lie."""
    if not is_url(str(clean)):
        return read_run(Path(folder(clean))), folder(clean)
    found = current(place_of(str(clean), load_settings().storage))
    return (found.run, f"{str(clean).rstrip('/')}/{found.tables}") if found else (None, str(clean))


def tables_at(clean: str | Path) -> str:
    """Where the tables of the last publish lie, for any reader of folders: pandas, DuckDB, Spark.

    Of a local folder that is the folder. Raises SettingsError where nothing is published at a URL.

    >>> tables_at("data/clean")
    'data/clean'
    """
    if not is_url(str(clean)):
        return folder(clean)
    run, tables = last_run(clean)
    if run is None:
        raise SettingsError(f"{shown(tables)}: nothing is published here; run: jixiao extract")
    return tables
