"""A message as the matcher sees it: its words, mended and with their concepts, and how much of it is ours."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.matching.concepts import Concepts, variants
from bot.matching.repair import Repair
from bot.text import ALL, clean, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.domain import Vocabulary
    from bot.matching.lexicon import Lexicon

_MOST_WORDS = 400
_COMMON = 7.5
"""Words more frequent than this rarity ("the", "because") say nothing about the subject."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of one message: as written, after repair, with concepts; and which of them nobody here uses."""

    written: tuple[str, ...]
    words: tuple[str, ...]
    concepts: tuple[str, ...]
    unknown: tuple[str, ...]
    coverage: float
    """The share of the message's rarity in general English that words of the knowledge cover, 0 to 1."""
    weight: float
    """How much the message says by itself: the summed rarity of its words above that of everyday words."""
    strangeness: float
    """The summed rarity of the words that the knowledge does not know, above that of everyday words."""

    @property
    def features(self) -> list[str]:
        """What the models are trained on and asked with."""
        return [*self.words, *self.concepts]


class Reader:
    """Reads messages with the words that the sections' own questions use."""

    def __init__(
        self,
        own: Counter[str],
        every: Counter[str],
        vocabulary: Vocabulary,
        lexicon: Lexicon,
        together: Callable[[str, str], float],
    ) -> None:
        """`own` and `every` count the words of the sections and of all; `together` says which follow each other."""
        self._own = own
        self._lexicon = lexicon
        real = {word: count for word, count in every.items() if count > 1 or word in lexicon}
        self._repair = Repair(real, lexicon, frozenset(vocabulary.keep), together, vocabulary.look_alikes)
        self._concepts = Concepts(vocabulary, ((text, tokens(clean(text))) for text in variants(vocabulary)))

    def __call__(self, text: str) -> Reading:
        """Clean, split, mend and weigh one message."""
        written = tokens(clean(text))[:_MOST_WORDS]
        words = self._repair(written)
        concepts = self._concepts(words)
        known = total = strange = named = 0.0
        unknown = []
        for word in dict.fromkeys(words):
            rarity = 12.0 if word == ALL else self._lexicon.rarity(word)
            weight = max(rarity - _COMMON, 0.0)
            total += weight
            named += weight if word == ALL else 0.0
            if word in self._own or word == ALL:
                known += weight
            else:
                strange += weight
                if weight:
                    unknown.append(word)
        coverage = known / total if total else 1.0
        return Reading(tuple(written), tuple(words), tuple(concepts), tuple(unknown), coverage, total - named, strange)


def count_words(messages: Iterable[Sequence[str]]) -> Counter[str]:
    """How often each word occurs in the messages."""
    return Counter(word for words in messages for word in words)
