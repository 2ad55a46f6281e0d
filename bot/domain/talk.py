"""What is said: matches, choices, replies, and what is remembered between two messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.domain.safety import SafetyLevel

Outcome = Literal["answer", "clarify", "redirect", "fallback", "refuse", "smalltalk", "urgent"]


@dataclass(frozen=True, slots=True)
class Match:
    """How well one intent fits a message: `score` is 0 to 1 on one scale for all intents."""

    intent: str
    score: float
    phrasing: str = ""
    why: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The section of the intent."""
        return self.intent.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap or to type the number of: `target` is an intent id, or an action that starts with `:`."""

    label: str
    target: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """The operator's contacts for the cards; an empty one falls back to the knowledge's general wording."""

    care_team: str = ""
    emergency_number: str = ""
    crisis_line: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a reply: a title (may be empty) over a text in the Markdown subset of the knowledge."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says: blocks, then choices, then small print (`notes`); front ends only render it."""

    outcome: Outcome
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    intents: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    safety: SafetyLevel | None = None
    score: float = 0.0
    why: tuple[str, ...] = ()
    numbered: int = 0
    """How many of the choices the answer's own numbered list shows already."""
    lettered: bool = False
    """Whether numbers mean an earlier list, so that the choices here go by letters."""

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections that were answered, best first; empty for anything but an answer."""
        if self.outcome != "answer":
            return ()
        return tuple(dict.fromkeys(intent.partition(".")[0] for intent in self.intents))

    @property
    def keys(self) -> tuple[str, ...]:
        """What to type for each choice: numbers, or letters while a numbered list is being talked about."""
        lines = (line for block in self.blocks for line in block.text.split("\n"))
        if self.lettered or (self.numbered == 0 and any(line.startswith("1.") for line in lines)):
            return tuple("abcdefghijklmnopqrst"[: len(self.choices)])
        return tuple(str(n) for n in range(1, len(self.choices) + 1))

    @property
    def text(self) -> str:
        """The reply as a person reads it in plain text, choices with what to type for them."""
        parts = [f"{block.title}\n{block.text}" if block.title else block.text for block in self.blocks]
        shown = list(zip(self.keys, self.choices, strict=True))[self.numbered :]
        if shown:
            parts.append("\n".join(f"{key}. {choice.label}" for key, choice in shown))
        if self.notes:
            parts.append("\n".join(self.notes))
        return "\n\n".join(part.strip() for part in parts).replace("**", "")


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is remembered between two messages of one chat; it holds no text of anybody."""

    topic: str = ""
    """The intent answered last."""
    listed: tuple[str, ...] = ()
    """Intents that a number or an ordinal ("the second one") can mean now."""
    choices: tuple[Choice, ...] = ()
    misses: int = 0
    clarified: bool = False
    signs: tuple[str, ...] = ()
    """Codes of safety signs seen lately, as `safety` returned them."""
