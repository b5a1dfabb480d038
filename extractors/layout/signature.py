"""What a form is recognised by: its title, its first field, its column heads, its level labels."""

from __future__ import annotations

import re

from extractors.layout.lines import Line
from extractors.layout.printed import Indexes
from extractors.layout.shapes import Shapes, is_noise, key_of

_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")


def is_title(text: str, index: Indexes) -> bool:
    """Whether a line's text is the title of a form.

    >>> from extractors.layout.printed import indexes_of
    >>> is_title("2023年部门项目支出预算绩效目标表", indexes_of("generic"))
    True
    >>> is_title("年度绩效目标", indexes_of("generic"))
    False
    """
    if len(text) > 4 * index.family.title.longest:
        return False
    key = bare_key(text)
    facts = index.family.title
    hit = index.fields.find(text)
    if not 5 <= len(key) <= facts.longest or ":" in key or (hit is not None and hit.how != "fuzzy"):
        return False
    return key.endswith(facts.ends) and any(word in key for word in facts.holds)


def bare_key(text: str) -> str:
    """The folded text without brackets, by which titles are compared."""
    return _BRACKETS.sub("", key_of(text))


def line_title(line: Line, index: Indexes) -> str:
    """The title a line holds (a block, or a row with one text), or the empty string."""
    if line.block is not None:
        return next((t.strip() for t in line.block.text.splitlines() if is_title(t, index)), "")
    if len(line.spots) == 1 and "表" in line.spots[0].key:
        return line.spots[0].text if is_title(line.spots[0].text, index) else ""
    return ""


def lone_text(line: Line) -> str:
    """The text of a line that holds a single one, else the empty string."""
    if line.dropped:
        return ""
    if line.block is not None:
        return line.block.text.strip()
    return line.spots[0].text.strip() if len(line.spots) == 1 else ""


def wrapped_title(line: Line, below: Line, index: Indexes) -> str:
    """The title that two lines hold together, or the empty string.

    The first must be no title and end in a word after which titles break; the second begins no field.
    """
    one, two = lone_text(line), lone_text(below)
    if not one or not two or "\n" in one + two or is_title(one, index) or index.fields.find(one):
        return ""
    facts = index.family.title
    before, after = key_of(one), key_of(two)
    cut = any(
        before.endswith(word[:at]) and after.startswith(word[at:])
        for word in facts.breaks_after
        for at in range(1, len(word))
    )
    opens = cut or before.endswith(facts.breaks_after) or not is_title(two, index)
    return one + two if opens and len(one) > 3 and is_title(one + two, index) else ""


def is_furniture(text: str, shapes: Shapes) -> bool:
    """Whether a block is page furniture: nothing, dots, or a page number."""
    key = key_of(text)
    return not key or is_noise(text) or shapes.is_("page_number", key)


def field_slots(line: Line, index: Indexes) -> list[str]:
    """The header fields whose labels stand in a line."""
    hits = (index.fields.find(spot.text) for spot in line.spots)
    return [hit.slot for hit in hits if hit]


def begins_form(line: Line, index: Indexes) -> bool:
    """Whether a table row is the one every form begins with (项目名称 …) and no head of a list."""
    if not line.spots or line.dropped:
        return False
    hit = index.fields.find(line.spots[0].text)
    if hit is not None and hit.rest and len(line.spots) == 1 and hit.slot != "project_name":
        return False  # 单位名称：某局 over the table
    return hit is not None and hit.slot in index.family.first_fields and head_count(line, index) < 2


def head_count(line: Line, index: Indexes) -> int:
    """How many heads of indicator columns stand in a line; 0 unless a level or name head is among them."""
    hits = [hit for spot in line.spots if (hit := index.columns.find(spot.text)) and not hit.rest]
    if not hits:
        return 0
    slots = {hit.slot for hit in hits}
    sure = {hit.slot for hit in hits if hit.how != "fuzzy"}
    if sure & {"level1", "level2", "name"}:
        bare = not any("指标" in spot.key for spot in line.spots)  # 一级 | 二级 | 三级 may be a directory's
        return 0 if bare and not slots & {"target", "actual"} else len(slots - {"section"})
    return 2 if sure >= {"section", "target"} else 0  # 绩效指标 | 目标值 without any levels
