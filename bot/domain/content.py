"""What the knowledge holds: sections, intents, fixed phrases, vocabulary, and the checker's findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bot.domain.safety import SafetyKnowledge

Level = Literal["error", "warning"]

ELSEWHERE = "elsewhere"
"""The section of the redirects: topics near ours that the document does not cover."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding of the checker: where it is, which rule it breaks, and what to do about it."""

    path: str
    line: int
    rule: str
    message: str
    level: Level = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.level}: {self.message} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing people ask, with the answer that was written for it; in `elsewhere` it is a redirect."""

    id: str
    section: str
    title: str
    answer: str
    questions: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    short: str = ""
    image: Path | None = None
    image_text: str = ""
    """What the picture shows, for those who cannot see it."""
    reviewed: str = ""
    source: str = ""

    @property
    def redirect(self) -> bool:
        """Whether this intent only says who to ask."""
        return self.section == ELSEWHERE


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the document: what menus call it, what people call it, and the intent that holds it whole."""

    id: str
    title: str
    names: tuple[str, ...]
    order: int
    broad: str


@dataclass(frozen=True, slots=True)
class Source:
    """What the knowledge is based on, and the lines that every reply carries; dates are "YYYY-MM"."""

    title: str
    reviewer: str
    last_reviewed: str
    last_updated: str
    based_on: str
    retelling: str
    disclaimer: str
    urgent_line: str
    stale_notice: str
    stale_after_months: int = 36
    link: str = ""


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """A kind of small talk: how people write it and what the bot says back."""

    reply: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Small talk, the cues of typed follow-ups, every fixed sentence the bot says, and the texts of its commands."""

    smalltalk: Mapping[str, SmallTalk] = field(default_factory=dict)
    followups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    replies: Mapping[str, str] = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)
    menu: Mapping[str, str] = field(default_factory=dict)
    ordinals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """How people write a place in a list: "1" to "9" and "last", each with its words ("second", "2nd", "no 2")."""
    filler: tuple[str, ...] = ()
    """Words that ask for nothing ("please", "the", "one", "about"): what is left of a follow-up without them counts."""
    pointers: tuple[str, ...] = ()
    """Words that point back at what was said ("it", "that", "they", "then")."""
    comparing: tuple[str, ...] = ()
    """Words that set two things side by side ("versus", "difference", "better than")."""
    joints: tuple[str, ...] = ()
    """Words between two questions of one sentence ("and how", "also what")."""
    agreeing: tuple[str, ...] = ()
    """A yes to the choice that was offered."""
    declining: tuple[str, ...] = ()
    """A no to all the choices that were offered."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words the matcher must know: synonyms, medicines, look-alikes, names of other diseases."""

    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drugs: Mapping[str, str] = field(default_factory=dict)
    look_alikes: tuple[tuple[str, ...], ...] = ()
    other_diseases: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the matcher's scores become chances, and from which chance it speaks; fitted by `faqbot calibrate`."""

    made: str
    knowledge: str
    """The first digits of the digest of the knowledge it was fitted on."""
    weights: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """Everything the bot can say in one language, read once at start; `digest` names its content."""

    language: str
    source: Source
    sections: Mapping[str, Section]
    intents: Mapping[str, Intent]
    off_topic: Mapping[str, tuple[str, ...]]
    phrases: Phrases
    vocabulary: Vocabulary
    safety: SafetyKnowledge
    digest: str
    calibration: Calibration | None = None
    semantic_calibration: Calibration | None = None
    """The one for words and sentence model together."""

    def topics(self) -> tuple[Section, ...]:
        """The sections that can be answered, in the document's order."""
        return tuple(sorted(self.sections.values(), key=lambda section: section.order))

    def broad(self, section: str) -> Intent:
        """The intent that holds a whole section."""
        return self.intents[f"{section}.{self.sections[section].broad}"]

    def pictured(self, intents: Iterable[str]) -> Intent | None:
        """The first of these intents that has a picture."""
        found = (self.intents.get(name) for name in intents)
        return next((intent for intent in found if intent and intent.image), None)
