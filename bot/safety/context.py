"""Whether a sign is here and now: denied, long past, asked about in general, told in a story, or a figure of speech."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.safety.patterns import Hit
    from bot.safety.words import Words

Status = Literal["present", "asked", "past", "denied", "idiom"]
TEMPERATURE = "temperature"
"""The flag of a temperature that is one to call about; it stands in no file of flags."""
MARK = "~"
"""Flags of this prefix are marks of context ("~negation"), not signs."""
_NOT_LEARNED = frozenset(("seen",))
"""Marks that only the judge looks at: learned, too, they brought more refusals of plain questions."""
_SCOPE = 7
"""Tokens that a "no" reaches."""
_MOST_LEADS = 6
_OPENING = 3
"""Tokens at the start of a sentence among which a word such as "explain" makes it a question."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A hit of a flag, with what the words around it make of it."""

    hit: Hit
    status: Status


class Situation:
    """The marks of context in one message, and what they make of a hit."""

    def __init__(self, words: Words, hits: Iterable[Hit], leads: Collection[str] = ()) -> None:
        self._words = words
        self._leads = leads
        self._marks: dict[str, list[Hit]] = {}
        for hit in hits:
            if hit.flag.startswith(MARK):
                self._marks.setdefault(hit.flag.removeprefix(MARK), []).append(hit)
        self._figures = {place for mark in self._of("idioms") for place in range(mark.start, mark.end)}
        self._no = {mark.end - 1 for mark in self._of("negation")} - self._figures
        self._over = sorted([mark.start for mark in self._of("over")])
        # "None since" is no "since this morning".
        ended = {place for mark in self._of("over") for place in range(mark.start, mark.end)}
        self._in = {
            kind: {words.sentence[mark.start] for mark in self._of(kind) if mark.start not in ended}
            for kind in ("now", "action")
        }
        general = [mark for mark in self._of("asks") if self._opens(mark)]
        general += [mark for mark in self._of("asks_what") if self._leads_in(mark) or self._starts_clause(mark)]
        general += [mark for mark in self._of("asks_when") if self._leads_in(mark)]
        self._general = {words.sentence[mark.start] for mark in general}
        self._asked_from: dict[int, int] = {}
        for mark in (*general, *(mark for mark in self._of("asks_first") if self._inverts(mark))):
            sentence = words.sentence[mark.start]
            start = mark.start if self._starts_clause(mark) else self._start(mark)
            self._asked_from[sentence] = min(start, self._asked_from.get(sentence, start))

    def marks(self) -> tuple[str, ...]:
        """The kinds of marks that the message has, for the trained detector."""
        return tuple(sorted(self._marks.keys() - _NOT_LEARNED))

    def has(self, mark: str) -> bool:
        """Whether the message has a mark of that kind."""
        return mark in self._marks

    def judge(self, hit: Hit) -> Sign:
        """The hit with its status."""
        return Sign(hit, self._status(hit))

    @property
    def informational(self) -> bool:
        """Whether the message ends with a question for information, or is about a story, a thing, or the far past."""
        if self.elsewhere or (self.has("past") and not self.has("now")):
            return True
        return self.ends_asking

    @property
    def ends_asking(self) -> bool:
        """Whether the message ends with a question for information."""
        return bool(self._words) and self.asks(len(self._words) - 1)

    @property
    def elsewhere(self) -> bool:
        """Whether the message is about a story, an animal or a thing, not about somebody who is here."""
        return self.has("story") or self.has("things")

    def asks(self, place: int) -> bool:
        """Whether a token is in a question for information, not for what to do now.

        What is told before it is not: "his lips swell, can I give him a syrup?"
        """
        sentence = self._words.sentence[place]
        asked = place >= self._asked_from.get(sentence, len(self._words))
        return asked and sentence not in self._in["action"]

    def _of(self, kind: str) -> list[Hit]:
        return self._marks.get(kind, [])

    def _status(self, hit: Hit) -> Status:
        if any(place in self._figures for start, end in hit.parts for place in range(start, end)):
            return "idiom"
        if self._denied(hit):
            return "denied"
        sentence = self._words.sentence[hit.core]
        if self._is_over(hit) or self._was(hit):
            return "past"
        if self.elsewhere or (self.asks(hit.core) and not self.has("person_now")):
            # "Is 39 ok?" is hardly ever asked of no one; "What counts as a fever, 38?" is.
            measured = hit.flag == TEMPERATURE and sentence not in self._general
            return "present" if measured and not self.elsewhere else "asked"
        return "present"

    def _denied(self, hit: Hit) -> bool:
        """Whether a "no" stands before the sign, near, in its clause, and is no part of the sign ("won't stop")."""
        clause = self._words.clause[hit.core]
        for place in range(hit.core - 1, max(hit.core - _SCOPE, 0) - 1, -1):
            if self._words.clause[place] != clause:
                return False
            if place in self._no and not hit.covers(place, place + 1):
                return True
        return False

    def _is_over(self, hit: Hit) -> bool:
        """Whether a word of "it is over" follows the sign, in its sentence or the next one.

        Who fainted this morning and is fine now needs to be seen all the same.
        """
        if self._words.sentence[hit.core] in self._in["now"]:
            return False
        after = bisect_left(self._over, hit.core + 1)
        if after == len(self._over):
            return False
        return self._words.sentence[self._over[after]] - self._words.sentence[hit.core] <= 1

    def _was(self, hit: Hit) -> bool:
        """Whether a time long past is told of the sign: in its clause, or as the first of another one of its sentence.

        "Rash on both legs, finished chemo in spring" is a rash of today.
        """
        sentence, clause = self._words.sentence[hit.core], self._words.clause[hit.core]
        if sentence in self._in["now"]:
            return False
        told = [mark for mark in self._of("past") if self._words.sentence[mark.start] == sentence]
        return any(self._words.clause[mark.start] == clause or self._starts_clause(mark) for mark in told)

    def _start(self, mark: Hit) -> int:
        """The first token of the sentence that a mark is in."""
        return bisect_left(self._words.sentence, self._words.sentence[mark.start])

    def _leads_in(self, mark: Hit) -> bool:
        """Whether a question word opens its sentence, be it after "ok so" or "can you tell me"."""
        start = self._start(mark)
        before = self._words.tokens[start : mark.start]
        return len(before) <= _MOST_LEADS and all(word in self._leads or not word.isalnum() for word in before)

    def _opens(self, mark: Hit) -> bool:
        """A word counts near the start of a sentence or clause, a phrase such as "side effects" anywhere."""
        near = mark.start - self._start(mark) < _OPENING
        return near or mark.end - mark.start > 1 or self._starts_clause(mark)

    def _inverts(self, mark: Hit) -> bool:
        """Whether a verb opens a question; after a comma it may only go on: "he collapsed, is a patient of yours"."""
        sentence = self._words.sentence[mark.start]
        asked = sentence in self._words.questions and self._starts_clause(mark)
        return asked or mark.start == self._start(mark)

    def _starts_clause(self, mark: Hit) -> bool:
        """Whether a mark is the first word of its clause; a comma or a turn ("but") is the token before it."""
        start, before = self._start(mark), mark.start - 1
        turned = before > start and self._words.clause[before] != self._words.clause[before - 1]
        return mark.start == start or turned
