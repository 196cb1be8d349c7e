"""Texts of characters at random, for tests of how alike texts are."""

import random

HANZI = [chr(code) for code in range(0x4E00, 0x5A00)]


def prose(seed, length=400):
    """Return a text, the same for the same seed."""
    return "".join(random.Random(str(seed)).choices(HANZI, k=length))


def changed(text, share, seed=0):
    """Return `text` with a share of its characters replaced."""
    chooser = random.Random(seed)
    letters = list(text)
    for at in chooser.sample(range(len(text)), int(share * len(text))):
        letters[at] = chooser.choice(HANZI)
    return "".join(letters)
