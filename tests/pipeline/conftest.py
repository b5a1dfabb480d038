"""What the pipeline's tests share: a published sample archive, and a small form to write into files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline import extract
from pipeline.summary import RunSummary

ROOT = Path(__file__).parents[2]
RAW = ROOT / "data" / "raw"

FORM = """2024年部门项目支出预算绩效目标表

项目名称\t\t河道清淤经费\t\t
主管部门\t\t青河县水务局\t实施单位\t青河县水务局本级
项目属性\t\t延续性项目\t项目期\t2024年
项目资金 (万元)\t年度资金总额:\t12\t\t
\t其中:财政拨款\t12\t\t
\t其他资金\t\t\t
年度总体目标\t清理河道。\t\t\t
绩效指标\t一级指标\t二级指标\t三级指标\t指标值
\t产出指标\t数量指标\t指标1: 清理河道长度\t≥3公里
\t\t质量指标\t指标1: 验收合格率\t100%
\t\t成本指标\t指标1: 清淤经费\t12万元
\t效益指标\t社会效益指标\t指标1: 沿岸环境\t明显改善
\t满意度指标\t服务对象满意度指标\t指标1: 群众满意度\t≥90%
"""


@dataclass(frozen=True)
class Place:
    """The three folders of a run."""

    raw: Path
    clean: Path
    work: Path

    def run(self, **settings: object) -> RunSummary:
        return extract(self.raw, out=self.clean, work=self.work, **settings)  # type: ignore[arg-type]

    def write(self, path: str, text: str | bytes = FORM) -> Path:
        file = self.raw / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "raw").mkdir()
    return Place(tmp_path / "raw", tmp_path / "clean", tmp_path / "work")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The sample archive, published once for all tests that only look."""
    base = tmp_path_factory.mktemp("sample")
    shutil.copytree(RAW, base / "raw")
    found = Place(base / "raw", base / "clean", base / "work")
    found.run()
    return found


def files_of(clean: Path) -> dict[str, bytes]:
    """Every published file but run.json, by its path through the links."""
    tops = [p for p in clean.iterdir() if not p.name.startswith(".") and p.name != "run.json"]
    found = {p.name: p.read_bytes() for p in tops if p.is_file()}
    for top in tops:
        if top.is_dir():
            found |= {str(p.relative_to(clean)): p.read_bytes() for p in top.rglob("*") if p.is_file()}
    return found
