"""The command: what it says without a browser."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.review.server import signer
from tests.pipeline.conftest import Place
from tests.pipeline.review.conftest import Page


def test_check_says_what_no_run_has_seen(page: Page) -> None:
    folders = ["--clean", str(page.place.clean), "--work", str(page.place.work), "--review", str(page.review)]
    sound = CliRunner().invoke(app, ["review", "--check", *folders])
    assert (sound.exit_code, sound.output) == (0, "all decisions are applied\n")
    made = {"slot": "row:0:target", "kind": "value", "set": {"text": "≥5公里"}}
    assert page.decide(page.form("大河清淤经费"), made).status_code == 200
    waiting = CliRunner().invoke(app, ["review", "--check", *folders])
    assert waiting.exit_code == 3
    assert "row:0:target" in waiting.output


def test_somebody_always_signs() -> None:
    assert signer()


def test_the_templates_and_the_style_are_in_the_package(published: Place) -> None:
    folder = Path(__file__).parents[3] / "pipeline" / "review"
    assert {p.name for p in (folder / "static").iterdir()} == {"icon.svg", "review.css", "review.js"}
    assert (folder / "templates" / "base.html").is_file()
