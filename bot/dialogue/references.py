"""What a follow-up points at: "2", "the second one", "the other one", "next", a letter, or a pronoun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.text import clean, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain import Conversation, Phrases

_LONGEST = 12
_MOST_BESIDE = 4
"""With more words that ask for something, "first" is one of them: "can we go on holiday first?"."""
_LETTERS = "abcdefghijklmnopqrst"


@dataclass(frozen=True, slots=True)
class Pointed:
    """A place in what was listed or offered: its target, and the words of the message that ask for more than that."""

    target: str
    rest: tuple[str, ...]


class References:
    """Finds what a short message points at, with the ordinals and filler words of the knowledge."""

    def __init__(self, phrases: Phrases) -> None:
        self._places: dict[tuple[str, ...], str] = {}
        for place, ways in phrases.ordinals.items():
            for way in (place, *ways):
                self._places[tuple(tokens(clean(way)))] = place
        self._longest = max((len(way) for way in self._places), default=1)
        self._filler = frozenset(word for text in phrases.filler for word in tokens(text))
        self._pointers = frozenset(word for text in phrases.pointers for word in tokens(text))

    def rest(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words that ask for something, without filler and pointers."""
        return tuple(word for word in words if word not in self._filler and word not in self._pointers)

    def points_back(self, words: Sequence[str]) -> bool:
        """Whether a message leans on what was said before: it is short and points, or has no words of its own."""
        return len(words) <= _LONGEST and (not self.rest(words) or any(word in self._pointers for word in words))

    def place(self, words: Sequence[str], conversation: Conversation) -> Pointed | None:
        """The listed or offered thing that an ordinal, a number or a letter names; None when there is none."""
        if not words or len(words) > _LONGEST:
            return None
        targets = conversation.listed or tuple(choice.target for choice in conversation.choices)
        if not targets:
            return None
        if len(words) == 1 and words[0] in _LETTERS and len(words[0]) == 1 and not words[0].isdigit():
            place = _LETTERS.index(words[0])
            return Pointed(conversation.choices[place].target, ()) if place < len(conversation.choices) else None
        for size in range(self._longest, 0, -1):
            for start in range(len(words) - size + 1):
                found = self._places.get(tuple(words[start : start + size]))
                if found is None:
                    continue
                at = len(targets) - 1 if found == "last" else int(found) - 1
                after = words[start + size : start + size + 1]
                names_it = not after or after[0] in self._filler or after[0] in self._pointers or size == len(words)
                rest = self.rest((*words[:start], *words[start + size :]))
                if at < len(targets) and names_it and len(rest) <= _MOST_BESIDE:
                    return Pointed(targets[at], rest)
        return None
