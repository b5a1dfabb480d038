"""What the documentation site adds to the pages of this folder: the start page, the dictionary, the benchmarks.

They are made from where they live (README, the schema, ``benchmarks/*/README.md``) when the site is built,
so no page of it is written twice.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

from pipeline.exports.dictionary import dictionary

ROOT = Path(__file__).parents[1]
_LINK = re.compile(r"(\]\()(?!https?:|#|mailto:)([^)#\s]+)([^)]*\))")
_STARTS = {"README.md": "index.md", "README.zh-CN.md": "chinese.md", "docs": "start.md"}
_HEADS = {
    "benchmarks": "# Benchmarks\n\nHow fast and how right, beside other tools, and how to repeat it.\n\n",
    "decisions": "# Decisions\n\nWhat was chosen, instead of what, and at what price.\n\n",
}


def on_config(config: Any) -> None:
    """Put every benchmark and every decision into the navigation."""
    measured = [f"benchmarks/{f.parent.name}.md" for f in _benchmarks()]
    decided = [f"decisions/{f.name}" for f in _decisions()]
    config.nav += [{"Measured": ["benchmarks/README.md", *measured]}]
    config.nav += [{"Decisions": ["decisions/README.md", *decided]}]


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made and not written."""
    made = {"index.md": "README.md", "chinese.md": "README.zh-CN.md"}
    made |= {f"benchmarks/{f.parent.name}.md": f"benchmarks/{f.parent.name}/README.md" for f in _benchmarks()}
    for name, source in made.items():
        files.append(File.generated(config, name, content=(ROOT / source).read_text(encoding="utf-8")))
    files.append(File.generated(config, "dictionary.md", content=dictionary()))
    for folder, listed in (("benchmarks", _benchmarks()), ("decisions", _decisions())):
        content = _HEADS[folder] + "".join(f"- [{_title(f)}]({f.relative_to(ROOT)})\n" for f in listed)
        files.append(File.generated(config, f"{folder}/README.md", content=content))
    return files


def _benchmarks() -> list[Path]:
    return sorted((ROOT / "benchmarks").glob("*/README.md"))


def _decisions() -> list[Path]:
    return sorted((ROOT / "docs" / "decisions").glob("0*.md"))


def _title(file: Path) -> str:
    return file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:  # noqa: ARG001 - what is given
    """Turn links that hold in the repository into links that hold on the site."""
    place = page.file.src_uri
    made = re.fullmatch(r"benchmarks/(\w+)\.md", place)
    home = f"benchmarks/{made[1]}" if made else posixpath.dirname(f"docs/{place}")
    if place in {"index.md", "chinese.md", "benchmarks/README.md", "decisions/README.md"}:
        home = ""  # written for the top of the repository

    def there(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(home, found[2]))
        moved = site_path(target)
        if moved is None:
            return found[0]
        return f"{found[1]}{posixpath.relpath(moved, posixpath.dirname(place) or '.')}{found[3]}"

    return _LINK.sub(there, markdown)


def site_path(target: str) -> str | None:
    """Where a file of the repository stands on the site; None for what the site does not hold.

    >>> site_path("docs/start.md"), site_path("benchmarks/pdf/README.md"), site_path("README.md")
    ('start.md', 'benchmarks/pdf.md', 'index.md')
    """
    if target in _STARTS:
        return _STARTS[target]
    if target in {"docs/cookbook", "docs/decisions"}:
        return f"{target.removeprefix('docs/')}/README.md"
    if target == "benchmarks":
        return "benchmarks/README.md"
    if target.startswith("docs/"):
        return target.removeprefix("docs/")
    found = re.fullmatch(r"benchmarks/(\w+)(/README\.md)?", target)
    return f"benchmarks/{found[1]}.md" if found else None
