"""What counting rows per site finds, on generated sites whose frames no rule has words for.

    python benchmarks/quality/site_lines.py [--sites 44] [--seed 1] [--show 5]
    python benchmarks/quality/site_lines.py --cost 5000

Each site has 30 to 200 pages: clean articles (written for the project, and drawn from
`../shared/data` where it is present) in a frame of its own, in words and separators that stand in
no rule file, with names, dates and numbers that change from page to page. Half of the sites have
habits that look like a frame and are none: standing sentences, subheads, bulletins, refrains,
signatures, tables. Every page goes through `extract_metadata`, `strip_boilerplate` and
`rejoin_lines` twice, without and with the rows learned from all pages of its site.
`--cost` runs the whole pipeline over so many pages instead, with and without counting, each in a
process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from intervals import Estimate, estimate
from structure_pages import Article, load_articles

from transforms.config import default_config
from transforms.text.boilerplate.line_rules import RuleSet
from transforms.text.boilerplate.sightings import COUNT, count, learn, pack, sight, total
from transforms.text.boilerplate.site_rules import SiteLines
from transforms.text.boilerplate.strip_boilerplate import strip_boilerplate
from transforms.text.lines.rejoin_lines import rejoin_lines
from transforms.text.metadata.extract_metadata import extract_metadata
from transforms.text.records import Origin, Page, Rejected

FORMS = json.loads(Path(__file__).with_name("site_lines_forms.json").read_text(encoding="utf-8"))
CONFIG = default_config()
HEADLINES = 4
OWN = ("content", "title")
COST_PAGES_PER_SITE = 100
ROOT = Path(__file__).parents[2]


@dataclass
class Built:
    """A generated page: rows as (text, label); labels are content, title, or a kind of frame.

    Attributes:
        hard: whether it has rows of its own that look like a frame.
    """

    url: str
    hard: bool = False
    rows: list[tuple[str, str]] = field(default_factory=list)


class Site:
    """A site: its name, the forms of its frame, how often it shows each, and its habit."""

    def __init__(self, number: int, rng: random.Random, articles: Sequence[Article]) -> None:
        self.rng, self.articles = rng, articles
        self.place = rng.choice(FORMS["places"])
        self.name = self.place + rng.choice(FORMS["houses"])
        self.host = f"site{number}.example"
        self.staff = [self.person() for _ in range(rng.randint(3, 12))]
        self.menu = self._menu()
        self.words = rng.sample(FORMS["words"], 6)
        self.frame = {
            zone: {
                kind: (self.settle(rng.choice(forms)), rng.uniform(0.4, 1.0))
                for kind, forms in FORMS[zone].items()
                if rng.random() < 0.6
            }
            for zone in ("head", "inside", "tail")
        }
        habits = list(FORMS["habits"])
        self.habit_name = habits[number // 2 % len(habits)] if number % 2 else "none"
        self.habit = FORMS["habits"].get(self.habit_name, {})
        self.habit_share = rng.uniform(0.4, 1.0)

    def _menu(self) -> str:
        words = self.rng.sample(FORMS["words"], self.rng.randint(5, 9))
        return self.rng.choice(FORMS["separators"]).join(words)

    def person(self) -> str:
        """Return the name of a person."""
        return self.rng.choice(FORMS["surnames"]) + "".join(
            self.rng.sample(FORMS["given"], self.rng.choice((1, 2)))
        )

    def settle(self, form: str) -> str:
        """Fill the blanks of a form that are the same on all pages."""
        code = str(self.rng.randint(10**7, 10**8))
        for blank, value in {
            "{site}": self.name, "{place}": self.place, "{domain}": self.host,
            "{menu}": self.menu, "{code}": code, "{phone}": f"0512-{code}",
        }.items():  # fmt: skip
            form = form.replace(blank, value)
        return form

    def fill(self, form: str, person: str = "") -> str:
        """Fill the blanks that change from page to page."""
        rng = self.rng
        for blank, value in {
            "{column}": rng.choice(FORMS["columns"]), "{n}": str(rng.randint(1, 99_999)),
            "{date}": f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
            "{time}": f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}",
            "{degree}": str(rng.randint(1, 39)), "{month}": str(rng.randint(1, 12)),
            "{day}": str(rng.randint(1, 28)), "{place}": self.place,
        }.items():  # fmt: skip
            form = form.replace(blank, value)
        while "{name}" in form:
            form = form.replace("{name}", person or rng.choice(self.staff), 1)
        return form

    def pages(self, number: int) -> Iterator[Built]:
        """Yield pages of the site."""
        for at, article in enumerate(self.rng.sample(self.articles, number)):
            built = Built(f"https://{self.host}/{at}.html", bool(self.habit))
            self._head(built, article)
            self._body(built, article)
            self._tail(built)
            yield built

    def _shown(self, zone: str) -> Iterator[tuple[str, str]]:
        for kind, (form, share) in self.frame[zone].items():
            if self.rng.random() < share:
                if form == "{words}":
                    yield from ((word, kind) for word in self.words)
                else:
                    yield self.fill(form), kind

    def _own(self, place: str) -> list[tuple[str, str]]:
        if self.rng.random() > self.habit_share:
            return []
        forms = self.habit.get(place, [])
        return [(self.fill(form, self.person()), "content") for form in forms]

    def _head(self, built: Built, article: Article) -> None:
        shown = list(self._shown("head"))
        cut = next((at for at, (_, kind) in enumerate(shown) if kind in ("tools", "counter")), None)
        above = shown if cut is None else shown[:cut]
        built.rows += above
        if self.rng.random() < 0.85:
            built.rows.append((article.title, "title"))
        built.rows += shown[len(above) :]
        built.rows += self._own("head")

    def _body(self, built: Built, article: Article) -> None:
        built.rows += self._own("first")
        between, prompts = self._own("between"), list(self._shown("inside"))
        last = len(article.paragraphs) - 1
        for at, paragraph in enumerate(article.paragraphs):
            built.rows.append((paragraph, "content"))
            if at < last and between:
                built.rows.append(between.pop(0))
            if at < last and prompts and self.rng.random() < 0.5:
                built.rows.append(prompts.pop())
        built.rows += self._own("last")

    def _tail(self, built: Built) -> None:
        built.rows += self._own("tail")
        for row, kind in self._shown("tail"):
            built.rows.append((row, kind))
            if kind == "heading":
                others = self.rng.sample(self.articles, self.rng.randint(2, HEADLINES))
                built.rows += [(other.title, "headline") for other in others]


def many_articles(rng: random.Random) -> list[Article]:
    """Return enough articles for a site: in a lone clone, sentences of our own put together."""
    articles = load_articles()
    if len(articles) > 300:
        return articles
    told = "".join(text for article in articles for text in article.paragraphs)
    sentences = [f"{part}。" for part in told.split("。") if len(part) > 10]
    return [
        Article(
            f"{rng.choice(articles).title}之{at}",
            ["".join(rng.sample(sentences, 4)) for _ in range(rng.randint(3, 6))],
        )
        for at in range(400)
    ]


def as_page(built: Built) -> Page:
    """Return a page before `strip_boilerplate`."""
    page = Page(Origin("0" * 32, "bench", 0, url=built.url), "\n".join(t for t, _ in built.rows))
    read = extract_metadata(page, CONFIG.extract_metadata)
    assert not isinstance(read, Rejected)
    return read


def learn_from(pages: Sequence[Page]) -> dict[str, SiteLines]:
    """Return the frequent rows of all sites of the pages."""
    config = CONFIG.strip_boilerplate
    terms = RuleSet(tuple(rule for rule in config.rules if rule.effect == "term"))
    sighted = [seen for page in pages if (seen := sight(page, terms))]
    totals = total(count(pack(sighted)), np.zeros(0, dtype=COUNT))
    lines: dict[str, set[str]] = defaultdict(set)
    for seen in sighted:
        lines[seen.site].update(seen.lines)
    return {known.id: known for known in learn(lines, totals, config.site_lines)}


@dataclass
class Score:
    """What became of a page: rows by label that stayed and went, and characters of its own lost."""

    left: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)


def score(built: Built, page: Page, learned: dict[str, SiteLines]) -> Score:
    """Clean a page and compare it with its labels."""
    page = strip_boilerplate(page, CONFIG.strip_boilerplate, learned)
    page = rejoin_lines(page, CONFIG.rejoin_lines)
    moved = {*page.meta.editors, *page.meta.authors, page.meta.title}
    rows = Counter(page.text.split("\n"))
    found = Score()
    for row, label in ((row.strip(), label) for row, label in built.rows):
        own = label in OWN
        stays = row in page.text or row in moved if own else rows[row] > 0
        rows[row] -= 1
        (found.left if stays else found.gone)[label] += 1
        found.lost += len(row) * (own and not stays)
        if stays != own:
            found.wrong.append((label, row))
    return found


def main() -> int:
    """Run the benchmark and print its tables; the exit code is 1 when a limit is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sites", type=int, default=44)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="rows left and lost: so many of each")
    parser.add_argument("--cost", type=int, default=0, help="pages of whole runs to be timed")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    articles = many_articles(rng)
    if given.cost:
        measure_cost(given.cost, rng, articles)
        return 0
    sites = [Site(number, rng, articles) for number in range(given.sites)]
    built = [page for site in sites for page in site.pages(rng.randint(30, 200))]
    pages = [as_page(page) for page in built]
    learned = learn_from(pages)
    rows = sum(len(known.lines) for known in learned.values())
    print(f"{len(sites)} sites, {len(built)} pages; {rows} rows learned of {len(learned)} sites")
    without, counted = (
        [score(one, page, known) for one, page in zip(built, pages, strict=True)]
        for known in ({}, learned)
    )
    left = report(without, counted, built)
    harmed = report_losses(without, counted, built)
    show(counted, given.show)
    return int(left > MOST_LEFT or harmed > MOST_CHANGED)


