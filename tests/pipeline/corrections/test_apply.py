"""What each kind of decision does to the published rows, and what stays as the machine made it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.corrections import Seen
from pipeline.corrections.seen import finding_slot, issue_slot
from tests.pipeline.conftest import FORM, files_of
from tests.pipeline.corrections.conftest import Archive


def row(archive: Archive, row_no: int, **form: Any) -> dict[str, Any]:
    [found] = archive.table("indicators", form_id=archive.form(**form)["form_id"], row_no=row_no)
    return found


def test_a_value_in_words(one: Archive) -> None:
    one.decide(one.form(), "row:0:target", "value", text="≥5公里")
    one.run()
    made = row(one, 0)
    assert (made["target_raw"], made["target_how"]) == ("≥3公里", "person")
    assert made["target_lower"] == 5
    assert made["corrected"] == ["target"]
    [said] = one.table("corrections")
    assert said["status"] == "applied"
    assert (said["machine_text"], said["machine"], said["human"]) == ("≥3公里", "measure [3…) 千米", "≥5公里")
    assert (said["who"], said["why"]) == ("王", "核对原件")
    assert (said["indicator_id"], said["cell_id"]) == (made["indicator_id"], made["target_cell_id"])
    [quantity] = one.table("quantities", indicator_id=made["indicator_id"], role="target")
    assert (quantity["lower"], quantity["start"], quantity["end"]) == (5, 0, 0)
    others = [r for r in one.table("indicators") if r["row_no"] != 0]
    assert {r["target_how"] for r in others} == {"machine"}
    assert {tuple(r["corrected"]) for r in others} == {()}


def test_a_value_in_figures(one: Archive) -> None:
    form = one.form()
    one.decide(form, "row:0:target", "value", lower="5", upper="7", unit="公里")
    one.decide(form, "row:1:target", "value", lower="95", lower_inclusive=False, unit="%")
    one.decide(form, "row:2:target", "value", upper="3", unit="朵")
    one.run()
    assert [str(row(one, 0)[f"target_{c}"]) for c in ("lower", "upper", "unit")] == [
        "5.000000000000",
        "7.000000000000",
        "千米",
    ]
    second = row(one, 1)
    assert (second["target_kind"], second["target_lower_inclusive"]) == ("percent", False)
    assert second["target_base_lower"] == Decimal("0.95")
    assert (row(one, 2)["target_upper"], row(one, 2)["target_unit"]) == (3, "朵")
    assert set(one.statuses().values()) == {"applied"}


def test_the_printed_text_was_misread(one: Archive) -> None:
    """Then the raw text is the person's; the cells table keeps what the machine read."""
    before = row(one, 1)
    one.decide(one.form(), "row:1:target", "text", text="98%")
    one.run()
    made = row(one, 1)
    assert (made["target_raw"], made["target_lower"], made["target_how"]) == ("98%", 98, "person")
    [cell] = one.table("cells", cell_id=made["target_cell_id"])
    assert cell["text"] == "100%"
    assert made["indicator_id"] == before["indicator_id"]


def test_a_name_was_misread(one: Archive) -> None:
    one.decide(one.form(), "row:0:name", "text", text="指标1: 清理沟渠长度；")
    one.run()
    made = row(one, 0)
    assert (made["level3"], made["level3_raw"], made["ordinal"]) == (
        "清理沟渠长度",
        "指标1: 清理沟渠长度；",
        1,
    )


def test_a_label(one: Archive) -> None:
    one.decide(one.form(), "row:0:level2", "label", node="benefit.social")
    one.run()
    made = row(one, 0)
    assert (made["level2_id"], made["level2_how"], made["level2_raw"]) == (
        "benefit.social",
        "person",
        "数量指标",
    )
    assert (made["level1_id"], made["level1_how"], made["level1_raw"]) == ("benefit", "person", "产出指标")
    assert row(one, 1)["level2_how"] != "person"


def test_a_label_that_no_tree_has_is_not_applied(one: Archive) -> None:
    one.decide(one.form(), "row:0:level2", "label", node="output.magic")
    one.run()
    [said] = one.table("corrections")
    assert said["status"] == "stale"
    assert "指标体系中没有“output.magic”" in said["message"]
    assert row(one, 0)["level2_id"] == "output.quantity"


