"""The command line: help that a newcomer can work from, exact JSON, exit statuses, explanations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.cli.extract import figures
from pipeline.summary import RunSummary
from tests.pipeline.conftest import FORM, ROOT, Place

COMMANDS = sorted(c.callback.__name__ for c in app.registered_commands if c.callback)
runner = CliRunner()


def jixiao(*args: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *args],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=env,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = runner.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5
    assert command in runner.invoke(app, ["--help"]).output


def test_value_is_exact_json() -> None:
    result = runner.invoke(app, ["value", "2.88万元"])
    assert result.exit_code == 0
    found = json.loads(result.stdout, parse_float=Decimal, parse_int=Decimal)
    [part] = found["parts"]
    assert (found["kind"], part["lower"], part["upper"]) == ("money", 28800, 28800)
    assert '"28800' not in result.stdout
    found = json.loads(runner.invoke(app, ["value", "0.1%"]).stdout, parse_float=Decimal)
    assert found["parts"][0]["base_lower"] == Decimal("0.001")


def test_value_takes_its_context() -> None:
    found = json.loads(runner.invoke(app, ["value", "15", "--unit", "万元"]).stdout)
    assert (found["parts"][0]["lower"], found["parts"][0]["unit"]) == (150000, "元")
    assert "≥" in runner.invoke(app, ["value", "≥95%"]).stdout


def test_label_is_json_and_abstains() -> None:
    assert json.loads(runner.invoke(app, ["label", "满意度指"]).stdout)["node_id"] == "satisfaction"
    assert json.loads(runner.invoke(app, ["label", "项目名称"]).stdout)["node_id"] is None


def test_exit_statuses(place: Place) -> None:
    place.write("2024/a.txt")
    place.write("2024/bad.txt", b"")
    folders = [str(place.raw), "--out", str(place.clean), "--work", str(place.work)]
    done = jixiao("extract", *folders)
    assert done.returncode == 0
    assert "1 file(s) quarantined" in done.stdout.splitlines()[-1]
    assert jixiao("extract", *folders, "--strict").returncode == 3
    missing = jixiao("extract", str(place.raw / "nothing"), "--out", str(place.clean))
    assert (missing.returncode, len(missing.stderr.strip().splitlines())) == (2, 1)
    assert jixiao("extract", "--magic").returncode == 2
    assert jixiao("extract", *folders, "--engine", "magic").returncode == 2
    assert jixiao("extract", *folders, "--year", "12").returncode == 2


def test_a_fault_of_ours_is_exit_status_1(place: Place) -> None:
    place.write("2024/a.txt")
    script = (
        "import sys; from pipeline import run, cli\n"
        "def broken(*_, **__): raise ZeroDivisionError('ours')\n"
        "run.publish = broken\n"
        f"sys.argv = ['jixiao', 'extract', {str(place.raw)!r}, '--out', {str(place.clean)!r}, '--work', {str(place.work)!r}]\n"
        "cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 1
    assert "fault of jixiao" in done.stderr
    assert "ours" in done.stderr


def test_settings_come_from_a_file_and_are_overruled(place: Place) -> None:
    place.write("2024/a.txt")
    settings = place.raw.parent / "jixiao.toml"
    settings.write_text(
        f'raw = "{place.raw}"\nout = "{place.clean}"\nwork = "{place.work}"\n', encoding="utf-8"
    )
    assert jixiao("extract", cwd=place.raw.parent).returncode == 0
    assert (place.clean / "run.json").is_file()
    settings.write_text('colour = "red"\n', encoding="utf-8")
    wrong = jixiao("extract", cwd=place.raw.parent)
    assert wrong.returncode == 2
    assert "colour" in wrong.stderr


def test_the_summary_of_a_run(place: Place) -> None:
    place.write("2024/a.txt")
    summary = place.run()
    lines = dict(figures(summary))
    assert lines["forms"] == "1"
    assert lines["cells accounted for"].startswith("100.00%")
    assert dict(figures(RunSummary(rows=summary.rows)))["files"] == "0"


def test_status(place: Place) -> None:
    assert "nothing is published" in runner.invoke(app, ["status", "--out", str(place.clean)]).output
    place.write("2024/a.txt")
    place.run()
    said = runner.invoke(app, ["status", "--clean", str(place.clean)]).output
    assert "1 documents, 1 forms" in said
    assert "read" in said


def explain(place: Place, *what: str) -> str:
    folders = ["--out", str(place.clean), "--work", str(place.work)]
    result = runner.invoke(app, ["explain", *what, *folders])
    assert result.exit_code == 0, result.exception
    return result.output


def test_explain_walks_back_to_the_cell(sample: Place) -> None:
    said = explain(sample, "2023", "督办工作经费", "指标值", "--row", "4")
    assert "2023/永宁县人民政府办公室.txt" in said
    assert "line 17" in said
    assert "'8批次'" in said
    assert "output.quantity (exact" in said
    assert "count by" in said


def test_explain_a_field_of_the_header_and_the_money(sample: Place) -> None:
    said = explain(sample, "2023", "督办工作经费", "财政拨款")
    assert "200000.00 元, scale from cell" in said
    assert "line 9" in said
    assert "延续性项目" in explain(sample, "2023", "督办工作经费", "project_nature_raw")


def test_explain_by_indicator_and_without_the_work_folder(sample: Place, tmp_path: Path) -> None:
    from pipeline import load

    key = load(sample.clean)["indicators"]["indicator_id"].iloc[0]
    assert "line 13" in explain(sample, key, "指标值")
    nowhere = Place(sample.raw, sample.clean, tmp_path / "gone")
    assert "no longer holds the reasons" in explain(nowhere, key, "target_raw")
    assert "claimed  form:goal" in explain(nowhere, "2023", "督办工作经费", "goal")
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize(
    "what",
    [["2023", "没有这个项目", "指标值"], ["2023", "督办工作经费", "没有这个栏"], ["abc"], ["0123", "指标值"]],
)
def test_explain_says_what_is_wrong(sample: Place, what: list[str]) -> None:
    done = jixiao("explain", *what, "--out", str(sample.clean), "--work", str(sample.work))
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")


def test_doctor_schema_rules_and_issues() -> None:
    assert "text_dump" in runner.invoke(app, ["doctor"]).output
    assert "decimal" not in runner.invoke(app, ["schema", "funding"]).output
    assert "amount_yuan" in runner.invoke(app, ["schema", "funding"]).output
    assert "copied_indicators" in runner.invoke(app, ["rules"]).output
    assert "shifted_row" in runner.invoke(app, ["issues"]).output
    assert jixiao("schema", "nothing").returncode == 2


def test_light_commands_load_nothing_heavy() -> None:
    script = (
        "import sys; from typer.testing import CliRunner; from pipeline.cli import app\n"
        "CliRunner().invoke(app, ['value', '100余次']); CliRunner().invoke(app, ['--help'])\n"
        "print([m for m in ('pandas', 'pyarrow', 'pdfplumber', 'jieba', 'lxml') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert out.stdout.strip() == "[]"


def test_the_form_of_these_tests_is_read_whole(place: Place) -> None:
    place.write("2024/a.txt", FORM)
    assert place.run().rows["indicators"] == 5
