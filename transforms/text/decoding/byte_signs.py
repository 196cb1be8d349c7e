"""What the first bytes of a page, its NULs and its escapes say before any decoding is tried."""

from __future__ import annotations

import re

import numpy as np

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x1f\x8b", "gzip"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"\x89PNG", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"%PDF-", "pdf"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\x00", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf", "7z"),
    (0, b"\xd0\xcf\x11\xe0", "ole-doc"),
    (8, b"WEBP", "webp"),
    (8, b"WAVE", "wav"),
    (8, b"AVI ", "avi"),
    (0, b"\x7fELF", "elf"),
    (0, b"SQLite format 3\x00", "sqlite"),
    (4, b"ftyp", "mp4"),
    (0, b"{\\rtf", "rtf"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (0, b"\x00\x00\x01\x00", "ico"),
    (0, b"ID3", "mp3"),
    (0, b"OggS\x00", "ogg"),
    (0, b"\xca\xfe\xba\xbe", "java-class"),
    (0, b"\xcf\xfa\xed\xfe", "mach-o"),
    (0, b"\x00asm", "wasm"),
    (0, b"wOFF", "woff"),
    (0, b"wOF2", "woff"),
    (0, b"PAR1", "parquet"),
    (0, b"Obj\x01", "avro"),
    (0, b"!<arch>\n", "ar"),
    (257, b"ustar", "tar"),
)
"""(offset, bytes, kind) of the file formats met under a `.txt` name (file(1) magic)."""

_MAY_BE_TEXT = {"bzip2", "mp3", "mp4", "webp", "wav", "avi", "woff", "parquet"}
"""Formats whose mark is plain letters: they also need a NUL or high byte that is not text."""

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_CONTROL_BYTES = bytes({*range(0x20)} - {*b"\t\n\v\f\r\x1b"})
_DECLARED_RE = re.compile(rb"(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([a-z\d_:.\-]{2,40})")
_HZ_RE = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e]){2,}(?:~\}|\r?\n|\Z)")


def binary_kind(data: bytes) -> str:
    """Return the kind of file that `data` begins like, or "" if it may be text."""
    for at, mark, kind in _MAGIC:
        if data.startswith(mark, at) and (kind not in _MAY_BE_TEXT or b"\0" in data[:256]):
            return kind
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return "bmp"
    if data.startswith(b"MZ") and b"\0\0\0" in data[:64]:
        return "exe"
    return ""


def byte_order_mark(data: bytes) -> tuple[str, int]:
    """Return the encoding that a byte order mark names and the mark's length, or ("", 0)."""
    for mark, encoding in _BOMS:
        if data.startswith(mark) and (len(data) > 4 or len(mark) < 4):
            return encoding, len(mark)
    return "", 0


def without_nul_padding(data: bytes) -> bytes:
    """Return `data` without the NULs at its end, in whole groups of four."""
    n_text = len(data.rstrip(b"\0"))
    return data[: -(-n_text // 4) * 4]


def control_share(data: bytes) -> float:
    """Return the share of control bytes that no text has; a single one counts as none."""
    n = len(data) - len(data.translate(None, _CONTROL_BYTES))
    return n / len(data) if n > 1 else 0.0


def utf32_order(data: bytes) -> str:
    """Return `utf-32-le` or `utf-32-be` if four-byte groups are nearly all code points, else ""."""
    head = data[: min(len(data), 4096) & ~3]
    for order, kind in (("le", "<u4"), ("be", ">u4")):
        codes = np.frombuffer(head, kind)
        if codes.size > 1 and (codes < 0x110000).mean() > 0.8 and (codes > 0).mean() > 0.5:
            return f"utf-32-{order}"
    return ""


def may_hold_utf8(data: bytes) -> bool:
    """Tell whether two characters of three bytes each, as UTF-8 has them, stand side by side."""
    values = np.frombuffer(data, np.uint8)
    lead, tail = (values & 0xF0) == 0xE0, (values & 0xC0) == 0x80
    character = lead[:-2] & tail[1:-1] & tail[2:]
    return bool((character[:-3] & character[3:]).any())


def escape_encoding(data: bytes) -> str:
    """Return the seven-bit encoding whose escape sequences ASCII `data` holds, or ""."""
    if b"\x1b$)A" in data or b"\x1b$A" in data:
        return "iso-2022-cn"
    if b"\x1b$)C" in data:
        return "iso2022_kr"
    if b"\x1b$B" in data or b"\x1b$@" in data:
        return "iso2022_jp_2"
    return "hz" if _HZ_RE.search(data) else ""


def declared_charset(data: bytes) -> str:
    """Return the charset that a page names in its first 4,096 bytes, lower case, or ""."""
    head = data[:4096].lower()
    if b"charset" not in head and b"encoding" not in head:
        return ""
    found = _DECLARED_RE.search(head)
    return found[1].decode("ascii") if found else ""
