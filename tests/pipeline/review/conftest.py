"""What the tests of the review page share: a small published archive, a client that was let in, hostile text."""

from __future__ import annotations

import re
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline.review.app import Review
from pipeline.review.guard import Doorkeeper
from tests.pipeline.conftest import FORM, Place

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette wants another client than the one that is locked
    from starlette.testclient import TestClient

HOSTILE = FORM.replace("河道清淤经费", "<script>alert(1)</script>").replace(
    "清理河道。", "</textarea><img src=x onerror=alert(2)>'\"{{7*7}}"
)
# Words and value disagree by far: an error, which is what the queue shows first.
WRONG = FORM.replace("指标1: 清淤经费\t12万元", "指标1: 清淤经费60万\t12万元").replace(
    "河道清淤经费", "大河清淤经费"
)
PORT = 8321


@dataclass
class Page:
    """A review page in a client: what a browser that brought the token sees."""

    place: Place
    client: Any
    keeper: Doorkeeper
    review: Path
    _forms: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(path, params=query)

    def form(self, project: str) -> str:
        """The address of a project's form."""
        text = self.get("/", state="all", text=project).text
        return f"/form/{re.findall(r'data-href=./form/([0-9a-f]+)', text)[0]}"

    def slot(self, form: str, slot: str) -> str:
        return str(self.client.get(f"{form}/slot/{slot}").text)

    def headers(self, **other: str) -> dict[str, str]:
        csrf = re.search(r'name="csrf" content="([^"]+)"', self.get("/").text)
        assert csrf is not None
        given = {"origin": f"http://127.0.0.1:{PORT}", "x-csrf-token": csrf[1]}
        return given | {k.replace("_", "-"): v for k, v in other.items()}

    def decide(
        self, form: str, *decisions: dict[str, Any], revision: str | None = None, **headers: str
    ) -> Any:
        if revision is None:
            found = re.search(r'data-revision="([^"]*)"', self.client.get(f"{form}/rows").text)
            assert found is not None
            revision = found[1]
        body = {"revision": revision, "decisions": list(decisions)}
        return self.client.post(f"{form}/decide", json=body, headers=self.headers(**headers))


def opened(place: Place, review: Path, who: str = "王芳") -> Page:
    keeper = Doorkeeper(PORT)
    app = Review(place.clean, place.work, review, who).app(keeper)
    page = Page(place, TestClient(app, base_url=f"http://127.0.0.1:{PORT}"), keeper, review)
    assert page.get("/enter", token=keeper.token()).status_code == 200
    return page


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Four forms: one plain, one wrong, one hostile, one PDF; never changed."""
    base = tmp_path_factory.mktemp("review")
    place = Place(base / "raw", base / "clean", base / "work")
    place.write("2024/a.txt")
    place.write("2024/b.txt", WRONG)
    place.write("2024/c.txt", HOSTILE)
    pdf = Path(__file__).parents[2] / "fixtures" / "pdf" / "d02_full_lo.pdf"
    place.write("2023/d.pdf", pdf.read_bytes())
    place.write("2023/broken.pdf", b"%PDF-1.4 nothing")
    place.run()
    return place


@pytest.fixture
def page(published: Place, tmp_path: Path) -> Iterator[Page]:
    """A page over the published archive with a ledger of its own."""
    made = opened(published, tmp_path / "review")
    yield made
    made.client.close()


@pytest.fixture
def own(published: Place, tmp_path: Path) -> Place:
    """A copy of the published archive that a test may run again and change."""
    for name in ("raw", "clean", "work"):
        shutil.copytree(getattr(published, name), tmp_path / name, symlinks=True)
    return Place(tmp_path / "raw", tmp_path / "clean", tmp_path / "work")
