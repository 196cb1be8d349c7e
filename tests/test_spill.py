"""`Spill`: blocks come back as they were put, whoever put them."""

import multiprocessing

from pipeline.spill import Spill


def test_blocks_come_back(tmp_path):
    spill = Spill(str(tmp_path / "spill"))
    blocks = [b"", b"one", bytes(range(256)) * 300]
    kept = [spill.put(block) for block in blocks]
    assert max(map(len, kept)) < 100
    assert [spill.get(one) for one in reversed(kept)] == blocks[::-1]


def test_processes_do_not_write_over_each_other(tmp_path):
    spill = Spill(str(tmp_path))
    spill.put(b"first")
    blocks = [bytes([n]) * 9 for n in range(20)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        kept = pool.map(spill.put, blocks)
    assert [spill.get(one) for one in kept] == blocks
