"""What of a citizen's words is shown: no numbers that name a person, no insults, and nothing that an office has hidden.

Source: UU 27/2022 (personal data) and reference §1a (proposal). The words are kept as they came, and so is the rating:
masking happens wherever they are shown, hiding is a decision that is recorded with who and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeVar

from kinara.contracts import Province

from feedback.domain.commitment import Commitment
from feedback.domain.complaint import Answer, Complaint
from feedback.domain.feedback import Feedback
from feedback.domain.forum import Forum, Proposal
from feedback.domain.refusals import AlreadyModerated, ReasonMissing

Action = Literal["hide", "show"]
Kind = Literal["feedback", "complaint", "proposal"]
Said = TypeVar("Said", Feedback, Complaint, Proposal)
"""What citizens say, and an office may hide."""
Shown = TypeVar("Shown", Feedback, Complaint, Proposal, Forum, Commitment)

INSULT = "***"
NAME = "[nama disembunyikan]"
_SHORTEST_NAME = 3
"""Letters: what is shorter is an initial."""

_HIDDEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}"), "[surel disembunyikan]"),
    (re.compile(r"(?<!\d)(?:\d[ .\-]?){17}\d(?!\d)"), "[NIP disembunyikan]"),
    (re.compile(r"(?<!\d)(?:\d[ .\-]?){15}\d(?!\d)"), "[NIK disembunyikan]"),
    (re.compile(r"(?<!\d)(?:(?:\+|00)?62[ .\-]?|0)8(?:[ .\-]?\d){7,11}(?!\d)"), "[telepon disembunyikan]"),
    (re.compile(r"(?<!\d)\(?0[2-9]\d{1,2}\)?[ \-]\d{5,8}(?!\d)"), "[telepon disembunyikan]"),
)
"""Of 18 digits a NIP, of 16 a NIK, and telephones, with the blanks, dots and hyphens that people put in."""

_LOOKALIKES = {"a": "a4@", "e": "e3", "g": "g9", "i": "i1!", "o": "o0", "s": "s5$", "t": "t7"}
_WORD = re.compile(r"[^\W\d_]+")
_NAMES = re.compile(rf"{re.escape(NAME)}(?:[\s,.]*{re.escape(NAME)})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderation:
    """One decision about somebody's words."""

    id: str
    about: Kind
    about_id: str
    province: Province
    unit_path: str
    action: Action
    reason: str
    by: str
    at: datetime


class Mask:
    """Makes words fit to be shown."""

    def __init__(self, insults: Iterable[str]) -> None:
        found = sorted(insults, key=len, reverse=True)
        self._insults = re.compile(rf"(?<!\w)(?:{'|'.join(_spelt(one) for one in found)})(?!\w)", re.IGNORECASE)

    def shown(self, text: str, names: frozenset[str] = frozenset()) -> str:
        """The words without numbers of persons, addresses and insults; for the public also without these names."""
        for pattern, instead in _HIDDEN:
            text = pattern.sub(instead, text)
        text = self._insults.sub(INSULT, text)
        if not names:
            return text
        return _NAMES.sub(NAME, _WORD.sub(lambda word: NAME if word[0].casefold() in names else word[0], text))

    def seen(self, said: Shown, names: frozenset[str] = frozenset()) -> Shown:
        """Something that was said, as it is shown; of hidden words nothing is. What an office wrote is not hidden."""
        if isinstance(said, Forum):
            return replace(said, minutes=self.shown(said.minutes, names))
        if isinstance(said, Commitment):
            notes = tuple(replace(note, words=self.shown(note.words, names)) for note in said.notes)
            return replace(said, notes=notes, reason=self.shown(said.reason, names))
        if isinstance(said, Proposal):
            words = "" if said.hidden else self.shown(said.words, names)
            return replace(said, words=words, answer=self.shown(said.answer, names))
        text = "" if said.hidden else self.shown(said.text, names)
        if isinstance(said, Feedback):
            return replace(said, text=text)
        return replace(said, text=text, answers=self._answers(said, names))

    def _answers(self, said: Complaint, names: frozenset[str]) -> tuple[Answer, ...]:
        return tuple(
            replace(
                answer,
                words=self.shown(answer.words, names),
                passed_to=self.shown(answer.passed_to, names),
                contest="" if said.hidden else self.shown(answer.contest, names),
            )
            for answer in said.answers
        )


def parse_insults(data: Mapping[str, Any]) -> Mask:
    """The mask of a file as it was read."""
    insults = data["insults"]
    if not insults or not all(isinstance(one, str) and one.strip() for one in insults):
        raise ValueError("insults: expected a list of words")
    return Mask(insults)


def parts_of(names: Iterable[str]) -> frozenset[str]:
    """By which words people may be called: every part of their names, initials aside."""
    parts = (part.casefold() for name in names for part in _WORD.findall(name))
    return frozenset(part for part in parts if len(part) >= _SHORTEST_NAME)


def moderate(
    moderation_id: str, said: Said, action: Action, *, reason: str, by: str, at: datetime
) -> tuple[Said, Moderation]:
    """Hide a citizen's words from everybody, or show them again; what they have said in numbers stays."""
    if not reason:
        raise ReasonMissing("Alasan moderasi harus diisi.", field="reason", detail="expected at least one character")
    if said.hidden == (action == "hide"):
        raise AlreadyModerated(
            "Tulisan ini sudah disembunyikan atau sudah ditampilkan. Muat ulang lalu periksa lagi.",
            field="action",
            detail=f"hidden: {said.hidden}",
        )
    record = Moderation(
        id=moderation_id,
        about=_KINDS[type(said)],
        about_id=said.id,
        province=said.province,
        unit_path=said.unit_path,
        action=action,
        reason=reason,
        by=by,
        at=at,
    )
    return replace(said, hidden=action == "hide"), record


_KINDS: Mapping[type, Kind] = {Feedback: "feedback", Complaint: "complaint", Proposal: "proposal"}


def _spelt(insult: str) -> str:
    """A word as people write it: drawn out, with lookalikes, with joiners inside."""
    words = (
        "\u200d?".join(f"[{re.escape(_LOOKALIKES.get(letter, letter))}]+" for letter in word)
        for word in insult.casefold().split()
    )
    return r"\s+".join(words)
