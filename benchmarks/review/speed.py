"""Seconds from key to screen on the server's side: an archive of 10,000 forms, a form of 200 rows.

    python -m benchmarks.review.speed [FOLDER] [--forms 10000]

Makes an archive under FOLDER (kept for the next time), publishes it, asks every route as a browser
would, and prints medians and the worst of the requests beside the peer: reading the same answer
from the Parquet files anew with DuckDB, as a page without an archive in memory would.
"""

from __future__ import annotations

import argparse
import re
import resource
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline import extract
from pipeline.review.app import Review
from pipeline.review.guard import Doorkeeper

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PORT, FORMS_A_FILE, TIMES = 8321, 100, 15
HEAD = """2024年部门项目支出预算绩效目标表

项目名称\t\t{name}\t\t
主管部门\t\t第{n}局\t实施单位\t第{n}局本级
项目属性\t\t延续性项目\t项目期\t2024年
项目资金 (万元)\t年度资金总额:\t{money}\t\t
\t其中:财政拨款\t{money}\t\t
\t其他资金\t\t\t
年度总体目标\t做好第{n}项工作。\t\t\t
绩效指标\t一级指标\t二级指标\t三级指标\t指标值
"""
ROWS = """\t产出指标\t数量指标\t指标1: 清理第{n}段长度\t≥{n}公里
\t\t质量指标\t指标1: 验收合格率\t100%
\t\t成本指标\t指标1: 清淤经费{more}万\t{money}万元
\t效益指标\t社会效益指标\t指标1: 沿岸环境\t明显改善
\t满意度指标\t服务对象满意度指标\t指标1: 群众满意度\t≥90%
"""


def form(n: int) -> str:
    money = 10 + n % 300
    facts = {"n": n % 120, "name": f"第{n}号工程", "money": money, "more": money + (n % 3)}
    return (HEAD + ROWS).format(**facts)


def large(rows: int = 200) -> str:
    lines = [f"\t\t\t指标{k}: 第{k}处设施维护经费{k + 1}万\t{k}万元" for k in range(2, rows + 1)]
    first = "\t产出指标\t数量指标\t指标1: 第1处设施维护\t1处"
    return (
        "\n".join([HEAD.format(n=0, name="二百行的表", money=99), first, *lines]).replace("\n\n\t", "\n\t")
        + "\n"
    )


def archive(folder: Path, forms: int) -> None:
    raw = folder / "raw" / "2024"
    if not (folder / "clean" / "forms").is_dir():
        raw.mkdir(parents=True, exist_ok=True)
        for start in range(0, forms, FORMS_A_FILE):
            text = "\n".join(form(n) for n in range(start, min(forms, start + FORMS_A_FILE)))
            (raw / f"{start:06}.txt").write_text(text, encoding="utf-8")
        (raw / "large.txt").write_text(large(), encoding="utf-8")
        extract(folder / "raw", out=folder / "clean", work=folder / "work")


def timed(ask: Callable[[], Any]) -> tuple[float, float, float]:
    """Median milliseconds of processor and of wall time, and the worst wall time."""
    ask()
    cpu, wall = [], []
    for _ in range(TIMES):
        began, start = time.process_time(), time.perf_counter()
        ask()
        wall.append((time.perf_counter() - start) * 1000)
        cpu.append((time.process_time() - began) * 1000)
    return statistics.median(cpu), statistics.median(wall), max(wall)


def peer(folder: Path) -> Callable[[], Any]:
    import duckdb

    files = {t: f"read_parquet('{folder}/clean/{t}/**/*.parquet')" for t in ("forms", "findings")}
    query = (
        f"select f.form_id, f.project_name, f.funding_total_yuan, count(n.finding_id) from {files['forms']} f "
        f"left join {files['findings']} n on n.form_id = f.form_id and n.severity <> 'info' "
        "group by all order by 4 desc, 3 desc limit 50"
    )
    return lambda: duckdb.sql(query).fetchall()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--forms", type=int, default=10_000)
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp())
    archive(folder, asked.forms)
    keeper = Doorkeeper(PORT)
    start = time.process_time()
    review = Review(folder / "clean", folder / "work", folder / "review", "bench")
    client = TestClient(review.app(keeper), base_url=f"http://127.0.0.1:{PORT}")
    client.get("/enter", params={"token": keeper.token()})
    client.get("/")
    print(
        f"{len(review.work.shelf.archive().forms)} forms; first page after {time.process_time() - start:.1f} s of processor time"
    )
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB resident at most")
    text = client.get("/", params={"text": "二百行的表", "state": "all"}).text
    [big] = set(re.findall(r"/form/[0-9a-f]{16}", text))
    small = re.findall(r"/form/[0-9a-f]{16}", client.get("/").text)[20]
    csrf = re.search(r'name="csrf" content="([^"]+)"', text)
    assert csrf is not None
    headers = {"origin": f"http://127.0.0.1:{PORT}", "x-csrf-token": csrf[1]}
    count = iter(range(10**6))

    def decide(address: str) -> None:
        revision = re.search(r'data-revision="([^"]*)"', client.get(f"{address}/slot/row:0:target").text)
        assert revision is not None
        made = {"slot": "row:0:target", "kind": "value", "set": {"text": f"{next(count)}处"}}
        body = {"revision": revision[1], "decisions": [made]}
        assert client.post(f"{address}/decide", json=body, headers=headers).status_code == 200

    rows: list[tuple[str, Callable[[], Any]]] = [
        ("queue, first page", lambda: client.get("/")),
        ("queue, filtered by text", lambda: client.get("/", params={"text": "第77号"})),
        ("queue, filtered by rule", lambda: client.get("/", params={"rule": "text_vs_target_amount"})),
        ("queue, last page", lambda: client.get("/", params={"page": "999", "state": "all"})),
        ("progress", lambda: client.get("/progress")),
        ("form of 5 rows", lambda: client.get(small)),
        ("form of 200 rows", lambda: client.get(big)),
        ("move to a row of 200", lambda: client.get(f"{big}/slot/row:120:target")),
        ("preview of a value", lambda: client.get(f"{big}/preview?slot=row:120:target&text=100余次")),
        ("decide (and the slot before it)", lambda: decide(big)),
        ("fields of 200 rows after it", lambda: client.get(f"{big}/rows")),
    ]
    print("| key | processor ms | wall ms | worst |\n| --- | ---: | ---: | ---: |")
    for name, ask in rows:
        print("| {} | {:.0f} | {:.0f} | {:.0f} |".format(name, *timed(ask)))
    print(
        "| DuckDB over the files: the first page's rows alone | {:.0f} | {:.0f} | {:.0f} |".format(
            *timed(peer(folder))
        )
    )


if __name__ == "__main__":
    main()
