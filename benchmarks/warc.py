"""Broken records of WARC files, and the speed and memory of large ones.

    python benchmarks/warc.py              # what broken records cost, here and in warcio
    python benchmarks/warc.py --mb 1000    # a WARC of 1,000 MB, by one and by two workers

The pages are those of `../shared/data/html_misc` and `html_gne`; without these, made-up ones.
warcio writes the records, in every coding that servers use; one in a hundred is then broken.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple

import brotli
import generate
import zstandard
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.config import ReadConfig
from pipeline.inputs import Unit, find_inputs
from pipeline.read import read_unit, scan
from pipeline.runner import descendants
from transforms.text.records import Failed, RawPage

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
BROKEN_EVERY = 100
MOST_MEGABYTES = 1500


def chunked(body: bytes) -> bytes:
    """Return `body` in chunks of 4,000 bytes."""
    parts = [body[at : at + 4000] for at in range(0, len(body), 4000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


CODINGS: tuple[tuple[list[tuple[str, str]], Callable[[bytes], bytes]], ...] = (
    ([], lambda body: body),
    ([("Content-Encoding", "gzip")], gzip.compress),
    ([("Content-Encoding", "deflate")], zlib.compress),
    ([("Content-Encoding", "br")], lambda body: brotli.compress(body, quality=4)),
    ([("Content-Encoding", "zstd")], zstandard.ZstdCompressor().compress),
    ([("Transfer-Encoding", "chunked")], chunked),
    (
        [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")],
        lambda body: chunked(gzip.compress(body)),
    ),
)
"""HTTP headers, and what they say was done with the body."""


def html_pages() -> list[bytes]:
    """Return the HTML pages that the records are made of."""
    real = [p for name in ("html_misc", "html_gne") for p in (SHARED / name).rglob("*.html")]
    made_up = [f"<html><body><p>{text}</p></body></html>" for text in generate.pages(100, 1500)]
    return [path.read_bytes() for path in sorted(real)] or [html.encode() for html in made_up]


def record(number: int, body: bytes) -> bytes:
    """Return a response record with `body` in one of the codings."""
    headers, encode = CODINGS[number % len(CODINGS)]
    http = StatusAndHeaders(
        "200 OK", [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1"
    )
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    payload = io.BytesIO(encode(body))
    url = f"http://site{number % 50}.example/{number}.html"
    writer.write_record(writer.create_warc_record(url, "response", payload, http_headers=http))
    return out.getvalue()


def with_length(raw: bytes, length: int) -> bytes:
    """Return a record that lies about its length."""
    return re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % length, raw, count=1)


def wrong_chunk(raw: bytes) -> bytes:
    """Return a record, whole in itself, of a response whose second chunk has no size."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    block = head + b"5\r\n<html\r\nxyz\r\nno chunk\r\n0\r\n\r\n"
    first, _, _ = raw.partition(b"\r\n\r\n")
    return with_length(first, len(block)) + b"\r\n\r\n" + block + b"\r\n\r\n"


def changed(data: bytes, at: int) -> bytes:
    """Return `data` with all bits of one byte turned."""
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at:][1:]


RECORD_DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "Content-Length too long": lambda raw: with_length(raw, 4 * len(raw)),
    "Content-Length too short": lambda raw: with_length(raw, 300),
    "Content-Length of 2 GB": lambda raw: with_length(raw, 1 << 31),
    "Content-Length negative": lambda raw: with_length(raw, -5),
    "no Content-Length": lambda raw: raw.replace(b"Content-Length", b"X-Length", 1),
    "no blank line": lambda raw: raw.replace(b"\r\n\r\n", b"\r\n", 1),
    "payload cut": lambda raw: raw[: len(raw) // 2],
    "chunk without size": wrong_chunk,
    "header of 300 KB": lambda raw: raw.replace(
        b"\r\n\r\n", b"\r\nX: " + b"a" * 300_000 + b"\r\n\r\n", 1
    ),
    "no first line": lambda raw: b"XARC" + raw[4:],
    "garbage in front": lambda raw: b"\0garbage\xff\n" * 50 + raw,
}
"""What is done to a record before it is compressed."""

