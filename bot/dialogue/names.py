"""Which sections and intents a message names outright, by what people call them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.learning.names import stem
from bot.text import clean, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain import KnowledgeBase

_LONGEST_TITLE = 4
_BESIDE = re.compile(r"^The |[,(].*$")
"""What is no part of a name in a title: "The Ommaya reservoir", "Induction, the first phase"."""


class Names:
    """Finds the names of sections, and the short titles of their intents, in the words of a message."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        for section in kb.topics():
            for name in (section.title, *section.names):
                self._add(name, section.id)
        synonyms = {_stems(head): others for head, others in kb.vocabulary.synonyms.items()}
        for intent in kb.intents.values():
            name = _BESIDE.sub("", intent.title)
            if not intent.redirect and len(intent.title.split()) <= _LONGEST_TITLE:
                for other in (intent.title, name, *synonyms.get(_stems(name), ())):
                    self._add(other, intent.id)
        for drug, place in kb.vocabulary.drugs.items():
            if place in kb.sections:
                self._add(drug, place)
        self._longest = max(map(len, self._names), default=1)

    def _add(self, name: str, target: str) -> None:
        self._names.setdefault(tuple(tokens(clean(name))), target)

    def __call__(self, words: Sequence[str]) -> tuple[str, ...]:
        """The sections named, in the order of the message, each once."""
        return tuple(dict.fromkeys(target.partition(".")[0] for target in self.targets(words)))

    def targets(self, words: Sequence[str]) -> tuple[str, ...]:
        """The sections and intents named, in the order of the message, each once; longer names win over shorter."""
        found: dict[str, None] = {}
        place = 0
        while place < len(words):
            for size in range(min(self._longest, len(words) - place), 0, -1):
                named = self._names.get(tuple(words[place : place + size]))
                if named:
                    found[named] = None
                    place += size
                    break
            else:
                place += 1
        return tuple(found)


def _stems(name: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in tokens(clean(name)))
