"""When the source changes: what still holds applies, what does not comes back, nothing is guessed."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.corrections.locate import form_of, near, slot_of
from pipeline.corrections.types import Seen, Target
from pipeline.review.check import check
from pipeline.settings import SettingsError
from tests.pipeline.conftest import FORM
from tests.pipeline.corrections.conftest import Archive


def decided(archive: Archive) -> None:
    form = archive.form()
    archive.decide(form, "row:0:target", "value", text="≥5公里")
    archive.decide(form, "row:1:target", "value", text="≥99%")
    archive.decide(form, "row:4:target", "value", text="≥91%")
    archive.decide(form, "field:goal", "text", text="清沟。")


def test_each_decision_is_checked_by_itself(one: Archive) -> None:
    decided(one)
    one.write("2024/a.txt", FORM.replace("≥90%", "≥93%"))
    one.run()
    assert one.statuses() == {
        "field:goal": "applied",
        "row:0:target": "applied",
        "row:1:target": "applied",
        "row:4:target": "stale",
    }
    [said] = one.table("corrections", status="stale")
    assert (
        "当时所见原文“≥90%”、机读“percent [90…) %”，现为原文“≥93%”、机读“percent [93…) %”。"
        in said["message"]
    )
    [issue] = one.table("issues", code="correction_stale")
    assert issue["message"].endswith(said["message"])
    assert issue["cell_id"] == said["cell_id"] is not None
    [line] = one.table("indicators", row_no=4)
    assert (line["target_lower"], line["target_how"], list(line["corrected"])) == (93, "machine", [])


def test_a_reading_that_changed_is_not_decided_blindly(one: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes are the same, but a newer reader says something else of the cell."""
    one.keep(
        one.made(
            one.form(), "row:0:target", "value", text="≥5公里", seen=Seen(text="≥3公里", reading="other")
        )
    )
    one.run()
    assert one.statuses() == {"row:0:target": "stale"}


def test_rows_that_moved_take_their_decisions_along(one: Archive) -> None:
    decided(one)
    more = "\t\t数量指标\t指标2: 清理桥洞\t≥7座\n"
    one.write("2024/a.txt", FORM.replace("\t\t质量指标", f"{more}\t\t质量指标"))
    one.run()
    assert set(one.statuses().values()) == {"applied"}
    said = {r["human"]: r["slot"] for r in one.table("corrections")}
    assert (said["≥5公里"], said["≥99%"], said["≥91%"]) == ("row:0:target", "row:2:target", "row:5:target")
    found = {r["level3"]: r["target_lower"] for r in one.table("indicators")}
    assert (found["清理桥洞"], found["验收合格率"], found["群众满意度"]) == (7, 99, 91)


def test_a_row_that_went_away_takes_no_other_along(one: Archive) -> None:
    """Row 2 comes to stand where row 1 stood and prints the same value: it is another row all the same."""
    text = FORM.replace("12万元\n", "100%\n")
    one.write("2024/a.txt", text)
    one.run()
    one.decide(one.form(), "row:1:target", "value", text="≥99%")
    one.write("2024/a.txt", text.replace("\t\t质量指标\t指标1: 验收合格率\t100%\n", ""))
    one.run()
    assert one.statuses() == {"row:1:target": "stale"}
    assert [r["target_how"] for r in one.table("indicators")] == ["machine"] * 4


def test_a_mended_name_keeps_the_decision_beside_it(one: Archive) -> None:
    one.decide(one.form(), "row:0:target", "value", text="≥5公里")
    one.decide(one.form(), "row:0:name", "text", text="清理沟渠长度")
    one.write("2024/a.txt", FORM.replace("清理河道长度", "清理河道长度等"))
    one.run()
    assert one.statuses() == {"row:0:name": "stale", "row:0:target": "applied"}


def test_two_rows_alike_are_not_chosen_between(one: Archive) -> None:
    one.decide(one.form(), "row:0:target", "value", text="≥5公里")
    twin = "\t\t数量指标\t指标1: 清理河道长度\t≥3公里\n"
    head = "\t产出指标\t数量指标\t指标1: 巡查次数\t20次\n"
    first = "\t产出指标\t数量指标\t指标1: 清理河道长度\t≥3公里\n"
    one.write("2024/a.txt", FORM.replace(first, head + twin + twin))
    one.run()
    assert one.statuses() == {"row:0:target": "stale"}


