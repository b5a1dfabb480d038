"""Indicators in common with another project."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.audit.linked import CopiedRows
from pipeline.audit.rule import Draft, Severity, rule


@rule(
    "copied_indicators",
    title="Indicators copied from another project",
    severity=Severity.WARNING,
    version="2",
    basis="绩效目标应结合项目实际编制：财预〔2015〕88号 [K]",
    relations=("copied_from",),
)
def copied_indicators(copy: CopiedRows) -> Iterator[Draft]:
    """One policy carried out by several units under one name may well print the same targets: ``info``."""
    with_value = sum(row.whole == other.whole for row, other in copy.rows)
    near = sum(row.name != other.name for row, other in copy.rows)
    kinds = f"其中{with_value}项连指标值也相同" + (f"，{near}项仅个别字词不同" if near else "")
    count, of = len(copy.rows), len(copy.later.rows)
    yield Draft(
        f"“{copy.later.project}”与“{copy.earlier.project}”有{count}项三级指标雷同（{kinds}），"
        f"占前者{of}项的{round(100 * count / of)}%，疑为套用同一模板，未结合项目实际编制。",
        cells=tuple(cell for row, other in copy.rows for cell in (row.cell_id, other.cell_id)),
        numbers={"rows": count, "with_value": with_value, "near": near, "of": of},
        severity=Severity.INFO if copy.one_name else None,
    )