def report(without: Sequence[Score], counted: Sequence[Score], built: Sequence[Built]) -> float:
    """Print how many rows of the frames are left, by kind; return the share with counting."""
    print(f"frame rows left{'without':>17}{'with':>9}{'rows':>9}")
    kinds = {label for page in built for _, label in page.rows} - set(OWN)
    shares = []
    for scores in (without, counted):
        left, gone = (sum((getattr(s, side) for s in scores), Counter()) for side in SIDES)
        shares.append({kind: left[kind] / (left[kind] + gone[kind]) for kind in kinds})
        shares[-1]["all"] = sum(left[k] for k in kinds) / sum(left[k] + gone[k] for k in kinds)
        shares[-1]["mean of kinds"] = float(np.mean([shares[-1][kind] for kind in kinds]))
    numbers = Counter(label for page in built for _, label in page.rows)
    numbers["all"] = sum(numbers[kind] for kind in kinds)
    for kind in [*sorted(kinds), "mean of kinds", "all"]:
        rows = numbers[kind] or ""
        print(f"  {kind:<20}{shares[0][kind]:>10.1%}{shares[1][kind]:>9.1%}{rows:>9}")
    print(f"  with, interval over sites: {left_by_site(counted, built)}")
    return shares[1]["all"]


SIDES = ("left", "gone")
MOST_LEFT = 0.08
"""Share of the rows of unseen frames that may be left (issue: boilerplate, unseen)."""
MOST_CHANGED = 0.01
"""Share of the pages with habits of their own that counting may change (hard negatives)."""


