"""The ways an input can be bad: each with a stable reason code and a sentence that names the file.

Bad input raises one of these and nothing else; any other exception out of a reader is our own fault.
"""

from __future__ import annotations


class ExtractionError(Exception):
    """A source file that cannot be read, and why.

    ``reason_code`` is stable and goes into the published ``documents.reason_code``;
    ``message`` is one English sentence that names the file.

    >>> ExtractionError("damaged", "a.zip: the end of the archive is missing").reason_code
    'damaged'
    """

    def __init__(self, reason_code: str, message: str) -> None:
        super().__init__(reason_code, message)
        self.reason_code = reason_code
        self.message = message

    def __str__(self) -> str:
        return self.message


class CodedError(ExtractionError):
    """An error whose class fixes the code; it is built from the message alone.

    >>> str(Empty("a.txt: the file is empty")), Empty("a.txt: the file is empty").reason_code
    ('a.txt: the file is empty', 'empty')
    """

    code = "damaged"

    def __init__(self, message: str) -> None:
        super().__init__(self.code, message)

    def __reduce__(self) -> tuple[type[CodedError], tuple[str]]:
        # Exceptions cross process borders: the default would rebuild with two arguments.
        return type(self), (self.message,)


class Unsupported(CodedError):  # noqa: N818  (the published names of reasons)
    """No installed reader takes this kind of file (reason ``unsupported``)."""

    code = "unsupported"


class Encrypted(CodedError):  # noqa: N818  (the published names of reasons)
    """The file opens only with a password (reason ``encrypted``)."""

    code = "encrypted"


class Damaged(CodedError):  # noqa: N818  (the published names of reasons)
    """The file is broken beyond what can be read around (reason ``damaged``)."""

    code = "damaged"


class TooLarge(CodedError):  # noqa: N818  (the published names of reasons)
    """The file exceeds one of the limits (reason ``too_large``)."""

    code = "too_large"


class Empty(CodedError):  # noqa: N818  (the published names of reasons)
    """The file holds nothing, or white space only (reason ``empty``)."""

    code = "empty"


class Binary(CodedError):  # noqa: N818  (the published names of reasons)
    """The bytes are neither a known format nor text (reason ``binary``)."""

    code = "binary"


class NoTable(CodedError):  # noqa: N818  (the published names of reasons)
    """A format that must hold a table holds none (reason ``no_table``)."""

    code = "no_table"


class Missing(CodedError):  # noqa: N818  (the published names of reasons)
    """The path is no readable file (reason ``missing``)."""

    code = "missing"
