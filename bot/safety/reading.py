"""One message, read once for everything that judges it: its words, the signs found, its temperatures, its marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.safety.context import MARK, Sign, Situation
from bot.safety.patterns import Patterns
from bot.safety.temperature import Reading, Thermometer
from bot.safety.words import Words, read
from bot.text import clean, tokens

if TYPE_CHECKING:
    from bot.domain import SafetyKnowledge

_COMMON = 3
"""A word that stands in this many example messages is a word of its own, not a slip of another one."""


@dataclass(frozen=True, slots=True)
class Message:
    """What was read in one message."""

    text: str
    words: Words
    signs: tuple[Sign, ...]
    readings: tuple[Reading, ...]
    situation: Situation

    def flagged(self) -> bool:
        """Whether the slots alone see something that is here and now."""
        return bool(self.readings) or any(sign.status == "present" and not sign.hit.hint for sign in self.signs)

    def features(self) -> list[str]:
        """The message for the trained detector: its words, and what the slots made of it as concepts."""
        found = tokens(self.text)
        concepts = [f"=sign {sign.hit.flag} {sign.status}" for sign in self.signs if not sign.hit.hint]
        concepts += [f"=hint {sign.hit.flag} {sign.status}" for sign in self.signs if sign.hit.hint]
        concepts += [f"=mark {mark}" for mark in self.situation.marks()]
        concepts += ["=reading"] if self.readings else []
        concepts += [f"=first {found[0]}"] if found else []
        concepts += ["=question"] if self.words.questions else []
        return found + sorted(set(concepts))


class Reader:
    """Reads messages with the words of the knowledge; raises PatternError when a pattern cannot be read."""

    def __init__(self, safety: SafetyKnowledge, fever_c: float) -> None:
        self.thermometer = Thermometer(safety.temperature, fever_c)
        self._patterns = Patterns(safety.words, _common_words(safety))
        for flag in safety.flags:
            for pattern in flag.patterns:
                self._patterns.add(flag.id, pattern)
            for pattern in flag.hints:
                self._patterns.add(flag.id, pattern, hint=True)
        for mark, entries in safety.context.items():
            for entry in entries:
                self._patterns.add(MARK + mark, entry)

    def read(self, text: str, *, warm: bool = False) -> Message:
        """Read a message; `warm` when temperature was the topic already."""
        text = clean(text)
        words = read(text)
        hits = self._patterns.find(words)
        situation = Situation(words, hits)
        signs = tuple(situation.judge(hit) for hit in hits if not hit.flag.startswith(MARK))
        readings = tuple(self.thermometer.alarming(words, expected=warm))
        return Message(text, words, signs, readings, situation)


def _common_words(safety: SafetyKnowledge) -> frozenset[str]:
    counts: dict[str, int] = {}
    for messages in safety.examples.values():
        for message in messages:
            for word in set(read(clean(message)).tokens):
                counts[word] = counts.get(word, 0) + 1
    return frozenset(word for word, count in counts.items() if count >= _COMMON)



