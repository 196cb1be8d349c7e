"""Rows that are credits and nothing else, read word by word to their end.

`东河日报记者 周倩 通讯员 李方`, `文/周倩 图/赵峰`, `周倩/台北报导`: roles, names, a medium, a place
and a word for reporting, between marks. A word of any other kind makes the row one of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from transforms.text.metadata.media import is_medium
from transforms.text.metadata.names import HAN, is_name, is_person, is_place, split_place
from transforms.text.metadata.roles import ROLE, ROLE_OF_A_MEDIUM, Person, kind_of_roles

_LONGEST = 60
"""Code points of the longest row of credits that has no labels."""
_STRONG_MARKS = ":|丨│/╱∕"
_MARK_RE = re.compile(rf"[{_STRONG_MARKS} 、,;·.&]*")
_OPENING_RE = re.compile(r"^[ (\[【〔〖<《—*-]*(?P<bullet>[□☉■◎●◇○◆] ?)?")
_CLOSING_RE = re.compile(r"[ )\]】〕〗>》—*-]*(?:\)1[01]\d{5})?$")
"""The ends of a row; Taiwan's Central News Agency writes the day behind its bracket."""
_ROLE_RE = re.compile(rf"{ROLE}(?: ?[/、.·&+] ?{ROLE})*")
_OWNED_RE = re.compile(
    rf"(?P<owner>[\u3400-\u9fffa-z0-9·]{{2,16}}?)[/ ]{{0,3}}(?={ROLE_OF_A_MEDIUM})"
)
"""A medium in front of a role; any word, because what follows must be a name."""
_RUN_RE = re.compile(rf"{HAN} {HAN}(?!{HAN})|{HAN}[\u3400-\u9fff·]*")
_VERB_RE = re.compile(
    r"(?:即时|综合|专题|独家|特别|连线|采访|图文|摄影|文图)?(?:报道|报导)$|(?:采写|撰文|整理)$"
)
_NOTE_RE = re.compile(rf"\({HAN}{{2,4}}\)?")
_PICTURED_RE = re.compile(r"(?:摄|摄影|供图|拍摄|制图|翻拍|(?<!文/)图)$")
"""Who took the picture signs its caption, not the article."""


@dataclass(slots=True)
class Credit:
    """What a row of credits says.

    Attributes:
        people: who is named, with their roles.
        owner: span of the medium that somebody writes for.
        signed: whether nothing says what the people did: `□ 周倩`, `(周倩)`.
    """

    people: list[Person] = field(default_factory=list)
    owner: tuple[int, int] | None = None
    signed: bool = True
    _kind: str = "author"
    _labelled: bool = False

    def take(self, text: str, at: int, stop: int) -> int:
        """Take the word that begins at `at` and return where it ends, 0 if it is none of these."""
        role = _ROLE_RE.match(text, at, stop)
        if role:
            self._kind = kind_of_roles(role.group())
            marked = text[role.end() :].lstrip(" ")[:1] in (*_STRONG_MARKS,)
            self._labelled = marked and len(role.group()) > 1
            self.signed = False
            return role.end()
        note = _NOTE_RE.match(text, at, stop) if self.people else None
        return note.end() if note else self._take_name(text, at, stop) or self._own(text, at, stop)

    def _own(self, text: str, at: int, stop: int) -> int:
        owned = _OWNED_RE.match(text, at, stop)
        if owned and self.owner is None and is_medium(owned["owner"]):
            self.owner = owned.span("owner")
        if owned:
            return owned.end()
        run = _RUN_RE.match(text, at, stop)
        if run and not self.signed and self.owner is None and is_medium(run.group()):
            self.owner = run.span()
            return run.end()
        return 0

    def _take_name(self, text: str, at: int, stop: int) -> int:
        run = _RUN_RE.match(text, at, stop)
        if not run:
            return 0
        word = run.group()
        verb = _VERB_RE.search(word)
        if verb:
            self.signed = False
            word = word[: verb.start()]
            if not word or (self.people and is_place(word)):
                return run.end()
            length = split_place(word)
        elif self._labelled and is_name(word) and len(word) < _LONG_NAME:
            length = len(word)
        else:
            length = len(word) if is_person(word.replace(" ", "")) else None
        if length is None:
            return 0
        self.people.append(Person(self._kind, at, at + length))
        return run.end()


_LONG_NAME = 4
"""Hanzi from which a word behind a mark is no name."""


def read_credit(folded: str) -> Credit | None:
    """Return what a row of credits says, or nothing where a word of it is something else.

    >>> text = "文/周倩 图/赵峰"
    >>> [(text[a:b], kind) for kind, a, b in read_credit(text).people]
    [('周倩', 'author'), ('赵峰', 'other')]
    >>> read_credit("记者手记"), read_credit("记者 周倩在现场"), read_credit("图/赵峰")
    (None, None, None)
    """
    if len(folded) > _LONGEST:
        return None
    opening, closing = _OPENING_RE.match(folded), _CLOSING_RE.search(folded)
    at = opening.end() if opening else 0
    stop = max(at, closing.start() if closing else len(folded))
    set_off = at > 0 and (folded[0] in "(【[" or bool(opening and opening["bullet"]))
    credit = Credit()
    while at < stop:
        marks = _MARK_RE.match(folded, at, stop)
        at = marks.end() if marks else at
        if at < stop:
            end = credit.take(folded, at, stop)
            if not end:
                return None
            at = end
    if not any(person.kind != "other" for person in credit.people):
        return None
    if _PICTURED_RE.search(folded[:stop]) or (credit.signed and not set_off):
        return None
    return credit