MEMBER_DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "byte turned": lambda member: changed(member, len(member) // 2),
    "checksum wrong": lambda member: changed(member, len(member) - 5),
    "member cut": lambda member: member[:-30],
    "garbage between members": lambda member: b"junk" * 100 + member,
}
"""What is done to a compressed record."""

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda raw: raw,
    "gz": lambda raw: gzip.compress(raw, 6),
    "zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}


class Outcome(NamedTuple):
    """What was read of a file: pages, failures, and pieces the file was cut into."""

    pages: int
    failed: int
    units: int


def read_file(path: Path) -> Outcome:
    """Read a file piece by piece, as the workers of a run do.

    Raises:
        AssertionError: the pieces hold other pages than the scan has counted.
    """
    config = ReadConfig(split_bytes=1 << 20)
    (file,) = find_inputs([str(path)]).files
    found = scan(file, config)
    outcomes = [type(o) for unit in found.units for o in read_unit(unit, config)]
    assert len(outcomes) == found.records, (len(outcomes), found.records)
    return Outcome(outcomes.count(RawPage), outcomes.count(Failed), len(found.units))


def read_with_warcio(path: Path) -> int:
    """Return how many records warcio finds before it gives up, the broken ones with them."""
    count = 0
    try:
        with path.open("rb") as stream, contextlib.redirect_stderr(io.StringIO()):
            for found in ArchiveIterator(stream):
                found.raw_stream.read()
                count += 1
    except (ArchiveLoadFailed, OSError, ValueError, EOFError, zlib.error):
        pass
    return count


class Member(NamedTuple):
    """A record as it stands in the file.

    Attributes:
        raw_bytes: its size before compression and damage.
        rows: what is to be accounted for: 1, and garbage beside it.
    """

    data: bytes
    raw_bytes: int
    rows: int = 1


def damage(records: list[bytes], compression: str, kinds: list[str]) -> list[Member]:
    """Return the compressed records, one in `BROKEN_EVERY` broken, in these ways by turns."""
    turns = itertools.cycle(kinds)
    members = []
    for number, raw in enumerate(records):
        kind = next(turns) if number % BROKEN_EVERY == BROKEN_EVERY // 2 else ""
        before = RECORD_DAMAGE.get(kind, lambda raw: raw)
        behind = MEMBER_DAMAGE.get(kind, lambda member: member)
        data = behind(COMPRESS[compression](before(raw)))
        members.append(Member(data, len(raw), 1 + ("garbage" in kind)))
    return members


def kinds_for(compression: str) -> list[str]:
    """Return the ways in which the records of a file can be broken."""
    return [*RECORD_DAMAGE, *(MEMBER_DAMAGE if compression else ())]


def name_for(stem: str, compression: str) -> str:
    """Return the name of a WARC file."""
    return f"{stem}.warc.{compression}".rstrip(".")


