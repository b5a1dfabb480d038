"""Family files: inheritance, faults in them, and the choice of the best fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from extractors.families import family as module
from extractors.families.family import FamilyFileError, choose_family, family_names, load_family


@pytest.mark.parametrize("name", family_names())
def test_every_family_loads_complete(name: str) -> None:
    family = load_family(name)
    assert family.name == name
    assert family.seen
    assert set(family.default_columns) <= set(family.columns)
    assert set(family.first_fields) <= set(family.fields)
    assert set(family.own_labels) <= set(family.fields)
    assert set(family.repeatable) <= set(family.fields)
    assert all(0 < factor <= 1 for factor in family.trust.values())


def test_a_look_is_not_inherited() -> None:
    assert load_family("yuanzhou").signature != load_family("central_2015").signature
    assert not load_family("generic").signature.labels


def _files(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    base = (module.FOLDER / "base.yaml").read_text(encoding="utf-8")
    _files(tmp_path, base=base)
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    load_family.cache_clear()
    yield tmp_path
    load_family.cache_clear()


def test_a_new_county_is_one_file_of_differences(folder: Path) -> None:
    text = "name: new\nextends: base\nseen: x\nfields:\n  agency: {labels: [承办单位], seen: x}\n"
    _files(folder, new=text)
    family = load_family("new")
    assert family.fields["agency"].labels[:2] == ("承办单位", "实施单位")
    assert family.fields["project_name"].labels[0] == "项目名称"


def test_faults_in_family_files_are_loud(folder: Path) -> None:
    _files(
        folder,
        ring="name: ring\nextends: gnir\nseen: x\n",
        gnir="name: gnir\nextends: ring\nseen: x\n",
        other="name: another\nseen: x\n",
        odd="name: odd\nextends: base\nseen: x\nfeilds: {}\n",
    )
    for name in ("ring", "other", "missing"):
        with pytest.raises(FamilyFileError):
            load_family(name)
    with pytest.raises(ValidationError):
        load_family("odd")


def test_an_unknown_form_is_generic_with_a_lower_score() -> None:
    match = choose_family("某市表", {"项目名称"}, ["name", "target"])
    assert match.family.name == "generic"
    assert match.score < 0.55
