"""How much work one page may cost."""

from __future__ import annotations

BASE_STEPS = 400_000
STEPS_PER_CHARACTER = 3
"""Steps a page may cost, and more for each of its characters. A step is about a microsecond: a page
of 64 KB ends within a second and one of 1 MB within five, whatever it holds."""


class Budget:
    """The steps that the repair of one page may still take.

    Steps are counted and not timed, so that the same page always ends the same. What is left when
    they are used up stays as it is, and the page is flagged.

    Args:
        n_characters: of the page.
    """

    def __init__(self, n_characters: int) -> None:
        self._left = BASE_STEPS + STEPS_PER_CHARACTER * n_characters

    def spend(self, steps: int) -> None:
        """Take `steps` off."""
        self._left -= steps

    @property
    def is_spent(self) -> bool:
        """Whether no more may be tried."""
        return self._left < 0
