"""Which code, reference files and libraries are installed, as digests: what results are named by."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def digest_of(reads: tuple[str, ...], suffixes: tuple[str, ...] = (".py", ".yaml")) -> str:
    """The digest of everything a stage reads: names and bytes of files, versions of libraries.

    ``suffixes`` limits it to code or to reference files; libraries count as code.

    Raises FileNotFoundError when an entry names nothing: a stage must not claim to read what is not there.
    """
    found = sha256()
    for entry in sorted(reads):
        if entry.startswith("package:"):
            if ".py" not in suffixes:
                continue
            found.update(f"{entry}={_version(entry.removeprefix('package:'))}\n".encode())
            continue
        files = _files(ROOT / entry)
        if not files:
            raise FileNotFoundError(f"{entry}: a stage says it reads this, but there is no such file")
        for file in files:
            if file.suffix not in suffixes:
                continue
            found.update(f"{file.relative_to(ROOT).as_posix()}\0".encode())
            found.update(_bytes_digest(file))
    return found.hexdigest()


@cache  # bounded by the files of the three packages
def _bytes_digest(file: Path) -> bytes:
    return sha256(file.read_bytes()).digest()


@cache
def _files(path: Path) -> tuple[Path, ...]:
    if path.is_file():
        return (path,)
    return tuple(sorted(p for p in path.rglob("*") if p.suffix in (".py", ".yaml") and p.is_file()))


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "none"
