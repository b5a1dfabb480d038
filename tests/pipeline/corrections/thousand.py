"""Many random corrections over the sample archive and made-up forms: what the test and the benchmark share.

Every choice comes from a seed. A made-up form is kept as data and printed from it, so that the source
of one slot can be changed without touching another.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from normalizers.concepts.catalogue import concepts
from normalizers.taxonomy import taxonomy
from pipeline.corrections import Correction, Ledger, Seen
from pipeline.corrections.seen import finding_slot, slots
from tests.pipeline.conftest import RAW
from tests.pipeline.corrections.conftest import Archive, Row

_DOING = ("巡查", "清理", "维修", "检测", "印制", "培训", "走访", "抽检", "更换", "养护")
_WHAT = ("河道", "路灯", "水表", "档案", "宣传册", "管网", "绿地", "站点", "设备", "村道", "闸门", "机房")
_UNITS = ("次", "个", "份", "公里", "%", "万元", "天", "人次")
_GROUPS = (("产出指标", "数量指标"), ("产出指标", "质量指标"), ("效益指标", "社会效益指标"))
_NODES = tuple(node.id for node in taxonomy("2015").nodes if node.level == 2)


@dataclass
class Sheet:
    """A made-up form: what is printed in each slot of it."""

    number: int
    cells: dict[str, str]
    rows: list[tuple[str, str]] = field(default_factory=list)  # level 1 and 2 of each row

    @property
    def path(self) -> str:
        return f"2024/{self.number:03d}.txt"

    def text(self) -> str:
        at = self.cells
        lines = [
            "2024年部门项目支出预算绩效目标表\n",
            f"项目名称\t\t{at['field:project_name']}\t\t",
            f"主管部门\t\t{at['field:department']}\t实施单位\t{at['field:agency']}",
            f"项目属性\t\t延续性项目\t项目期\t{at['field:period']}",
            f"项目资金 (万元)\t年度资金总额:\t{at['funding:total:target']}\t\t",
            f"\t其中:财政拨款\t{at['funding:fiscal:target']}\t\t",
            f"年度总体目标\t{at['field:goal']}\t\t\t",
            "绩效指标\t一级指标\t二级指标\t三级指标\t指标值",
        ]
        before = ("", "")
        for n, group in enumerate(self.rows):
            shown = [label if label != old else "" for label, old in zip(group, before, strict=True)]
            if shown[0]:
                shown[1] = group[1]
            lines.append("\t".join(["", *shown, at[f"row:{n}:name"], at[f"row:{n}:target"]]))
            before = group
        return "\n".join(lines) + "\n"


def sheet(number: int, chance: random.Random) -> Sheet:
    """A form of nine rows about its own project."""
    what = chance.sample(_WHAT, 6)
    made = Sheet(
        number,
        {
            "field:project_name": f"{what[0]}{what[1]}{number}号整治项目经费",
            "field:department": f"青河县第{number}农业农村水务局",
            "field:agency": f"青河县{what[2]}{number}号管护服务中心",
            "field:period": "2024年",
            "field:goal": f"全年完成{what[3]}{chance.choice(_DOING)}，改善{what[4]}。",
            "funding:total:target": str(chance.randint(20, 900)),
            "funding:fiscal:target": str(chance.randint(20, 900)),
        },
    )
    for n in range(9):
        made.rows.append(_GROUPS[n // 3])
        made.cells[f"row:{n}:name"] = f"指标{n % 3 + 1}: {what[n % 6]}{chance.choice(_DOING)}工作{n}完成数量"
        made.cells[f"row:{n}:target"] = (
            f"{'≥' if n % 2 else ''}{chance.randint(2, 99)}{chance.choice(_UNITS)}"
        )
    return made


@dataclass
class Trial:
    """One archive with as many random corrections as asked for."""

    archive: Archive
    chance: random.Random
    sheets: list[Sheet]
    made: dict[str, Correction] = field(default_factory=dict)  # by id
    paths: dict[str, str] = field(default_factory=dict)  # of documents

    def decide(self, count: int) -> None:
        """Publish, and decide about ``count`` slots: a tenth on the sample, the rest on made-up forms."""
        self.archive.run()
        forms = {row["form_id"]: row for row in self.archive.table("forms")}
        paths = self.paths = {r["document_id"]: r["path"] for r in self.archive.table("documents")}
        seen = self._seen(forms)
        mine, seeds = [], []
        for form in forms.values():
            found = [(form, slot, what) for slot, what in self._slots(seen[form["form_id"]])]
            (mine if paths[form["document_id"]][5:8].isdigit() else seeds).extend(found)
        share = count // 10
        picked = [*self.chance.sample(seeds, share), *self.chance.sample(mine, count - 2 * share)]
        found = [self._decision(*one) for one in picked]
        found += self._dismissals(forms, {made.target.path for made in found}, share)
        spare = [one for one in mine if one not in picked]
        while len(found) < count:
            found.append(self._decision(*spare.pop(self.chance.randrange(len(spare)))))
        for made in found:
            self.made[made.id] = made
        assert len(self.made) == count
        by_path: dict[str, list[Correction]] = {}
        for made in found:
            by_path.setdefault(made.target.path, []).append(made)
        ledger = Ledger(self.archive.base / "review")
        for path, more in by_path.items():
            for made in more:
                ledger.save(made, ledger.revision(path))

    def _seen(self, forms: dict[str, Row]) -> dict[str, dict[str, Seen]]:
        """What is seen in every slot of every form."""
        funding, indicators = self.archive.table("funding"), self.archive.table("indicators")
        quantities = self.archive.table("quantities")
        of = {row["indicator_id"]: row["form_id"] for row in indicators}
        return {
            one: slots(
                form,
                [row for row in funding if row["form_id"] == one],
                [row for row in indicators if row["form_id"] == one],
                [row for row in quantities if of[row["indicator_id"]] == one],
            )
            for one, form in forms.items()
        }

    def _slots(self, seen: dict[str, Seen]) -> Iterator[tuple[str, Seen]]:
        """The slots that are decided about: a row is either decided about as a whole or slot by slot."""
        whole = {
            n for n in seen if n.count(":") == 1 and n.startswith("row:") and self.chance.random() < 0.08
        }
        for slot, what in seen.items():
            row = ":".join(slot.split(":")[:2])
            if slot in whole or (
                row not in whole and slot.rpartition(":")[2] in _DECIDED and (what.text or what.reading)
            ):
                yield slot, what

    def _decision(self, form: Row, slot: str, seen: Seen) -> Correction:
        chance = self.chance
        number = str(chance.randint(100, 999))
        if slot.count(":") == 1 and slot.startswith("row:"):
            given = (
                {"action": "under", "node": chance.choice(_NODES)}
                if chance.random() < 0.5
                else {"action": "no_indicator"}
            )
            return self._made(form, slot, "structure", seen=seen, **given)
        name = slot.rpartition(":")[2]
        if name in ("level2", "concept"):
            node = chance.choice(_NODES if name == "level2" else _CONCEPTS)
            return self._made(form, slot, "label", seen=seen, node=node)
        if name == "name":
            return self._made(form, slot, "text", seen=seen, text=f"更正后的名称{number}")
        if slot.startswith("funding:"):
            given = chance.choice([{"text": f"{number}万元"}, {"lower": number, "unit": "元"}])
            return self._made(form, slot, "value", seen=seen, **given)
        if slot == "field:period":
            return self._made(form, slot, "value", seen=seen, text="2024年3月至2024年9月")
        if slot.startswith("field:"):
            kind = chance.choice(["text", "value"])
            return self._made(form, slot, kind, seen=seen, text=f"更正{number}号单位")
        ways: list[tuple[str, dict[str, str]]] = [
            ("value", {"text": f"≥{number}次"}),
            ("value", {"lower": number, "unit": "次"}),
            ("value", {"action": "accept"}),
            ("text", {"text": f"≥{number}次"}),
        ]
        kind, given = chance.choice(ways)
        return self._made(form, slot, kind, seen=seen, **given)

    def _made(self, form: Row, slot: str, kind: str, *, seen: Seen, **given: str) -> Correction:
        return self.archive.made(form, slot, kind, seen=seen, path=self.paths[form["document_id"]], **given)

    def _dismissals(self, forms: dict[str, Row], taken: set[str], most: int) -> Iterator[Correction]:
        """Dismissed findings of forms about which nothing else is decided: another decision may end a finding."""
        paths = self.paths
        indicators = self.archive.table("indicators")
        slots: set[tuple[str, str]] = set()
        for finding in self.archive.table("findings"):
            form = forms[finding["form_id"]]
            slot = finding_slot(finding, indicators)
            free = paths[form["document_id"]] not in taken and finding["other_form_id"] is None
            if free and (form["form_id"], slot) not in slots and len(slots) < most:
                slots.add((form["form_id"], slot))
                yield self._made(form, slot, "dismiss", action="dismiss", seen=Seen(text=finding["message"]))

    def change(self, count: int) -> set[str]:
        """Change what is printed in the slots of ``count`` decisions about made-up forms; their ids."""
        sheets = {one.path: one for one in self.sheets}
        busy = {
            (c.target.path, c.target.slot.rpartition(":")[0])
            for c in self.made.values()
            if c.target.slot.endswith(":concept")
        }
        ready = [
            made
            for made in self.made.values()
            if made.target.path in sheets
            and made.target.slot in sheets[made.target.path].cells
            and made.target.slot != "field:period"
            and not (
                made.target.slot.endswith(":name")
                and (made.target.path, made.target.slot.rpartition(":")[0]) in busy
            )
        ]
        chosen = self.chance.sample(sorted(ready, key=lambda made: made.id), count)
        for made in chosen:
            cells, slot = sheets[made.target.path].cells, made.target.slot
            cells[slot] = _changed(slot, cells[slot])
        for path in {made.target.path for made in chosen}:
            self.archive.write(path, sheets[path].text())
        return {made.id for made in chosen}

    def wrong(self) -> list[str]:
        """The applied decisions that the tables do not show."""
        forms = {row["form_id"]: row for row in self.archive.table("forms")}
        rows = {row["indicator_id"]: row for row in self.archive.table("indicators")}
        amounts = {(r["form_id"], r["cell_id"], r["source"]): r for r in self.archive.table("funding")}
        dismissed = {
            (f["form_id"], f["message"]) for f in self.archive.table("findings") if f["dismissed_by"]
        }
        said = []
        for row in self.archive.table("corrections", status="applied"):
            made = self.made[row["correction_id"]]
            amount = amounts.get((row["form_id"], row["cell_id"], row["slot"].split(":")[1]))
            if made.kind == "dismiss":
                fine = (row["form_id"], made.seen.text) in dismissed
            else:
                fine = _shows(made, forms[row["form_id"]], rows.get(row["indicator_id"]), amount)
            if not fine:
                said.append(f"{made.target.path} {made.target.slot}: {made.set.words()}")
        return said


_DECIDED = frozenset(
    ("project_name", "department", "agency", "goal", "period", "name", "level2", "concept", "target")
)
_CONCEPTS = tuple(sorted(one.id for one in concepts()))


def _changed(slot: str, text: str) -> str:
    if slot.endswith(":target"):
        digits = "".join(c for c in text if c.isdigit())
        return text.replace(digits, str(int(digits) + 1000))
    return f"{text}等"


def _shows(made: Correction, form: Row, row: Row | None, amount: Row | None) -> bool:
    given, slot = made.set, made.target.slot
    if slot.startswith("field:"):
        name = slot.partition(":")[2]
        value = str(form["period_end"]) if name == "period" else form[name]
        return name in form["corrected"] and value == ("2024-09-30" if name == "period" else given.text)
    if slot.startswith("funding:"):
        yuan = given.lower if given.lower is not None else int(str(given.text).removesuffix("万元")) * 10_000
        return bool(amount) and amount["amount_how"] == "person" and amount["amount_yuan"] == yuan
    if given.action == "no_indicator":
        return row is None
    if row is None:
        return False
    if slot.endswith(":concept"):
        return bool(row["concept_id"] == given.node)
    if given.node is not None:
        return (row["level2_id"], row["level2_how"]) == (given.node, "person")
    if slot.endswith(":name"):
        return bool(row["level3"] == given.text)
    if given.action is not None:
        return bool(row["target_how"] == "person" and row["target_raw"] == made.seen.text)
    wanted = (
        given.lower if given.lower is not None else int("".join(c for c in str(given.text) if c.isdigit()))
    )
    return bool(row["target_how"] == "person" and row["target_lower"] == wanted)


def trial(base: Path, corrections: int, seed: int = 7) -> Trial:
    """The sample archive and enough made-up forms for ``corrections`` decisions."""
    chance = random.Random(seed)
    shutil.copytree(RAW, base / "raw")
    sheets = [sheet(n, chance) for n in range(corrections // 18 + 2)]
    archive = Archive(base)
    for one in sheets:
        archive.write(one.path, one.text())
    made = Trial(archive, chance, sheets)
    made.decide(corrections)
    return made
