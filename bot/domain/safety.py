"""What safety looks for and shows: cards, and the words, flags and examples of `safety/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Doubt = Literal["usual", "little", "none"]
SafetyLevel = Literal["urgent", "soft", "crisis", "advice", "prognosis"]


@dataclass(frozen=True, slots=True)
class Card:
    """A prewritten safety text; `{care_team}`, `{emergency_number}` and `{crisis_line}` stand for the contacts."""

    title: str
    text: str


LAST_RESORT = Card(
    "Get help now",
    "If someone is unwell now, do not wait for this bot. Call your emergency number (112, 911 or 999) for trouble"
    " breathing, chest pain, a seizure, fainting, confusion, being hard to wake or heavy bleeding. For a fever or any"
    " other new problem, call your cancer care team now, day or night. If you might hurt yourself, call the emergency"
    " number now.",
)
"""The urgent card for when the knowledge cannot be read: the only patient-facing text that is not knowledge."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One kind of sign: `patterns` raise it alone, `hints` only together with something else.

    `doubt` says how much the trained detector's doubt counts against it.
    """

    id: str
    level: SafetyLevel
    card: str
    title: str
    patterns: tuple[str, ...]
    hints: tuple[str, ...] = ()
    doubt: Doubt = "usual"


@dataclass(frozen=True, slots=True)
class Language:
    """Emergency words of a language other than the knowledge's own, and the urgent card in it."""

    code: str
    name: str
    card: Card
    words: tuple[str, ...]
    crisis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SafetyKnowledge:
    """The words, flags, example messages and cards of `safety/`; empty for a knowledge folder without one."""

    cards: Mapping[str, Card] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    temperature: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    languages: tuple[Language, ...] = ()

    def card(self, name: str) -> Card:
        """The card of that name; the last-resort card when there is none."""
        return self.cards.get(name, LAST_RESORT)
