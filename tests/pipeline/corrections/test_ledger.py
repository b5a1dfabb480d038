"""The ledger: what is saved is there, whole, whoever else writes and whatever crashes."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.corrections import Conflict, Correction, Decision, Ledger, Seen, Target
from pipeline.corrections.text import LedgerError, dumped, read
from pipeline.settings import SettingsError
from tests.pipeline.conftest import ROOT
from tests.pipeline.corrections.decided import PATH, WHEN, made, save_many

anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
hostile = st.one_of(
    anything,
    st.sampled_from(
        ["null", "~", "", "no", "20", "1e5", "- a", "a: b", "# x", "'", '"', "\t", "\ufeff", "\x00", "\x85"]
    ),
    st.sampled_from(
        ["\u2028", "<script>alert(1)</script>", "=1+1", "*a", "&a", "!!python/object:x", "%TAG", "---"]
    ),
    st.sampled_from(
        ["a\r\nb", "末尾 ", " 开头", "\n\n", "😀", "2023-11-22", "{x}", "|\n  a", "\x7f", "\ud7ff\ue000"]
    ),
)


@given(st.lists(st.tuples(st.integers(0, 9), hostile, hostile, hostile, hostile), max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_hostile_strings_survive(blocks: list[tuple[int, str, str, str, str]]) -> None:
    found = [
        Correction(
            target=Target(document="ab" * 32, path="a.txt", form_no=0, slot=f"row:{n}:target", project=name),
            kind="value",
            seen=Seen(row=text, text=text, reading=why),
            set=Decision(text=text),
            who=who or "王",
            when=WHEN,
            why=why,
        )
        for n, name, text, who, why in blocks
    ]
    assert read(dumped(found), "x") == tuple(found)
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(folder)
        for one in found:
            ledger.save(one, ledger.revision("a.txt"))
        latest = {one.target.key: one for one in found}
        assert set(Ledger(folder).of("ab" * 32, "a.txt")) == set(latest.values())


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_no_text_is_read_as_corrections_by_accident(text: str) -> None:
    try:
        assert read(text, "x") == ()
    except LedgerError as error:
        assert str(error).startswith("x: ")


def test_a_file_a_document_sorted_by_row_with_readable_name(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for slot in ("row:10:target", "row:9:target", "field:goal", "row:9:actual"):
        ledger.save(made(slot), ledger.revision(PATH))
    [file] = ledger.files()
    assert file.parent == tmp_path / "2023"
    assert file.name.startswith("永宁-")
    assert [c.target.slot for c in ledger.all()] == [
        "field:goal",
        "row:9:actual",
        "row:9:target",
        "row:10:target",
    ]
    blocks = file.read_text(encoding="utf-8").split("\n\n")
    assert [b.count("- id:") for b in blocks] == [1, 1, 1, 1]
    before = file.read_text(encoding="utf-8")
    ledger.save(made("row:9:target", "99次"), ledger.revision(PATH))
    after = file.read_text(encoding="utf-8")
    differing = [
        n for n, (a, b) in enumerate(zip(before.split("\n\n"), after.split("\n\n"), strict=True)) if a != b
    ]
    assert differing == [2]


def test_saving_nothing_new_changes_no_byte(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.save(made(), "")
    before = ledger.files()[0].read_bytes()
    revision = ledger.revision(PATH)
    assert ledger.save(made(), revision) == revision
    assert ledger.files()[0].read_bytes() == before


def test_two_people_on_one_slot(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    start = ledger.revision(PATH)
    ledger.save(made(who="王"), start)
    with pytest.raises(Conflict, match="王 set it to '120次'") as caught:
        Ledger(tmp_path).save(made(text="130次", who="李"), start)
    assert caught.value.theirs == made(who="王")
    assert [c.who for c in ledger.all()] == ["王"]


def test_two_people_on_two_slots(tmp_path: Path) -> None:
    start = Ledger(tmp_path).revision(PATH)
    Ledger(tmp_path).save(made("row:1:target", who="王"), start)
    Ledger(tmp_path).save(made("row:2:target", who="李"), start)
    assert [c.who for c in Ledger(tmp_path).all()] == ["王", "李"]


def test_undo(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    one, other = made("row:1:target"), made("row:2:target")
    ledger.save(one, "")
    seen = ledger.save(other, ledger.revision(PATH))
    assert ledger.remove(one.id, seen) == ledger.revision(PATH)
    assert ledger.all() == (other,)
    with pytest.raises(KeyError):
        ledger.remove(one.id, seen)
    ledger.save(other.model_copy(update={"who": "李"}), ledger.revision(PATH))
    with pytest.raises(Conflict, match="李"):
        ledger.remove(ledger.all()[0].id, seen)


def test_saving_over_what_was_taken_back(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    seen = ledger.save(made(), "")
    ledger.remove(made().id, seen)
    with pytest.raises(Conflict, match="taken back"):
        ledger.save(made(text="5次"), seen)


def test_a_new_decision_replaces_the_stale_one_about_the_old_file(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    old, new = made(document="cd" * 32), made(text="7次")
    seen = ledger.save(old, "")
    ledger.save(new, seen, replaces=[old.id])
    assert ledger.all() == (new,)


def test_files_of_two_branches_become_one(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.save(made("row:1:target"), "")
    name = ledger.files()[0].name
    other = tmp_path / "2024" / name
    other.parent.mkdir()
    other.write_text(dumped([made("row:1:target"), made("row:2:target")]), encoding="utf-8")
    assert len(ledger.all()) == 2  # the same block twice is one
    ledger.save(made("row:3:target"), ledger.revision(PATH))
    assert [c.target.slot for c in ledger.all()] == ["row:1:target", "row:2:target", "row:3:target"]
    assert len(ledger.files()) == 1


def test_a_document_that_moved_keeps_its_decisions(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.save(made(), "")
    assert ledger.of("ab" * 32, "2024/elsewhere.txt") == (made(),)
    assert ledger.of("cd" * 32, PATH) == (made(),)
    assert ledger.of("cd" * 32, "2024/elsewhere.txt") == ()


def test_processes_never_lose_one_anothers_blocks(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=save_many, args=(str(tmp_path), f"{n}", n * 20)) for n in range(3)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [p.exitcode for p in both] == [0, 0, 0]
    assert len(Ledger(tmp_path).all()) == 60


_DIE = """
import os, sys
from pathlib import Path
from pipeline.corrections import Ledger
from tests.pipeline.corrections.decided import PATH, made
{when}
ledger = Ledger(sys.argv[1])
ledger.save(made("row:2:target"), ledger.revision(PATH))
"""
_MOMENTS = {
    "before anything is written": "Path.open = lambda *a, **k: os._exit(9)",
    "with half of it written": (
        "real = os.fsync\ndef half(fd):\n    os.ftruncate(fd, 10); os._exit(9)\nos.fsync = half"
    ),
    "between write and rename": "Path.replace = lambda *a: os._exit(9)",
}


@pytest.mark.parametrize("moment", _MOMENTS)
def test_a_crash_in_the_middle_loses_nothing_saved(tmp_path: Path, moment: str) -> None:
    ledger = Ledger(tmp_path)
    ledger.save(made("row:1:target"), "")
    before = ledger.files()[0].read_bytes()
    code = _DIE.format(when=_MOMENTS[moment])
    died = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert died.returncode == 9, died.stderr
    assert ledger.files()[0].read_bytes() == before
    assert Ledger(tmp_path).all() == (made("row:1:target"),)
    ledger.save(made("row:2:target"), ledger.revision(PATH))  # the lock went with the process
    assert len(Ledger(tmp_path).all()) == 2
    assert [p.name for p in ledger.files()[0].parent.iterdir()] == [ledger.files()[0].name]


GOOD = dumped([made("row:1:target"), made("row:2:target")])
_BLOCK = GOOD.split("\n\n")[0].count("\n") + 3  # the line on which the second block begins


@pytest.mark.parametrize(
    ("broken", "line", "said"),
    [
        (GOOD.replace("  kind: value", "  kind: 'value", 1), None, "is no YAML"),
        (GOOD.replace("\n- id:", "\n- zauber: 1\n  id:"), _BLOCK, "zauber: Extra inputs are not permitted"),
        (GOOD.replace("slot: row:2:target", "slot: zeile 2"), _BLOCK, "is no name of a slot"),
        (GOOD + "\n- just text\n", None, "valid dictionary"),
        ("a: 1\n", 1, "is no list of corrections"),
        ("- &x {a: 1}\n- *x\n", None, "line"),
        (GOOD.replace("  who: 王", "  who: 王\n  who: 李", 1), _BLOCK - 3, "who stands twice"),
        ("[" * 5000, None, ""),
    ],
)
def test_what_is_broken_is_named_with_file_and_line(
    tmp_path: Path, broken: str, line: int | None, said: str
) -> None:
    (tmp_path / "2023").mkdir()
    file = tmp_path / "2023" / "a-00000000.yaml"
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        Ledger(tmp_path).all()
    message = str(caught.value)
    assert message.startswith(f"{file}: line {line}" if line else f"{file}: line")
    assert said in message


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "2023").mkdir()
    (tmp_path / "2023" / "a-00000000.yaml").write_bytes(b"- id: a\n  who: \xff\n")
    with pytest.raises(SettingsError, match=r"a-00000000\.yaml: line 2: is no UTF-8"):
        Ledger(tmp_path).all()


def test_a_file_written_by_hand(tmp_path: Path) -> None:
    """Unquoted numbers stay text where text is wanted, an id may be left out, comments are allowed."""
    (tmp_path / "2023").mkdir()
    text = f"""# from the audit of May
