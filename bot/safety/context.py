"""Whether a sign is here and now: denied, long past, asked about in general, told in a story, or a figure of speech."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.safety.patterns import Hit
    from bot.safety.words import Words

Status = Literal["present", "asked", "past", "denied", "idiom"]
MARK = "~"
"""Flags of this prefix are marks of context ("~negation"), not signs."""
_SCOPE = 5
"""Tokens that a "no" reaches."""
_OPENING = 4
"""Tokens at the start of a sentence among which a question word makes it a question."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A hit of a flag, with what the words around it make of it."""

    hit: Hit
    status: Status


class Situation:
    """The marks of context in one message, and what they make of a hit."""

    def __init__(self, words: Words, hits: Iterable[Hit]) -> None:
        self._words = words
        self._marks: dict[str, list[Hit]] = {}
        for hit in hits:
            if hit.flag.startswith(MARK):
                self._marks.setdefault(hit.flag.removeprefix(MARK), []).append(hit)
        self._starts: dict[int, int] = {}
        for place, sentence in enumerate(words.sentence):
            self._starts.setdefault(sentence, place)

    def marks(self) -> tuple[str, ...]:
        """The kinds of marks that the message has."""
        return tuple(sorted(self._marks))

    def has(self, mark: str) -> bool:
        """Whether the message has a mark of that kind."""
        return mark in self._marks

    def judge(self, hit: Hit) -> Sign:
        """The hit with its status."""
        return Sign(hit, self._status(hit))

    @property
    def informational(self) -> bool:
        """Whether the message asks for information in some sentence and nobody in it is unwell now."""
        return any(self.asks(start) for start in self._starts.values())

    def asks(self, place: int) -> bool:
        """Whether the sentence of a token asks for information and nobody in the message is unwell now."""
        if self.has("person_now") or self.has("doubt"):
            return False
        return self.has("story") or any(self._opens(mark, place) for mark in self._marks.get("asks", ()))

    def _status(self, hit: Hit) -> Status:
        if any(hit.covers(mark.start, mark.end) for mark in self._marks.get("idioms", ())):
            return "idiom"
        if any(self._denies(mark, hit) for mark in self._marks.get("negation", ())):
            return "denied"
        sentence = self._words.sentence[hit.core]
        if any(self._after(mark, hit) for mark in self._marks.get("over", ())):
            return "past"
        now = any(self._words.sentence[mark.start] == sentence for mark in self._marks.get("now", ()))
        if not now and any(self._words.sentence[mark.start] == sentence for mark in self._marks.get("past", ())):
            return "past"
        return "asked" if self.asks(hit.core) else "present"

    def _denies(self, mark: Hit, hit: Hit) -> bool:
        near = 0 <= hit.core - mark.end < _SCOPE
        inside = hit.covers(mark.start, mark.end)
        return near and not inside and self._words.clause[mark.start] == self._words.clause[hit.core]

    def _after(self, mark: Hit, hit: Hit) -> bool:
        return mark.start >= hit.end and self._words.sentence[mark.start] - self._words.sentence[hit.core] <= 1

    def _opens(self, mark: Hit, place: int) -> bool:
        """Question words count at the start of the sentence (or of a clause), phrases such as "side effects" anywhere."""
        words = self._words
        if words.sentence[mark.start] != words.sentence[place]:
            return False
        opening = mark.start - self._starts[words.sentence[mark.start]] < _OPENING
        first_of_clause = mark.start > 0 and words.clause[mark.start] != words.clause[mark.start - 1]
        return opening or first_of_clause or mark.end - mark.start > 1
