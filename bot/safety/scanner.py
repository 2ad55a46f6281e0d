"""Looks at every message before anything else: crisis, red flags, advice, prognosis; from slots and a trained detector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.safety.finding import Finding
from bot.safety.reading import Reader
from bot.safety.temperature import FEVER_C

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain import SafetyKnowledge, SafetyLevel
    from bot.domain.safety import Flag
    from bot.safety.context import Sign
    from bot.safety.detector import Detector
    from bot.safety.reading import Message

LIM = dict(reading=-1.0, slot=-0.6, alone=-0.3, asking=0.1, soft=-0.7, crisis=-0.3, crisis_slot=-1.2, advice=-0.4, advice_slot=-1.0, prognosis=-0.5, prognosis_slot=-1.2)


class Scanner:
    """Pure and deterministic: the same text and signs give the same finding."""

    def __init__(self, reader: Reader, flags: Mapping[str, Flag], detector: Detector | None) -> None:
        self._reader = reader
        self._flags = flags
        self._detector = detector

    @classmethod
    def build(cls, safety: SafetyKnowledge, model: Detector | None = None, fever_c: float = FEVER_C) -> Scanner:
        """A scanner from the knowledge; without a model the slots work alone. `fever_c` in °C, 37.5 to 38.0."""
        return cls(Reader(safety, fever_c), {flag.id: flag for flag in safety.flags}, model)

    def scan(self, text: str, signs: tuple[str, ...] = ()) -> Finding:
        """What the message needs, before it is answered; `signs` are those of the last finding of this chat."""
        message = self._reader.read(text, warm="warm" in signs)
        scores = self._detector.scores(message) if self._detector else {}
        cards: list[str] = []
        saw: list[str] = []
        why: list[str] = [f"{k} {v:.2f}" for k, v in scores.items()] + [f"{s.hit.flag}:{s.hit.pattern}:{s.status}" for s in message.signs if not s.hit.hint]
        level: SafetyLevel | None = None
        none = -9 if self._detector else 0
        get = lambda n: scores.get(n, -0.55)
        crisis = [sign for sign in self._of(message, "crisis") if sign.status not in ("idiom", "denied")]
        if (crisis and get("crisis") > LIM["crisis_slot"]) or get("crisis") > LIM["crisis"]:
            cards.append("crisis")
            level = "crisis"
            saw += [sign.hit.flag for sign in crisis]
        urgent = self._of(message, "urgent")
        present = [sign for sign in urgent if sign.status == "present"]
        asks = message.situation.informational
        u = get("urgent")
        if (present and u > LIM["slot"]) or (message.readings and u > LIM["reading"]) or u > LIM["asking" if asks else "alone"]:
            cards.append("urgent")
            level = level or "urgent"
            saw += [sign.hit.flag for sign in present]
        if level is None:
            for name in ("prognosis", "advice"):
                found = self._of(message, name)
                if (found and get(name) > LIM[name + "_slot"]) or get(name) > LIM[name]:
                    level = name  # type: ignore[assignment]
                    cards.append(self._flags[found[0].hit.flag].card if found else f"{name}_other".replace("prognosis_other", "prognosis"))
                    break
        if level is None and (any(sign.status in ("asked", "past", "present") for sign in urgent) or u > LIM["soft"]):
            level = "soft"
            cards.append("soft")
        return Finding(level, tuple(cards), tuple(dict.fromkeys(saw)), tuple(why), ())

    def _of(self, message: Message, level: str) -> list[Sign]:
        return [sign for sign in message.signs if not sign.hit.hint and self._flags[sign.hit.flag].level == level]