def left_by_site(counted: Sequence[Score], built: Sequence[Built]) -> Estimate:
    """Return the share of rows left with its interval over sites."""
    sites: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for page, found in zip(built, counted, strict=True):
        labels = [label for _, label in page.rows if label not in OWN]
        site = sites[page.url.split("/")[2]]
        site[0] += sum(found.left[label] for label in set(labels))
        site[1] += len(labels)
    return estimate([left for left, _ in sites.values()], [rows for _, rows in sites.values()])


def report_losses(
    without: Sequence[Score], counted: Sequence[Score], built: Sequence[Built]
) -> float:
    """Print what is lost of the articles; return the share of pages with habits that it costs."""
    whole = sum(len(row) for page in built for row, label in page.rows if label in OWN)
    for name, scores in (("without", without), ("with", counted)):
        print(f"own code points lost {name} counting: {sum(s.lost for s in scores)} of {whole}")
    changed = [b.lost > a.lost for a, b in zip(without, counted, strict=True)]
    hard = [page.hard for page in built]
    harmed = float(np.mean([c for c, h in zip(changed, hard, strict=True) if h]))
    print(f"pages that counting harms: {sum(changed)} of {len(built)}")
    print(f"of the {sum(hard)} pages with habits that look like a frame: {harmed:.2%}")
    return harmed


def show(scores: Sequence[Score], number: int) -> None:
    """Print the rows that most often stay or go wrongly, by kind."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for label, row in (found for page in scores for found in page.wrong):
        rows[label][row] += 1
    for label, counted in sorted(rows.items()):
        for row, pages in counted.most_common(number):
            print(f"  {label}, {pages} pages: {row[:70]}")


def measure_cost(pages: int, rng: random.Random, articles: Sequence[Article]) -> None:
    """Print time of the processor, pages a second and peak memory of whole runs."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch, "pages.jsonl")
        with source.open("w", encoding="utf-8") as stream:
            for number in range(pages // COST_PAGES_PER_SITE):
                for built in Site(number, rng, articles).pages(COST_PAGES_PER_SITE):
                    row = {"text": "\n".join(text for text, _ in built.rows), "url": built.url}
                    stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        for enabled in ("false", "true"):
            output = Path(scratch, enabled)
            command = [sys.executable, "-m", "pipeline", "run", str(source), "-o", str(output)]
            command += ["--set", f"strip_boilerplate.site_lines.enabled={enabled}"]
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
            _, status, used = os.wait4(process.pid, 0)
            assert status == 0
            seconds = used.ru_utime + used.ru_stime
            held = sum(path.stat().st_size for path in output.glob("index/*/site_*"))
            print(
                f"site_lines.enabled={enabled}: {seconds:.1f} s of the processor, "
                f"{pages / seconds:.0f} pages/s, peak {used.ru_maxrss / 1024:.0f} MB, "
                f"{held / 1024:.0f} KB of counts"
            )


if __name__ == "__main__":
    sys.exit(main())
