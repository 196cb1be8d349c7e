"""Rebuild `transforms/text/tables/signature_v1.py`, the frozen data of the signature `sig_v1`.

    python benchmarks/train_signature.py            # compare with the committed file
    python benchmarks/train_signature.py --write    # write it

The normaliser depends on the Unicode version of the interpreter: Python 3.11 (Unicode 14.0.0).
"""

from __future__ import annotations

import base64
import sys
import textwrap
import unicodedata
import zlib
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parent.parent / "transforms" / "text" / "tables" / "signature_v1.py"
UNICODE = "14.0.0"

MODULE = '''"""Frozen data of the signature `sig_v1`.

Rebuilt by `python benchmarks/train_signature.py --write`.
"""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNICODE_VERSION = "{unicode}"
"""The Unicode version the normaliser was made with."""


def _decode(text: str, dtype: str) -> NDArray[Any]:
    data = zlib.decompress(base64.b85decode("".join(text.split())))
    values: NDArray[Any] = np.frombuffer(data, dtype=dtype)
    return values


def normaliser() -> NDArray[np.uint32]:
    """Return, for every code point, the one it counts as, or 0 where it is dropped (uint32)."""
    lengths, shifts = _decode(_RUNS, "<i4").reshape(2, -1)
    table = np.arange(0x110000, dtype=np.int64) + np.repeat(shifts, lengths)
    table[np.repeat(shifts == _DROPPED, lengths)] = 0
    points: NDArray[np.uint32] = table.astype(np.uint32)
    return points


def coefficients() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the factors and the summands of the 128 min-hash permutations (uint32)."""
    factors, summands = _decode(_COEFFICIENTS, "<u4").reshape(2, 128)
    return factors, summands


_DROPPED = -0x200000

_RUNS = """
{runs}
"""

_COEFFICIENTS = """
{coefficients}
"""
'''

DROPPED = -0x200000
"""Stands for "no character" among the shifts; no shift between two code points is that large."""


def normalised(code: int) -> int:
    """Return what `code` counts as after NFKC and case folding, or 0: no letter or digit."""
    if 0xD800 <= code < 0xE000:
        return 0
    folded = unicodedata.normalize("NFKC", chr(code)).casefold()
    if len(folded) != 1:
        folded = unicodedata.normalize("NFKC", folded)
    kept = folded and unicodedata.category(folded[0])[0] in "LN"
    return ord(folded[0]) if kept else 0


def run_lengths() -> np.ndarray:
    """Return the table as runs of equal shift: row 0 their lengths, row 1 the shifts."""
    table = np.array([normalised(code) for code in range(0x110000)], dtype=np.int64)
    shifts = np.where(table == 0, DROPPED, table - np.arange(len(table)))
    starts = np.flatnonzero(np.diff(shifts, prepend=shifts[0] - 1))
    lengths = np.diff(starts, append=len(shifts))
    return np.stack([lengths, shifts[starts]]).astype("<i4")


def coefficients() -> np.ndarray:
    """Return the 128 factors (odd, so that each map is a permutation) and 128 summands."""
    random = np.random.RandomState(1)
    factors = random.randint(0, 2**32, 4096, dtype=np.uint64).astype("<u4") | np.uint32(1)
    summands = random.randint(0, 2**32, 4096, dtype=np.uint64).astype("<u4")
    return np.stack([factors[:128], summands[:128]])


def literal(values: np.ndarray) -> str:
    """Return an array as wrapped base85 of its zlib'd bytes."""
    return "\n".join(
        textwrap.wrap(base64.b85encode(zlib.compress(values.tobytes(), 9)).decode(), 98)
    )


def module_text() -> str:
    """Return the module of tables."""
    return MODULE.format(
        unicode=UNICODE, runs=literal(run_lengths()), coefficients=literal(coefficients())
    )


def main() -> int:
    """Write the module, or compare it with the committed one. Exit code 1: they differ."""
    if unicodedata.unidata_version != UNICODE:
        print(f"needs Unicode {UNICODE}, this Python has {unicodedata.unidata_version}")
        return 2
    made = module_text()
    if "--write" in sys.argv[1:]:
        TARGET.write_text(made, encoding="utf-8")
    same = TARGET.read_text(encoding="utf-8") == made
    print(f"{TARGET.name}: {'the same' if same else 'differs'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
