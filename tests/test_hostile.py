"""Hostile pages go through the whole chain: turned away or cleaned, never a crash."""

import random
from pathlib import Path

import pytest

from transforms.config import default_config
from transforms.text.records import Origin, Page, RawPage, Rejected, apply_edits
from transforms.text.steps import bind_steps, clean_page

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
TRAPS = (
    *(" ", "\n", "\t|\t", "|", "| ", "(", "字(", "強(qiáng)", "強(qiáng", "来源:", "来源:x\n"),
    *("?", "?国", "\ufffd", "&amp;", "&", "%41", "\\u4e2d", "<", "<p>", "あ", "国，", "国产_"),
    *("2024-08-06 ", "2024-08-06\n", "1", "\u00a0", "\u3000", "a\u0300", "\u202e", "锟斤拷"),
    *("烫", "国 ", "(记者 ", "国\n", "一、", "/", "http://a.b/c ", "“", "é", "ÄãºÃ", "鎴戜滑"),
    *(
        "龘靐",
        "𠮷",
        "a\r",
        "图为会场。 张三 摄\n",
        "Copyright © 2020\n",
        "</script>",
        "\x00国",
        "\u2028",
    ),
)


def clean(data):
    return clean_page(RawPage(Origin("0" * 32, "hostile", 0), data), default_config())


@pytest.mark.parametrize("trap", TRAPS, ids=ascii)
def test_a_trap_is_answered(trap):
    """Thousands of copies of one awkward string come out as a page or a reason."""
    for size in (1, 3000):
        assert isinstance(clean((trap * size).encode()), Page | Rejected)


@pytest.mark.parametrize("seed", range(20))
def test_damaged_bytes_are_answered(seed):
    """Seeds with flipped, lost, doubled and foreign bytes come out as a page or a reason."""
    dice = random.Random(seed)
    data = bytearray(
        dice.choice(SEEDS).read_text()[:1500].encode(dice.choice(("gb18030", "utf-8")))
    )
    for _ in range(dice.choice((1, 5, 50))):
        at = dice.randrange(len(data))
        data[at : at + dice.randrange(3)] = dice.randbytes(dice.randrange(4))

    assert isinstance(clean(bytes(data)), Page | Rejected)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_every_step_replays(path):
    """The edits of each step, applied to the text that entered it, give the text that left it."""
    raw = RawPage(Origin("0" * 32, "seed", 0), path.read_bytes())
    page = Page(raw.origin, raw.data.decode())
    for step in bind_steps(default_config()):
        before = page
        page = step.apply(before)
        assert apply_edits(before.text, page.edits[len(before.edits) :]) == page.text
        assert {edit.step for edit in page.edits[len(before.edits) :]} <= {step.name}


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_cleaning_its_own_output_changes_nothing(path):
    """A clean article goes through the chain unchanged."""
    article = clean(path.read_bytes()).text
    again = clean(article.encode())

    assert again.text == article
