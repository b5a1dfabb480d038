"""A project's life through a whole run: links and findings over forms, and what one changed file costs."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from pipeline import load
from tests.pipeline.conftest import FORM, Place, files_of

EVALUATION = "\n".join(
    [
        "项目支出绩效自评表",
        "(2024年度)",
        "项目名称\t2024年“河道清淤”经费项目\t\t\t\t\t\t",
        "主管部门\t青河县水务局\t\t\t实施单位\t青河县水务局\t\t",
        "项目资金(万元)\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分",
        "\t年度资金总额\t20\t20\t20\t10\t100%\t10",
        "\t其中：当年财政拨款\t20\t20\t20\t—\t100%\t—",
        "年度总体目标\t预期目标\t\t\t\t实际完成情况\t\t",
        "\t清理河道。\t\t\t\t已清理河道。\t\t",
        "绩效指标\t一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施",
        "\t产出指标\t数量指标\t清理河道长度\t≥2公里\t2.5公里\t30\t30\t",
        "\t\t质量指标\t验收合格率\t100%\t100%\t20\t20\t",
        "\t效益指标\t社会效益指标\t沿岸环境\t明显改善\t明显改善\t30\t30\t",
        "\t满意度指标\t服务对象满意度指标\t群众满意度\t≥90%\t92%\t10\t10\t",
        "总分\t\t\t\t\t\t100\t100\t",
        "",
    ]
)
NEXT = FORM.replace("2024年", "2025年").replace("≥3公里", "≥1公里")


def filled(place: Place) -> Place:
    place.write("2024/target.txt")
    place.write("2024/evaluation.txt", EVALUATION)
    place.write("2025/target.txt", NEXT)
    return place


def test_links_and_findings_over_the_forms_of_one_project(place: Place) -> None:
    filled(place).run()
    tables = load(place.clean)
    links, forms = tables["links"], tables["forms"]
    kind = dict(zip(forms["form_id"], zip(forms["kind"], forms["fiscal_year"], strict=True), strict=True))
    found = {(r.relation, kind[r.form_id], kind[r.other_form_id]) for r in links.itertuples()}
    target, done, after = ("target", 2024), ("self_evaluation", 2024), ("target", 2025)
    assert found == {("evaluated_by", target, done), ("next_year", target, after)}
    findings = tables["findings"]
    across = findings[findings["other_form_id"].notna()].set_index("rule")
    assert {"target_changed", "budget_changed", "indicator_dropped", "lowered_target"} <= set(across.index)
    changed = across.loc["target_changed"]
    assert changed["severity"] == "error"
    assert "按原目标衡量则未完成" in changed["message"]
    assert json.loads(changed["numbers"]) == {"was": "3000", "now": "2000", "better": "up"} or json.loads(
        changed["numbers"]
    ) == {"was": "3", "now": "2", "better": "up"}
    cells = set(tables["cells"]["cell_id"])
    assert all(set(row) <= cells for row in across["cell_ids"])


def test_a_changed_file_publishes_what_a_fresh_run_would(place: Place, tmp_path: Path) -> None:
    filled(place).run()
    for number in range(40):
        place.write(f"2024/{number}.txt", FORM.replace("河道", f"{number}号渠"))
    place.run()
    place.write("2024/evaluation.txt", EVALUATION.replace("2.5公里", "1.5公里"))
    (place.raw / "2024" / "7.txt").unlink()
    place.run()
    fresh = Place(place.raw, tmp_path / "fresh", tmp_path / "fresh-work")
    fresh.run()
    assert _tables(place) == _tables(fresh)


def _tables(place: Place) -> dict[str, bytes]:
    """All tables but the one that tells of the publish before, which a fresh run has not."""
    found = files_of(place.clean)
    return {name: data for name, data in found.items() if name.endswith("parquet") and "changes/" not in name}


def test_only_what_a_change_touches_is_judged_again(place: Place) -> None:
    filled(place)
    for number in range(40):
        place.write(f"2024/{number}.txt", FORM.replace("河道", f"{number}号渠"))
    place.run()
    before = _bundles(place)
    place.write("2024/7.txt", FORM.replace("河道", "另一条渠"))
    place.run()
    kept = [key for key in _bundles(place) if key not in before]
    assert 0 < len(kept) < len(before)


def _bundles(place: Place) -> list[str]:
    db = sqlite3.connect(place.work / "stages.sqlite")
    found = [key for (key,) in db.execute("select key from results where subject = 'bundle'")]
    db.close()
    return found