def test_header_fields_and_money(one: Archive) -> None:
    form = one.form()
    one.decide(form, "field:project_name", "text", text="沟渠清淤经费")
    one.decide(form, "field:department", "value", text="001-青河县水利局")
    one.decide(form, "field:project_nature", "value", text="新增性项目")
    one.decide(form, "field:period", "value", text="2024年1月至2024年6月")
    one.decide(form, "field:fiscal_year", "value", text="2025")
    one.decide(form, "funding:total:target", "value", text="13.5")
    one.decide(form, "funding:fiscal:target", "value", lower="99000", unit="元")
    one.run()
    made = one.form()
    assert made["project_name"] == "沟渠清淤经费"
    assert (made["department"], made["department_code"]) == ("青河县水利局", "001")
    assert made["project_nature_raw"] == form["project_nature_raw"]
    assert made["project_nature"] not in (None, form["project_nature"])
    assert (made["period_raw"], str(made["period_end"])) == ("2024年", "2024-06-30")
    assert made["fiscal_year"] == 2025
    assert (made["funding_total_yuan"], made["funding_fiscal_yuan"]) == (135000, 99000)
    assert made["corrected"] == ["department", "fiscal_year", "period", "project_name", "project_nature"]
    amounts = {r["source"]: r for r in one.table("funding", form_id=made["form_id"])}
    assert (amounts["total"]["amount_raw"], amounts["total"]["amount_how"]) == ("12", "person")
    assert amounts["total"]["corrected"] == ["amount"]
    assert set(one.statuses().values()) == {"applied"}
    one.run()  # names and year it was made under have changed by its own doing
    assert set(one.statuses().values()) == {"applied"}


def test_an_accepted_reading_raises_the_grade_and_nothing_else(archive: Archive) -> None:
    archive.write("2024/a.txt", FORM.replace("≥3公里", "见附件"))
    archive.run()
    before = row(archive, 0)
    assert before["grade"] in ("poor", "fair")
    archive.decide(archive.form(), "row:0:target", "value", action="accept")
    archive.run()
    made = row(archive, 0)
    assert made["confidence_meaning"] > before["confidence_meaning"]
    assert made["target_how"] == "person"
    changed = {k for k in made if made[k] != before[k]}
    assert changed <= {
        "confidence_meaning",
        "confidence_structure",
        "confidence_read",
        "grade",
        "target_how",
        "corrected",
    }


def test_rows_that_are_none_or_one(one: Archive) -> None:
    form = one.form()
    one.decide(form, "row:0", "structure", action="join_next")
    one.decide(form, "row:3", "structure", action="no_indicator")
    one.run()
    made = one.table("indicators")
    assert [r["row_no"] for r in sorted(made, key=lambda r: r["row_no"])] == [0, 2, 4]
    joined = row(one, 0)
    assert joined["level3_raw"] == "指标1: 清理河道长度指标1: 验收合格率"
    assert joined["target_raw"] == "≥3公里100%"
    assert len(one.table("cells")) == len(one.table("cells")) > 0
    claims = {c["text"]: c["claimed_by"] for c in one.table("cells")}
    assert claims["100%"] == f"indicator:{joined['indicator_id']}:target"
    assert claims["明显改善"] == "noise:person"
    assert all(c["claimed_by"] for c in one.table("cells"))
    ids = {r["indicator_id"] for r in made} | {None}
    assert {r["indicator_id"] for r in one.table("corrections")} <= ids


def test_a_row_belongs_under_another_label(one: Archive) -> None:
    one.decide(one.form(), "row:2", "structure", action="under", node="cost.economic")
    one.run()
    made = row(one, 2)
    assert (made["level1_id"], made["level2_id"], made["level2_how"]) == ("cost", "cost.economic", "person")
    assert made["corrected"] == ["level2"]


def test_values_in_each_others_place(one: Archive) -> None:
    one.decide(one.form(), "row:0:target", "structure", action="move", to="row:1:target")
    one.run()
    first, second = row(one, 0), row(one, 1)
    assert (first["target_raw"], second["target_raw"]) == ("100%", "≥3公里")
    assert (first["target_how"], second["target_how"]) == ("person", "person")
    claims = {c["text"]: c["claimed_by"] for c in one.table("cells")}
    assert claims["≥3公里"] == f"indicator:{second['indicator_id']}:target"


