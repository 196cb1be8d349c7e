"""newsclean and its peers, each over the pages of `extract_html.py`."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from html_peers import TOOLS
from html_sets import CODECS, Sample

from transforms.config import default_config
from transforms.text.decoding.detect_encoding import detect_encoding
from transforms.text.records import Origin, Page, RawPage, Rejected
from transforms.text.steps import clean_page

CONFIG = default_config()
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass
class Result:
    """What a tool made of a page; `captions` only where it tells them apart."""

    text: str = ""
    title: str = ""
    date: str = ""
    source: str = ""
    people: list[str] = field(default_factory=list)
    captions: tuple[str, ...] = ()
    seconds: float = 0.0
    outcome: str = ""


def newsclean(sample: Sample) -> Result:
    """Run the whole chain over one page."""
    raw = RawPage(Origin("0" * 32, sample.name, 0, url=sample.url), sample.data, html=True)
    start = time.process_time()
    page = clean_page(raw, CONFIG)
    seconds = time.process_time() - start
    if isinstance(page, Rejected):
        return Result(seconds=seconds, outcome=page.code)
    meta = page.meta
    return Result(
        page.text,
        meta.title or "",
        meta.published.astimezone(CHINA).isoformat() if meta.published else "",
        meta.source or "",
        [*meta.authors, *meta.editors],
        meta.captions,
        seconds,
    )


def run_peer(python: str, tool: str, samples: list[Sample]) -> dict[str, Result]:
    """Run a peer over all samples in a process of its own."""
    rows = (
        {"name": s.name, "data": base64.b64encode(s.data).decode(), "encoding": s.encoding}
        for s in samples
    )
    done = subprocess.run(
        [python, str(Path(__file__).with_name("html_peers.py")), tool],
        input="".join(json.dumps(row) + "\n" for row in rows),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"skipped: {tool}: {done.stderr.strip().splitlines()[-1:]}")
    found = {}
    for line in done.stdout.splitlines():
        row = json.loads(line)
        texts = [str(row.get(name) or "") for name in ("text", "title", "date", "author")]
        found[row["name"]] = Result(
            *texts[:3], people=re.split("[,;、 ]", texts[3]), seconds=row["seconds"]
        )
    return found


def speed(samples: list[Sample], python: str | None) -> dict[str, float]:
    """Return pages a second of one process on pages of 25 to 115 KB, best of three runs."""
    middle = [s for s in samples if 25_000 < len(s.data) < 115_000]
    print(
        f"speed: {len(middle)} pages, mean {sum(len(s.data) for s in middle) / len(middle):,.0f} B"
    )
    runs = [sum(newsclean(s).seconds for s in middle) for _ in range(3)]
    rates = {"newsclean, whole chain": len(middle) / min(runs)}
    for tool in TOOLS if python else ():
        found = run_peer(python or "", tool.__name__, middle)
        rates[tool.__name__] = len(middle) / max(1e-9, sum(r.seconds for r in found.values()))
    return rates


def lies(sets: dict[str, list[Sample]]) -> tuple[int, int]:
    """Return (pages decoded right, pages) of those that declare another charset than they have."""
    right = n = 0
    for sample in (s for group in sets.values() for s in group):
        label = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", sample.data[:200_000])
        declared = label[1].decode().lower() if label else sample.encoding
        if CODECS.get(declared, declared) == sample.encoding:
            continue
        raw = RawPage(Origin("0" * 32, sample.name, 0), sample.data, html=True)
        page = detect_encoding(raw, CONFIG.detect_encoding)
        wanted = sample.data.decode(sample.encoding, "replace")
        n += 1
        right += isinstance(page, Page) and page.text.replace("\ufffd", "") == wanted.replace(
            "\ufffd", ""
        )
    return right, n
