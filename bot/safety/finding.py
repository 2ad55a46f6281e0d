"""What a scan found: the level, the cards to show, what was seen and why, and what to remember."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain import SafetyLevel


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one scan; `cards` are ids in the order to show them, `signs` codes to keep for the next message."""

    level: SafetyLevel | None = None
    cards: tuple[str, ...] = ()
    saw: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    guess: bool = False
    """A refusal that only the detector wants, and not surely: a clear answer or redirect may stand in for it."""
    weighed: bool = False
    """A refusal beside red flags: the question is likelier than they are."""