def test_what_is_no_form(one: Archive) -> None:
    cells = Counter(c["text"] for c in one.table("cells"))
    one.decide(one.form(), "form", "structure", action="no_form")
    one.run()
    assert one.table("forms") == one.table("indicators") == one.table("funding") == []
    assert Counter(c["text"] for c in one.table("cells")) == cells
    assert [d["status"] for d in one.table("documents")] == ["no_form"]
    [said] = one.table("corrections")
    assert (said["status"], said["form_id"]) == ("applied", None)


def test_a_dismissed_finding_stays_with_who_and_why(archive: Archive) -> None:
    archive.write("2024/a.txt", FORM.replace("指标1: 清淤经费\t12万元", "指标1: 清淤经费\t99万元"))
    archive.run()
    findings = archive.table("findings")
    assert findings
    form, indicators = archive.form(), archive.table("indicators")
    first = next(f for f in findings if f["rule"] == "cost_sum")
    others = [f for f in findings if f is not first]
    archive.decide(
        form, finding_slot(first, indicators), "dismiss", action="dismiss", seen=Seen(text=first["message"])
    )
    archive.run()
    after = {f["finding_id"]: f for f in archive.table("findings")}
    assert set(after) == {f["finding_id"] for f in findings}
    assert (after[first["finding_id"]]["dismissed_by"], after[first["finding_id"]]["dismissed_why"]) == (
        "王",
        "核对原件",
    )
    assert {after[f["finding_id"]]["dismissed_by"] for f in others} <= {None}
    assert list(archive.statuses().values()) == ["applied"]
    archive.write("2024/a.txt")  # the printed cost is mended: the finding is gone, and its dismissal with it
    archive.run()
    assert list(archive.statuses().values()) == ["stale"]
    assert "correction_stale" in {i["code"] for i in archive.table("issues")}


def test_a_finding_between_two_forms(archive: Archive) -> None:
    copy = "".join(f"\t\t\t指标{n}: 清理第{n}段河道淤泥及两岸杂物\t≥{n}公里\n" for n in range(2, 9))
    text = FORM.replace("\t\t质量指标", copy + "\t\t质量指标")
    archive.write("2024/a.txt", text)
    archive.write("2024/b.txt", text.replace("河道清淤经费", "湖面保洁经费").replace("水务局", "林业局"))
    archive.run()
    across = [f for f in archive.table("findings") if f["other_form_id"]]
    assert across
    form = next(f for f in archive.table("forms") if f["form_id"] == across[0]["form_id"])
    slot = finding_slot(across[0], archive.table("indicators"))
    archive.decide(form, slot, "dismiss", action="dismiss", seen=Seen(text=across[0]["message"]))
    archive.run()
    after = {f["finding_id"]: f["dismissed_by"] for f in archive.table("findings") if f["other_form_id"]}
    assert after[across[0]["finding_id"]] == "王"
    assert archive.statuses() == {slot: "applied"}
    archive.write("2024/b.txt", FORM.replace("河道清淤", "湖面保洁").replace("水务局", "林业局"))
    archive.write("2024/a.txt", FORM)
    archive.run()
    assert archive.statuses() == {slot: "stale"}
    ids = {d["document_id"] for d in archive.table("documents")}
    assert {i["document_id"] for i in archive.table("issues")} <= ids


def test_an_accepted_issue(archive: Archive) -> None:
    archive.write("2024/a.txt", FORM.replace("≥3公里", "见附件"))
    archive.run()
    issue = next(i for i in archive.table("issues") if i["code"] == "value_unread")
    [line] = archive.table("indicators", indicator_id=issue["indicator_id"])
    [cell] = archive.table("cells", cell_id=issue["cell_id"])
    slot = issue_slot(issue, line["level3_raw"], cell["text"])
    archive.decide(archive.form(), slot, "dismiss", action="accept")
    archive.run()
    after = next(i for i in archive.table("issues") if i["issue_id"] == issue["issue_id"])
    assert (after["dismissed_by"], after["dismissed_why"]) == ("王", "核对原件")
    assert archive.statuses() == {slot: "applied"}


def test_a_decision_about_what_another_one_made(one: Archive) -> None:
    """Somebody corrects a name, the table shows it, and then the value beside it."""
    one.decide(one.form(), "row:0:name", "text", text="清理沟渠长度")
    one.run()
    one.decide(one.form(), "row:0:target", "value", text="≥9公里")
    assert one.made(one.form(), "row:0:target", "value", text="x").seen.row == "清理沟渠长度"
    one.run()
    assert set(one.statuses().values()) == {"applied"}
    assert row(one, 0)["target_lower"] == 9


