"""One message, read once for everything that judges it: its words, the signs found, its temperatures, its marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.safety.context import MARK, TEMPERATURE, Sign, Situation
from bot.safety.patterns import Hit, Patterns
from bot.safety.temperature import Thermometer
from bot.safety.words import Words, counted, read
from bot.text import clean, sentences

if TYPE_CHECKING:
    from bot.domain import SafetyKnowledge

_HALF = 150
"""Of a very long message the trained detector reads so many words at each end; the slots read all of it."""
_MOST_ASKED, _LONG, _MOST_TOLD = 3, 200, 1000
"""So many sentences, of so many characters at most, are looked at for questions that end a message; so much before
them is judged by itself."""
_COMMON = 3
"""A word that stands so often in the example messages is a word of its own, not a slip of another one."""


@dataclass(frozen=True, slots=True)
class Message:
    """What was read in one message."""

    text: str
    words: Words
    signs: tuple[Sign, ...]
    situation: Situation
    measured: bool = False
    """Whether a temperature is told, and none to call about; for the trained detector, never said to anybody."""

    def flagged(self) -> bool:
        """Whether the slots alone see something that is here and now."""
        return any(sign.status == "present" and not sign.hit.hint for sign in self.signs)

    @property
    def worded(self) -> bool:
        """Whether there is a word in it, not only numbers and signs."""
        return any(token[0].isalpha() for token in self.words.tokens)

    def features(self) -> list[str]:
        """The message for the trained detector: its words, and what the slots made of it as concepts.

        Numbers are left out: what a number means is for the slots to say.
        """
        found = [token for token in self.words.tokens if token[0].isalpha()]
        if len(found) > 2 * _HALF:
            found = found[:_HALF] + found[-_HALF:]
        signs = [f"=hint {one.hit.flag} {one.status}" for one in self.signs if one.hit.hint]
        signs += [f"=sign {one.hit.flag} {one.status}" for one in self.signs if not one.hit.hint]
        marks = [f"=mark {mark}" for mark in self.situation.marks()]
        marks += ["=question"] if self.words.questions else []
        marks += ["=informational"] if self.situation.informational else []
        concepts = [*signs, *marks, *(f"{sign}{mark}" for sign in signs for mark in marks)]
        concepts += [f"=first {' '.join(found[:count])}" for count in (1, 2) if found]
        concepts += [f"=last {self.words.last_opening}"] if found else []
        concepts += ["=measured"] if self.measured else []
        concepts += ["=number"] if self.words.digits else []
        return found + sorted(set(concepts))


class Reader:
    """Reads messages with the words of the knowledge; raises PatternError when a pattern cannot be read."""

    def __init__(self, safety: SafetyKnowledge, fever_c: float) -> None:
        self._thermometer = Thermometer(safety.temperature, fever_c)
        self._patterns = Patterns(safety.words, _common_words(safety) | set(safety.words.get("real_words", ())))
        for flag in safety.flags:
            for pattern in flag.patterns:
                self._patterns.add(flag.id, pattern)
            for pattern in flag.hints:
                self._patterns.add(flag.id, pattern, hint=True)
        self._leads = frozenset(safety.words.get("leads", ()))
        for mark, entries in safety.context.items():
            for entry in entries:
                self._patterns.add(MARK + mark, entry)

    def read(self, text: str, *, warm: bool = False) -> Message:
        """Read a message; `warm` when temperature was the topic already."""
        text = clean(text)
        words = read(text)
        hits = self._patterns.find(words)
        situation = Situation(words, hits, self._leads)
        hits = [hit for hit in hits if not hit.flag.startswith(MARK)]
        readings = self._thermometer.readings(words, expected=warm)
        alarming = [one for one in readings if self._thermometer.alarms(one)]
        for one in alarming:
            hits.append(Hit(TEMPERATURE, f"{one.celsius:.1f} °C", ((one.start, one.end),), one.start))
        signs = tuple(situation.judge(hit) for hit in hits)
        return Message(text, words, signs, situation, measured=bool(readings) and not alarming)

    def told(self, message: Message) -> str:
        """The sentences before the questions that end a message; empty when there are none."""
        every = sentences(message.text)
        asked = 0
        for sentence in every[: -_MOST_ASKED - 1 : -1]:
            if len(sentence) > _LONG or not self._asks(sentence):
                break
            asked += 1
        return "".join(every[:-asked])[-_MOST_TOLD:] if asked else ""

    def _asks(self, sentence: str) -> bool:
        return sentence.rstrip().endswith("?") or self.read(sentence).situation.informational


def _common_words(safety: SafetyKnowledge) -> frozenset[str]:
    counts = counted(message for messages in safety.examples.values() for message in messages)
    return frozenset(word for word, count in counts.items() if count >= _COMMON)