- target: {{document: {"ab" * 32}, path: a.txt, form_no: 0, slot: "row:5:target", department: null}}
  kind: value
  seen: {{text: 20, reading: no}}
  set: {{lower: 95, unit: '%'}}
  who: 王
  when: 2026-11-22 08:00:00+08:00
"""
    (tmp_path / "2023" / "mine.yaml").write_text(text, encoding="utf-8")
    [one] = Ledger(tmp_path).all()
    assert (one.seen.text, one.seen.reading, one.set.words()) == ("20", "no", "95… %")
    assert one.target.department is None
    assert len(one.id) == 12


@pytest.mark.parametrize(
    ("slot", "kind", "given"),
    [
        ("row:5:target", "value", {}),
        ("row:5:target", "value", {"text": "5", "lower": "5"}),
        ("row:5:target", "value", {"lower": "6", "upper": "5"}),
        ("row:5:target", "label", {"node": "output.quantity"}),
        ("row:5:level2", "value", {"text": "数量"}),
        ("row:5", "structure", {"action": "under"}),
        ("row:5", "structure", {"action": "move", "to": "row:6:target"}),
        ("row:5:target", "structure", {"action": "move"}),
        ("row:5:target", "structure", {"action": "no_form"}),
        ("form", "structure", {"action": "no_indicator"}),
        ("row:5:target", "dismiss", {"action": "dismiss"}),
        ("finding:cost_sum:0123456789abcdef", "dismiss", {"action": "no_form"}),
        ("issue:value_unread:0123456789abcdef", "dismiss", {"action": "dismiss"}),
        ("field:goal", "value", {"lower": "5"}),
        ("row:5:name", "value", {"text": "x"}),
    ],
)
def test_what_makes_no_sense_is_refused(slot: str, kind: str, given: dict[str, str]) -> None:
    target = Target(document="ab" * 32, path="a.txt", form_no=0, slot=slot)
    with pytest.raises(ValidationError):
        Correction(target=target, kind=kind, set=Decision(**given), who="王", when=WHEN, why="x")


def test_a_dismissal_says_why_and_a_time_its_zone() -> None:
    target = Target(document="ab" * 32, path="a.txt", form_no=0, slot="finding:cost_sum:0123456789abcdef")
    with pytest.raises(ValidationError, match="needs a reason"):
        Correction(
            target=target, kind="dismiss", set=Decision(action="dismiss"), who="王", when=WHEN, why=" "
        )
    with pytest.raises(ValidationError, match="with its zone"):
        made().model_validate(made().model_dump() | {"when": "2026-11-22T08:00:00"})