def test_taking_everything_back_gives_the_machine_back(one: Archive) -> None:
    before = said(one.clean)
    form = one.form()
    made = [
        one.decide(form, "row:0:target", "value", text="≥5公里"),
        one.decide(form, "row:1", "structure", action="no_indicator"),
        one.decide(form, "field:goal", "text", text="清沟。"),
    ]
    one.run()
    assert said(one.clean) != before
    for decision in made:
        one.ledger.remove(decision.id, one.ledger.revision("2024/a.txt"))
    one.run()
    assert said(one.clean) == before


def said(clean: Path) -> dict[str, bytes]:
    """All tables but the one that tells how they differ from the last publish, whatever that was."""
    return {p: b for p, b in files_of(clean).items() if not p.startswith(("changes/", "datapackage"))}


def test_editing_one_correction_works_on_its_document_only(archive: Archive) -> None:
    for n in range(4):
        archive.write(f"2024/{n}.txt", FORM.replace("河道", f"第{n}号河道"))
    archive.run()
    archive.decide(archive.form("2024/2.txt"), "row:0:target", "value", text="≥5公里")
    first = archive.run().stages
    assert {s: first[s]["made"] for s in ("read", "assemble", "normalise", "audit")} == {
        "read": 0,
        "assemble": 0,
        "normalise": 1,
        "audit": 1,
    }
    archive.keep(archive.made(archive.form("2024/2.txt"), "row:0:target", "value", text="≥6公里",
        seen=archive.ledger.all()[0].seen))  # fmt: skip
    assert archive.run().stages["normalise"] == {"made": 1, "reused": 3, "refused": 0}
    assert row(archive, 0, path="2024/2.txt")["target_lower"] == 6
    again = archive.run().stages
    assert {counts["made"] for counts in again.values()} == {0}


def test_processes_publish_what_serial_does(one: Archive) -> None:
    one.decide(one.form(), "row:0:target", "value", text="≥5公里")
    one.run()
    serial = files_of(one.clean)
    one.run(engine="processes", workers=2, force="read")
    assert files_of(one.clean) == serial


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "\u202e反", "a\nb", "\x00"])
def test_hostile_words_reach_the_tables_as_they_are(one: Archive, text: str) -> None:
    one.decide(one.form(), "field:goal", "text", text=text, who=text, why=text)
    one.run()
    [said] = one.table("corrections")
    assert (said["human"], said["who"], said["why"]) == (text, text, text)
    assert said["status"] == "applied"


def test_explain_says_who_decided(one: Archive) -> None:
    from typer.testing import CliRunner

    from pipeline.cli import app

    form = one.form()
    one.decide(form, "row:0:target", "value", text="≥5公里")
    one.decide(form, "funding:total:target", "value", text="13")
    one.run()
    places = ["--out", str(one.clean), "--work", str(one.base / "work")]
    for name, said in (("指标值", "'≥5公里' instead of '≥3公里'"), ("年度资金总额", "'13' instead of '12'")):
        result = CliRunner().invoke(app, ["explain", "2024", "河道清淤经费", name, *places])
        assert said in result.output, result.output
        assert result.output.count("  person   王 at") == 1


def test_the_changes_say_that_a_person_decided(archive: Archive) -> None:
    archive.write("2024/a.txt")
    archive.write("2024/b.txt", FORM.replace("河道", "湖面"))
    archive.run()
    made = archive.decide(archive.form("2024/a.txt"), "row:0:target", "value", text="≥5公里")
    archive.run()
    changes = archive.table("changes")
    assert {c["because"] for c in changes} == {"person"}
    assert ("target_lower", "3", "5") in {(c["column"], c["old"], c["new"]) for c in changes}
    assert [(c["column"], c["new"]) for c in changes if c["table"] == "corrections"] == [("*", "≥5公里")]
    archive.write("2024/b.txt", FORM.replace("河道", "湖面").replace("≥90%", "≥93%"))
    archive.ledger.remove(made.id, archive.ledger.revision("2024/a.txt"))
    archive.run()
    because = {(c["column"], c["new"]): c["because"] for c in archive.table("changes")}
    assert because["target_lower", "3"] == "person"
    assert because["target_lower", "93"] == "source"


def test_the_changes_when_a_form_is_none(one: Archive) -> None:
    one.decide(one.form(), "form", "structure", action="no_form")
    one.run()
    assert {c["because"] for c in one.table("changes")} == {"person"}
