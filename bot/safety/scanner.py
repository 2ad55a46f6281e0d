"""Looks at every message before anything else does: crisis, red flags, advice, prognosis."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.safety.finding import Finding
from bot.safety.judge import Judge
from bot.safety.languages import Languages
from bot.safety.memory import Memory
from bot.safety.reading import Reader
from bot.safety.temperature import FEVER_C

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain import SafetyKnowledge, SafetyLevel
    from bot.domain.safety import Flag
    from bot.safety.detector import Detector
    from bot.safety.reading import Message

_ALARMS = frozenset(("urgent", "crisis"))


class Scanner:
    """Pure and deterministic: the same text and signs give the same finding."""

    def __init__(self, reader: Reader, safety: SafetyKnowledge, detector: Detector | None) -> None:
        self._reader = reader
        self._flags: Mapping[str, Flag] = {flag.id: flag for flag in safety.flags}
        self._languages = Languages(safety.languages)
        self._detector = detector

    @classmethod
    def build(cls, safety: SafetyKnowledge, model: Detector | None = None, fever_c: float = FEVER_C) -> Scanner:
        """A scanner from the knowledge; without a model the slots work alone. `fever_c` in °C, 37.5 to 38.0."""
        return cls(Reader(safety, fever_c), safety, model)

    def scan(self, text: str, signs: tuple[str, ...] = ()) -> Finding:
        """What the message needs, before it is answered; `signs` are those of the last finding of this chat.

        Where a question ends a message, what was told before it is judged by itself, too: "He has a fever. What is
        induction?" is about a fever.
        """
        memory = Memory(signs)
        message = self._reader.read(text, warm=memory.has("warm"))
        found = self._judge(message, memory)
        if found.level in _ALARMS or found.weighed:
            return found
        told = self._reader.told(message)
        alarm = self._judge(self._reader.read(told, warm=memory.has("warm")), memory, told=True) if told else found
        return alarm if alarm.level in _ALARMS else found

    def _judge(self, message: Message, memory: Memory, *, told: bool = False) -> Finding:
        """The finding of a message as it stands; `told` when it is only what was told before a question."""
        scores = self._detector.scores(message) if self._detector and message.worded else {}
        judge = Judge(message, scores, memory, self._flags, told=told)
        foreign = self._languages.find(message.text)
        crisis, urgent = judge.crisis(), judge.urgent()
        cards = []
        if foreign and foreign.crisis:
            crisis = [f"{foreign.name}: {foreign.word}", *crisis]
        elif foreign:
            urgent = [f"{foreign.name}: {foreign.word}", *urgent]
            cards.append(f"urgent_{foreign.code}")
        level, saw = judge.refused()
        if level and judge.asks_rather(level, crisis):
            crisis = []
        if urgent and level and not crisis and not foreign and judge.asks(level, urgent):
            found = _finding(level, ["soft", judge.card(level)], [*saw, *urgent], judge, memory)
            return replace(found, weighed=True)
        if crisis or urgent:
            cards = [*["crisis"] * bool(crisis), *cards, *["urgent"] * bool(urgent)]
            if crisis and urgent and not foreign and judge.outweighed():
                return _finding("urgent", ["urgent", "crisis"], [*urgent, *crisis], judge, memory)
            return _finding("crisis" if crisis else "urgent", cards, [*crisis, *urgent], judge, memory)
        if level:
            cards = [*["soft"] * (judge.flagged() or memory.has("urgent")), judge.card(level)]
            found = _finding(level, cards, saw, judge, memory)
            return replace(found, guess=judge.guesses(level, saw))
        soft = judge.soft()
        return _finding("soft" if soft else None, ["soft"] * bool(soft), soft, judge, memory)


def _finding(
    level: SafetyLevel | None, cards: Sequence[str], saw: Sequence[str], judge: Judge, memory: Memory
) -> Finding:
    seen = [level or "", *["hint"] * judge.hinted(), *["warm"] * judge.warm()]
    return Finding(level, tuple(cards), tuple(saw), judge.why(), memory.next(*seen))
