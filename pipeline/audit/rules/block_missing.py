"""A whole block of the indicator tree without a single indicator."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.limits import limits
from pipeline.audit.phrase import listing
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Subject

_VERSIONS = frozenset(limits("block_missing").words("versions"))
_KINDS = frozenset({"target", "declaration", "self_evaluation", "monitoring"})
_BLOCKS = {
    "output": ("产出指标", Severity.WARNING),
    "benefit": ("效益指标", Severity.WARNING),
    "satisfaction": ("满意度指标", Severity.INFO),
    "output.quantity": ("数量指标", Severity.WARNING),
    "output.quality": ("质量指标", Severity.INFO),
    "output.timeliness": ("时效指标", Severity.INFO),
    "cost": ("成本指标", Severity.INFO),
}


def _missing(subject: Subject, block: str) -> bool:
    if block == "cost":
        return not any(line.is_cost or line.level1 == "cost" for line in subject.lines)
    if block.startswith("output."):
        return not any(line.level2 == block for line in subject.lines)
    return not any(line.level1 == block or line.level2.startswith(f"{block}.") for line in subject.lines)


@rule(
    "block_missing",
    title="A whole indicator block is missing",
    severity=Severity.WARNING,
    basis="项目支出应设置产出、效益指标，视情设置满意度、成本指标：财预〔2021〕101号 [K]",
)
def block_missing(subject: Subject) -> Iterator[Draft]:
    """Quiet for other trees (NDRC, none), for departments, and when a row's block could not be told."""
    form = subject.form
    if form.taxonomy_version not in _VERSIONS or form.kind not in _KINDS:
        return
    if not subject.lines:
        yield Draft("表中没有任何已填写的三级指标。", severity=Severity.ERROR)
        return
    if any(not line.level1 for line in subject.lines):
        return
    missing: list[str] = []
    for block in _BLOCKS:
        within = block.partition(".")[0]
        if within not in missing and _missing(subject, block) and not _untold(subject, block):
            missing.append(block)
    if missing:
        grave = any(_BLOCKS[block][1] is Severity.WARNING for block in missing)
        yield Draft(
            f"绩效指标中没有任何{listing(_BLOCKS[block][0] for block in missing)}。",
            numbers={"blocks": ",".join(missing)},
            severity=Severity.WARNING if grave else Severity.INFO,
        )


def _untold(subject: Subject, block: str) -> bool:
    """Could a row without level 2 belong to this level-2 block?"""
    return "." in block and any(line.level1 == "output" and not line.level2 for line in subject.lines)