def test_a_file_that_moved(one: Archive) -> None:
    decided(one)
    (one.base / "raw" / "2024" / "a.txt").rename(one.base / "raw" / "2024" / "b.txt")
    one.run()
    assert set(one.statuses().values()) == {"applied"}


def test_a_file_that_moved_and_changed_is_known_by_year_department_and_project(one: Archive) -> None:
    decided(one)
    one.decide(one.form(), "field:project_name", "text", text="沟渠清淤经费")
    one.run()
    one.decide(one.form(), "row:2:target", "value", text="13万元")  # made under the corrected name
    (one.base / "raw" / "2024" / "a.txt").unlink()
    one.write("2024/新/b.txt", FORM.replace("≥90%", "≥93%"))
    one.write("2024/other.txt", FORM.replace("河道清淤", "湖面保洁"))
    one.run()
    statuses = one.statuses()
    assert statuses.pop("row:4:target") == "stale"
    assert set(statuses.values()) == {"applied"}
    assert len(statuses) == 5
    assert {r["form_id"] for r in one.table("corrections")} == {one.form("2024/新/b.txt")["form_id"]}
    again = one.run()
    assert {counts["made"] for counts in again.stages.values()} == {0}


def test_a_document_that_is_gone(one: Archive) -> None:
    decided(one)
    (one.base / "raw" / "2024" / "a.txt").unlink()
    one.write("2024/b.txt", FORM.replace("河道清淤", "湖面保洁").replace("水务局", "林业局"))
    one.run()
    assert set(one.statuses().values()) == {"orphaned"}
    assert {r["form_id"] for r in one.table("corrections")} == {None}
    one.write("2024/a.txt")
    one.run()
    assert set(one.statuses().values()) == {"applied"}


def test_a_document_that_cannot_be_read_any_more(one: Archive) -> None:
    decided(one)
    one.write("2024/a.txt", "\x00\x01\x02")
    one.run()
    assert [d["status"] for d in one.table("documents")] == ["quarantined"]
    assert set(one.statuses().values()) == {"orphaned"}


def test_another_project_in_its_place(one: Archive) -> None:
    decided(one)
    one.write("2024/a.txt", FORM.replace("河道清淤经费", "离退休人员慰问"))
    one.run()
    assert set(one.statuses().values()) == {"orphaned"}
    assert {r["target_how"] for r in one.table("indicators")} == {"machine"}
    assert len(one.table("issues", code="correction_orphaned")) == 4


def test_forms_that_changed_places(archive: Archive) -> None:
    other = FORM.replace("河道清淤经费", "湖面保洁经费").replace("≥3公里", "≥30公里")
    archive.write("2024/a.txt", f"{FORM}\n{other}")
    archive.run()
    archive.decide(archive.form(form_no=1), "row:0:target", "value", text="≥31公里")
    archive.decide(archive.form(form_no=0), "field:goal", "text", text="清沟。")
    archive.write("2024/a.txt", f"{other}\n{FORM}")
    archive.run()
    assert set(archive.statuses().values()) == {"applied"}
    names = {f["form_id"]: f["project_name"] for f in archive.table("forms")}
    said = {r["human"]: names[r["form_id"]] for r in archive.table("corrections")}
    assert said == {"≥31公里": "湖面保洁经费", "清沟。": "河道清淤经费"}


def test_two_decisions_about_one_slot(one: Archive) -> None:
    form = one.form()
    one.decide(form, "row:0:target", "value", text="≥5公里")
    [file] = one.ledger.files()
    theirs = file.read_text(encoding="utf-8").replace("≥5公里", "≥6公里").replace("王", "李")
    theirs = "\n".join(line for line in theirs.splitlines() if "id:" not in line).replace(
        "  target", "- target"
    )
    file.with_name("theirs.yaml").write_text(theirs, encoding="utf-8")
    one.run()
    assert [r["status"] for r in one.table("corrections")] == ["conflict", "conflict"]
    [line] = one.table("indicators", row_no=0)
    assert (line["target_lower"], line["target_how"]) == (3, "machine")
    assert len(one.table("issues", code="correction_conflict")) == 2


