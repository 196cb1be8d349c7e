"""How well the article and its metadata are taken from HTML, beside the peers, in one run.

    python benchmarks/quality/extract_html.py [--peers PYTHON] [--peer-pages DIR] [--pages 300]
        [--show 3] [--mutations 20000] [--hostile] [--json]

PYTHON is an interpreter that has the peers (`../shared/peers/README.md` tells how to make it), DIR
what `gen_corpus.py` of that folder wrote. What is not there is skipped, and said.

Sets: `misc`, pages with gold of four projects (half of it is the output of Mozilla's Readability);
`gne`, whose silver is GNE's own output of 2019, so that GNE's score on it says nothing; `peers`,
the generated pages of ../shared/peers; `own`, layouts of `html_pages.py`. Body F1 is over the
longest common subsequence of characters, both sides simplified, in half width, without marks and
spaces. Neutral, on both sides and for every tool: the headline, captions, rows of credits, and rows
of share buttons and rights that gold made by other extractors has kept.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from html_hostile import hostile, mutated
from html_peers import TOOLS
from html_scores import Tally
from html_sets import SHARED, Sample, gne, misc, own, peers
from html_tools import Result, lies, newsclean, run_peer, speed


def compare(sets: dict[str, list[Sample]], python: str | None, show: int) -> dict[str, Any]:
    """Score newsclean and the peers on every set."""
    samples = [sample for group in sets.values() for sample in group]
    ours = {sample.name: newsclean(sample) for sample in samples}
    results = {"newsclean": ours}
    for tool in TOOLS if python else ():
        results[tool.__name__] = run_peer(python or "", tool.__name__, samples)
    report: dict[str, Any] = {}
    for tool_name, found in results.items():
        for set_name, group in sets.items():
            tally, worst = Tally(), []
            for sample in group:
                result = found.get(sample.name, Result())
                score = tally.add(sample, result, ours[sample.name].captions)
                worst.append((score, sample.name, result.outcome))
            report.setdefault(set_name, {})[tool_name] = tally.row()
            if tool_name == "newsclean":
                for score, name, outcome in sorted(worst)[:show]:
                    print(f"  {set_name} {name} {score:.3f} {outcome}")
    return report


def print_report(report: dict[str, Any]) -> None:
    """Print one table for each set."""
    for set_name, tools in report.items():
        columns = list(next(iter(tools.values())))
        print(f"\n{set_name:<14}" + "".join(f"{column:>16}" for column in columns))
        for tool, row in tools.items():
            print(f"{tool:<14}" + "".join(f"{row[column]:>16.3f}" for column in columns))


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", help="interpreter that has the peers")
    parser.add_argument("--peer-pages", type=Path, help="folder that gen_corpus.py wrote")
    parser.add_argument("--pages", type=int, default=300, help="generated pages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="worst pages of each set to name")
    parser.add_argument("--mutations", type=int, default=0, help="mutated pages to survive")
    parser.add_argument("--hostile", action="store_true", help="only hostile pages")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args()
    if args.hostile:
        for name, seconds, peak, outcome in hostile():
            print(f"{name:<26}{seconds:>7.2f} s {peak:>6.0f} MB  {outcome}")
        return
    sets = {}
    if SHARED.is_dir():
        sets = {"misc": list(misc()), "gne": list(gne())}
    else:
        print("skipped: misc, gne: there is no ../shared")
    if args.peer_pages:
        sets["peers"] = list(peers(args.peer_pages))
    else:
        print("skipped: peers: no --peer-pages")
    sets["own"] = list(own(args.pages, args.seed))
    if not args.peers:
        print("skipped: the peers: no --peers")
    if args.mutations:
        outcomes = mutated([s for g in sets.values() for s in g], args.mutations, args.seed)
        print(f"mutated pages: {args.mutations}, no crash, {dict(outcomes)}")
        return
    report = compare(sets, args.peers, args.show)
    real = [s for name in ("misc", "gne") for s in sets.get(name, [])]
    rates = speed(real or sets["own"], args.peers)
    right, n = lies(sets)
    if args.json:
        print(json.dumps({"sets": report, "speed": rates, "lies": [right, n]}))
        return
    print_report(report)
    print("\npages a second: " + ", ".join(f"{name} {rate:.0f}" for name, rate in rates.items()))
    print(f"pages that lie about their charset: {right} of {n} decoded right")


if __name__ == "__main__":
    main()
