"""One source file: its digest, its place, its bytes, and what its content says it is.

The media type comes from the content; the name decides only between kinds of plain text that
content cannot tell apart. A name that contradicts the content is a doubt (``wrong_extension``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath

from extractors.errors import Missing, TooLarge
from extractors.grid import Doubt
from extractors.memory import Recollection
from extractors.sniff import contradicts, sniff


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one source may ask for; beyond it the reading stops with reason ``too_large``.

    ``max_bytes`` bytes of the file; ``max_line`` characters of one line of a text dump or of one
    delimited record; ``max_cells`` cells of all grids, empty and covered places
    included, and lines of text;
    ``max_cols`` columns of one grid; ``max_nesting`` tables within tables; ``max_unpacked`` bytes of
    the parts of a packed format (xlsx, docx, ofd) together, once unpacked.

    >>> Limits(max_cells=10).max_bytes == 256 * 1024 * 1024
    True
    """

    max_bytes: int = 256 * 1024 * 1024
    max_line: int = 1_000_000
    max_cells: int = 2_000_000
    max_cols: int = 16_384
    max_nesting: int = 32
    max_unpacked: int = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as received. ``document_id`` is the sha256 of its bytes in hex.

    ``path`` is the path as given, ``member`` the path inside an archive (``!`` between nested
    ones). ``data`` holds the bytes, read once; ``doubts`` what is odd about the file itself.
    ``second_opinion`` names the second reader to be asked about a PDF's tables, empty for none;
    ``memory`` keeps what was recognised on its pages from run to run.
    """

    document_id: str
    path: str
    media_type: str
    size: int
    data: bytes = field(repr=False, compare=False)
    member: str | None = None
    doubts: tuple[Doubt, ...] = ()
    limits: Limits = Limits()
    second_opinion: str = ""
    memory: Recollection | None = field(default=None, repr=False, compare=False)

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        path: str,
        *,
        member: str | None = None,
        media_type: str | None = None,
        limits: Limits | None = None,
    ) -> SourceFile:
        r"""Wrap bytes already in memory; ``media_type`` overrules the sniffing.

        Raises TooLarge.

        >>> SourceFile.from_bytes("a\tb".encode(), "x.tsv").media_type
        'text/tab-separated-values'
        """
        limits = limits or Limits()
        name = member or path
        if len(data) > limits.max_bytes:
            raise TooLarge(f"{name}: {len(data)} bytes, more than the limit of {limits.max_bytes}")
        found = media_type or sniff(data, name)
        doubts: tuple[Doubt, ...] = ()
        if media_type is None and contradicts(name, found):
            doubts = (Doubt("wrong_extension", data={"name": PurePosixPath(name).name, "found": found}),)
        return cls(sha256(data).hexdigest(), path, found, len(data), data, member, doubts, limits)

    @classmethod
    def from_path(
        cls, path: str | Path, *, media_type: str | None = None, limits: Limits | None = None
    ) -> SourceFile:
        """Read a file once, wholly. Raises Missing (no such file, no permission) and TooLarge."""
        limits = limits or Limits()
        try:
            if not Path(path).is_file():  # a pipe or device would never end
                raise Missing(f"{path}: there is no such file")
            with Path(path).open("rb") as stream:
                data = stream.read(limits.max_bytes + 1)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            raise Missing(f"{path}: cannot be opened ({type(error).__name__})") from error
        if len(data) > limits.max_bytes:
            raise TooLarge(f"{path}: more bytes than the limit of {limits.max_bytes}")
        return cls.from_bytes(data, str(path), media_type=media_type, limits=limits)

    @property
    def name(self) -> str:
        """What to call the file in a message: its path, and its member in an archive."""
        return self.path if self.member is None else f"{self.path}!{self.member}"

    @property
    def suffix(self) -> str:
        """The last suffix of the name in lower case, with its dot: a hint, never a proof."""
        return PurePosixPath(self.member or self.path.replace("\\", "/")).suffix.lower()
