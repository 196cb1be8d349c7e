"""Rebuild `transforms/text/tables/readings.py`, byte for byte.

    pip install pypinyin==0.55.0 opencc-python-reimplemented==0.1.7
    python benchmarks/train_readings.py

Source: the single-character table of pypinyin 0.55.0 (MIT), every reading of a character, the
usual one first. Kept are the characters a GBK page can hold that are in GB2312 or that only one
script uses: what a mirror annotates, and what its annotations could be mistaken for.
"""

from __future__ import annotations

import base64
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path

from pypinyin.pinyin_dict import pinyin_dict

from transforms.text.script.to_simplified import simplified_only, traditional_only

ROOT = Path(__file__).parent.parent

HEAD = '''"""Readings of characters in pinyin, the usual one first: one line a character, `業yè,yà`.

Written by `benchmarks/train_readings.py`; source and licence there.
"""

import base64
import zlib

READINGS = zlib.decompress(base64.b85decode(
'''


def encodable(char: str, codec: str) -> bool:
    """Tell whether `codec` has a code for `char`."""
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def lines() -> Iterator[str]:
    """Yield one line per character, by code point."""
    one_script = traditional_only() | simplified_only()
    for code in range(0x4E00, 0xA000):
        char = chr(code)
        if code in pinyin_dict and (
            encodable(char, "gb2312") or (char in one_script and encodable(char, "gbk"))
        ):
            yield char + unicodedata.normalize("NFC", pinyin_dict[code])


def literal(data: bytes) -> str:
    """Return `data`, packed, as the lines of a Python string literal."""
    packed = base64.b85encode(zlib.compress(data, 9)).decode()
    rows = (packed[at : at + 95] for at in range(0, len(packed), 95))
    return "".join(f'    "{row}"\n' for row in rows)


if __name__ == "__main__":
    table = literal("\n".join(lines()).encode())
    target = ROOT / "transforms" / "text" / "tables" / "readings.py"
    target.write_text(f"{HEAD}{table})).decode()\n", encoding="utf-8")
