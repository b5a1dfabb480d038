"""Whether the last form of a document stops before its printed end: a file cut off in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.grid import Document, Doubt, Grid
from extractors.layout.forms import Form
from normalizers.taxonomy import taxonomy

MAY_BE_CUT = "form_may_be_cut"


def with_doubt_of_end(forms: Sequence[Form], document: Document) -> list[Form]:
    """The forms, the last of them doubted when the file ends in its indicator rows.

    A form prints the level-1 blocks in the order of its tree. Where the document's last grid ends without
    the tree's last block (满意度指标), and no text follows, rows may have been lost with the end of the file.
    """
    found = list(forms)
    if found and _stops_early(found[-1], document):
        doubt = Doubt(MAY_BE_CUT, (), None, {"missing": _last_block(found[-1].taxonomy_version)[1]})
        found[-1] = replace(found[-1], doubts=(*found[-1].doubts, doubt))
    return found


def _stops_early(form: Form, document: Document) -> bool:
    last, name = _last_block(form.taxonomy_version)
    if not form.rows or not name or not isinstance(document.items[-1], Grid):
        return False
    levels = [row.level1.node_id for row in form.rows if row.level1 is not None]
    own = {cell.id for cell in form.cells}
    ends_here = any(cell.id in own for cell in document.items[-1].cells if cell.text)
    return bool(levels) and last not in levels and ends_here


def _last_block(version: str) -> tuple[str, str]:
    """Id and name of the level-1 node that a tree prints last; empty where there is none to speak of."""
    if version not in ("2015", "2021"):
        return "", ""
    node = taxonomy(version).level(1)[-1]
    return node.id, node.name