def measure_broken(scratch: Path, records: list[bytes]) -> bool:
    """Print what each kind of damage costs; return whether none costs more than its record."""
    count = len(records)
    print(f"{count:,} responses, one in {BROKEN_EVERY} broken; read whole / failed, in pieces")
    good = True
    for compression in COMPRESS:
        for kind in kinds_for(compression):
            path = scratch / name_for("broken", compression)
            members = damage(records, compression, [kind])
            path.write_bytes(b"".join(member.data for member in members))
            ours = read_file(path)
            lost = (count - ours.pages) / (count // BROKEN_EVERY)
            good &= lost <= 1 and ours.failed > 0
            warcio = "-" if compression == "zst" else f"{read_with_warcio(path):,}"
            print(
                f"{path.name[7:]:9} {kind:26} {ours.pages:,} / {ours.failed} in {ours.units}; "
                f"lost per broken record {lost:.2f}; warcio {warcio}"
            )
    return good


def write_file(path: Path, members: list[Member], megabytes: int) -> int:
    """Write the members, again and again up to a size before compression; return the rows due."""
    size = rows = 0
    with path.open("wb") as stream:
        while size == 0 or size < megabytes * 1e6:
            for member in members:
                stream.write(member.data)
                size += member.raw_bytes
                rows += member.rows
    return rows


def memory_of(processes: list[int]) -> float:
    """Return the megabytes that processes hold, what they share divided among its users."""
    total = 0
    for process in processes:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1e3


def watched(command: list[str]) -> Iterator[float]:
    """Run a command and yield the memory of its processes five times a second."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        yield memory_of([process.pid, *descendants(process.pid)])
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")


def measure_run(path: Path, output: Path, workers: int, count: int) -> bool:
    """Clean a file with so many workers; return whether no page and no memory was lost."""
    flags = ["--", f"--direct_num_workers={workers}", "--direct_running_mode=multi_processing"]
    command = [sys.executable, "-m", "pipeline", "run", str(path), "-o", str(output)]
    begun = time.monotonic()
    peak = max(watched(command + (flags if workers > 1 else [])))
    seconds = time.monotonic() - begun
    (ledger,) = output.glob("_runs/*/ledger.json")
    doors = json.loads(ledger.read_text())
    left = sum(doors[door] for door in ("articles", "duplicates", "rejected", "failed"))
    print(
        f"{path.name} {path.stat().st_size / 1e6:,.0f} MB, {workers} workers: {count:,} records, "
        f"read {doors['read']:,}, by all doors {left:,}, failed {doors['failed']:,}; "
        f"{seconds:.0f} s, {count / seconds:,.0f} pages/s; peak {peak:.0f} MB"
    )
    return left == doors["read"] == count and peak < MOST_MEGABYTES * workers


def count_pages(unit: Unit) -> int:
    """Read a piece; return how many records it holds, pages or not."""
    return sum(1 for _ in read_unit(unit, ReadConfig()))


def measure_reading(path: Path, workers: int, count: int) -> bool:
    """Read a file piece by piece, and clean nothing; return whether no page was lost."""
    (file,) = find_inputs([str(path)]).files
    begun = time.monotonic()
    units = scan(file, ReadConfig()).units
    scanned = time.monotonic()
    peaks = [0.0]
    with ProcessPoolExecutor(workers) as pool:
        found = [pool.submit(count_pages, unit) for unit in units]
        while wait(found, timeout=0.2).not_done:
            peaks.append(memory_of(descendants(os.getpid())))
        read = sum(future.result() for future in found)
    seconds = time.monotonic() - scanned
    print(
        f"{path.name} reading alone, {workers} workers: {len(units)} pieces, lost {count - read}; "
        f"cut in {scanned - begun:.1f} s, then {read / seconds:,.0f} pages/s; "
        f"peak {max(peaks):.0f} MB"
    )
    return read == count


def measure_files(scratch: Path, records: list[bytes], megabytes: int, read_only: bool) -> bool:
    """Clean files that are broken in every way; return whether every record is accounted for."""
    good = True
    for compression in ("", "gz") if megabytes else COMPRESS:
        path = scratch / name_for("mixed", compression)
        rows = write_file(path, damage(records, compression, kinds_for(compression)), megabytes)
        for workers in (1, 2) if megabytes else (1,):
            good &= measure_reading(path, workers, rows)
            output = scratch / f"out-{compression}-{workers}"
            good &= read_only or measure_run(path, output, workers, rows)
    return good


def main() -> int:
    """Run the benchmark; the exit code is 1 when a page was lost that was not broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1500, help="different responses in a file")
    parser.add_argument("--mb", type=int, default=0, help="repeat them up to this size, two ways")
    parser.add_argument("--read-only", action="store_true", help="do not clean, only read")
    given = parser.parse_args()
    bodies = html_pages()
    records = [record(at, bodies[at % len(bodies)]) for at in range(given.records)]
    with tempfile.TemporaryDirectory() as scratch:
        good = given.mb > 0 or measure_broken(Path(scratch), records[: given.records // 3])
        good &= measure_files(Path(scratch), records, given.mb, given.read_only)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