def test_check_says_what_is_left(one: Archive) -> None:
    decided(one)
    review = one.base / "review"
    assert [line.split(":")[0] for line in check(review, one.clean)] == ["unread"] * 4
    one.run()
    assert check(review, one.clean) == []
    one.write("2024/a.txt", FORM.replace("≥90%", "≥93%"))
    one.run()
    [line] = check(review, one.clean)
    assert line.startswith(
        "stale: 2024/a.txt：王 于 2026-11-22T08:00:00+08:00 对“row:4:target”的更正“≥91%”未采用"
    )
    assert line.endswith("。")
    one.ledger.files()[0].write_text("- {", encoding="utf-8")
    with pytest.raises(SettingsError, match="line"):
        check(review, one.clean)


def test_a_run_stops_at_a_broken_ledger(one: Archive) -> None:
    (one.base / "review" / "2024").mkdir(parents=True)
    (one.base / "review" / "2024" / "a-00000000.yaml").write_text("- who: [", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"a-00000000\.yaml: line"):
        one.run()
    args = ["extract", str(one.base / "raw"), "--out", str(one.clean), "--work", str(one.base / "work")]
    result = CliRunner().invoke(app, [*args, "--review", str(one.base / "review")])
    assert isinstance(result.exception, SettingsError)


def test_one_file_alone_has_no_orphans(one: Archive) -> None:
    decided(one)
    one.write("2024/b.txt", FORM.replace("河道", "湖面"))
    from pipeline import extract

    extract(
        one.base / "raw" / "2024" / "b.txt", one.clean, one.base / "work", review=str(one.base / "review")
    )
    assert one.table("corrections") == []


def test_near_names() -> None:
    assert near("综合业务费", "综合业务费。")
    assert not near("综合业务费", "离退休慰问费")


@pytest.fixture(scope="module")
def seen_everywhere(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    base = tmp_path_factory.mktemp("seen")
    archive = Archive(base)
    archive.write("2024/a.txt")
    archive.run()
    return archive.seen(archive.form())


@given(
    st.randoms(use_true_random=False),
    st.sampled_from(["text", "reading", "row"]),
    st.text("ab河道%5", min_size=1, max_size=4),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_slot_is_found_as_it_was_seen_and_never_otherwise(
    seen_everywhere: dict[str, Seen], chance: random.Random, part: str, more: str
) -> None:
    from pipeline.corrections.locate import Standing

    form = Standing(0, "f", "target", (2024, "局", "项目"), seen_everywhere)
    slot = chance.choice(sorted(seen_everywhere))
    target = Target(document="ab" * 32, path="a", form_no=0, slot=slot)
    seen = seen_everywhere[slot]
    assert slot_of(target, seen, form) == slot
    changed = seen.model_copy(update={part: (getattr(seen, part) or "") + more})
    found = slot_of(target, changed, form)
    if part == "row" and seen.row is not None:
        assert found in (slot, None)
        assert found is None or near(seen.row, str(changed.row))
    elif part != "row":
        assert found is None


def test_a_form_is_never_guessed() -> None:
    from pipeline.corrections.locate import Standing

    forms = [
        Standing(n, f"f{n}", "target", (2024, "局", name), {})
        for n, name in enumerate(["甲项目", "乙项目", "甲项目"])
    ]

    def find(no: int, name: str, document: str = "cd" * 32) -> str | None:
        target = Target(document=document, path="a", form_no=no, slot="form")
        found = form_of(target, {(2024, "局", name)}, "ab" * 32, forms)
        return found.form_id if found else None

    assert find(0, "乙项目") == "f1"
    assert find(0, "甲项目") == "f0"
    assert find(1, "甲项目") is None  # two of that name, and its number is another's
    assert find(1, "丁丁丁丁") is None
    assert find(1, "丁丁丁丁", "ab" * 32) == "f1"  # the same bytes


def test_a_stale_decision_knows_its_form_though_another_one_renamed_it(one: Archive) -> None:
    """Regression: it was called orphaned, for its form was looked for under the corrected name only."""
    one.decide(one.form(), "field:project_name", "text", text="完全不同的名称")
    one.decide(one.form(), "row:4:target", "value", text="≥91%")
    one.write("2024/a.txt", FORM.replace("≥90%", "≥93%"))
    one.run()
    assert one.statuses() == {"field:project_name": "applied", "row:4:target": "stale"}
