"""Archives of any size, seeded: forms that all differ, by year and county, in the formats of a real year.

python benchmarks/archive/generate.py OUT COUNT [--seed 6] [--years 3] [--shares text | pdf=40,scan=5,…]
"""

from __future__ import annotations

import argparse
import io
import random
import zipfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import typeset

PLACES = ("永宁", "原州", "青河", "平罗", "盐池", "同心", "海原", "泾源")
OFFICES = ("水务局", "民政局", "教育体育局", "农业农村局", "交通运输局", "卫生健康局", "人民政府办公室")
THINGS = ("河道", "公路", "学校", "村庄", "泵站", "桥梁", "林带", "水库", "厕所", "路灯", "卫生室", "养老院")
DEEDS = ("清淤", "维修", "改造", "养护", "巡查", "培训", "宣传", "采购", "监测", "补助")
UNITS = ("公里", "次", "处", "人次", "套", "户", "平方米", "期")


def rows(chance: random.Random, subject: str) -> list[str]:
    """The indicator rows of one form: five to fourteen."""
    found = []
    first = "产出指标"
    for n in range(chance.randint(2, 6)):
        name = f"{chance.choice(DEEDS)}{chance.choice(THINGS)}{chance.choice('数量个数总量规模')}"
        value = f"≥{chance.randint(1, 900)}{chance.choice(UNITS)}"
        found.append(f"\t{first}\t{'数量指标' if n == 0 else ''}\t指标{n + 1}: {subject}{name}\t{value}")
        first = ""
    found.append(f"\t\t质量指标\t指标1: {subject}验收合格率\t≥{chance.randint(80, 99)}%")
    found.append(f"\t\t时效指标\t指标1: {subject}完成时间\t{chance.randint(3, 12)}月底前")
    found.append(f"\t\t成本指标\t指标1: {subject}经费\t{chance.randint(1, 400)}万元")
    found.append(
        f"\t效益指标\t社会效益指标\t指标1: {chance.choice(THINGS)}状况\t{chance.choice(('明显改善', '逐步提升', '持续好转'))}"
    )
    found.append(f"\t满意度指标\t服务对象满意度指标\t指标1: 群众满意度\t≥{chance.randint(80, 98)}%")
    return found


def form(chance: random.Random, number: int, year: int) -> str:
    """One form; ``number`` makes its project unlike all others."""
    place, office = chance.choice(PLACES), chance.choice(OFFICES)
    subject = f"{chance.choice(THINGS)}{chance.choice(DEEDS)}"
    money = chance.randint(2, 900)
    goal = "，".join(
        f"{chance.choice(DEEDS)}{chance.choice(THINGS)}{chance.randint(1, 500)}{chance.choice(UNITS)}"
        for _ in range(5)
    )
    return "\n".join(
        [
            f"{year}年部门项目支出预算绩效目标表",
            "",
            f"项目名称\t\t{subject}第{number}号经费\t\t",
            f"主管部门\t\t{place}县{office}\t实施单位\t{place}县{office}本级",
            f"项目属性\t\t延续性项目\t项目期\t{year}年",
            f"项目资金 (万元)\t年度资金总额:\t{money}\t\t",
            f"\t其中:财政拨款\t{money}\t\t",
            "\t其他资金\t\t\t",
            f"年度总体目标\t{goal}。\t\t\t",
            "绩效指标\t一级指标\t二级指标\t三级指标\t指标值",
            *rows(chance, subject),
            "",
        ]
    )


def broken(chance: random.Random) -> bytes:
    """A file that cannot be read: empty, binary, cut, or an archive that is none."""
    return chance.choice(
        (b"", bytes(range(256)) * 20, b"PK\x03\x04" + bytes(60), "项目\t".encode() * 400_000)
    )


@dataclass(frozen=True)
class Shares:
    """How many of a hundred documents are what; what is left are text dumps.

    Taken as a mixed year may look; nobody has counted one. ``zipped`` and ``bad`` are of all.
    """

    pdf: float = 25
    scan: float = 1
    xlsx: float = 12
    docx: float = 12
    html: float = 5
    zipped: float = 10
    bad: float = 2


TEXT_ONLY = Shares(0, 0, 0, 0, 0)


def document(chance: random.Random, number: int, year: int, shares: Shares) -> tuple[str, bytes]:
    """One document: the suffix of its name and its bytes. Scans need a font with Chinese characters."""
    forms = [form(chance, number * 10 + n, year) for n in range(chance.choice((1, 1, 1, 2, 3)))]
    if chance.random() * 100 < shares.bad:
        return ".txt", broken(chance)
    drawn = chance.random() * 100
    for kind in ("pdf", "scan", "xlsx", "docx", "html"):
        drawn -= getattr(shares, kind)
        if drawn < 0:
            if kind == "scan":
                return ".jpg", typeset.scan(chance, forms[0])
            return f".{kind}", getattr(typeset, kind)(forms)
    return ".txt", "\n".join(forms).encode()


def generate(
    out: Path, count: int, *, seed: int = 6, shares: Shares | None = None, years: int = 3
) -> Counter[str]:
    """Write ``count`` documents below ``out``; the same arguments always write the same bytes."""
    shares = shares or Shares()
    chance = random.Random(f"{seed} {count}")
    packed: dict[Path, list[tuple[str, bytes]]] = {}
    written: Counter[str] = Counter()
    for number in range(count):
        year = 2021 + number % years
        folder = out / str(year) / chance.choice(PLACES)
        suffix, data = document(chance, number, year, shares)
        name = f"{number:07d}{suffix}"
        written[suffix] += 1
        if chance.random() * 100 < shares.zipped:
            packed.setdefault(folder / f"报送{number // 500}.zip", []).append((name, data))
            continue
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    for path, members in packed.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        blob = io.BytesIO()
        with zipfile.ZipFile(blob, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data)
        path.write_bytes(blob.getvalue())
    return written


def shares_of(text: str) -> Shares:
    """Shares from the command line: ``text`` for text dumps only, or names and figures (``pdf=40,scan=5``)."""
    if text == "text":
        return TEXT_ONLY
    return replace(
        Shares(), **{k: float(v) for k, _, v in (part.partition("=") for part in text.split(",") if part)}
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--shares", type=shares_of, default=Shares())
    given = vars(parser.parse_args())
    print(dict(generate(given.pop("out"), given.pop("count"), **given)))


if __name__ == "__main__":
    main()
