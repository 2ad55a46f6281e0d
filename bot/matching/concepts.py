"""Words that mean the same here ("keemo", "vincristine") as shared extra words, so that one example covers all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.learning.names import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain import Vocabulary

_LONGEST = 4


class Concepts:
    """Finds the synonym groups and medicines of the vocabulary in a list of words."""

    def __init__(self, vocabulary: Vocabulary, split: Iterable[tuple[str, list[str]]]) -> None:
        """`split` holds each variant of the vocabulary with its words, as `text.tokens` gives them."""
        words = dict(split)
        self._concepts: dict[tuple[str, ...], str] = {}
        self._longest: dict[str, int] = {}
        for canonical, variants in vocabulary.synonyms.items():
            for variant in (canonical, *variants):
                self._add(words[variant], "=" + canonical)
        for drug, section in vocabulary.drugs.items():
            self._add(words[drug], f"=drug {section}")
        for disease in vocabulary.other_diseases:
            self._add(words[disease], "=other disease")

    def _add(self, words: Sequence[str], concept: str) -> None:
        if words and len(words) <= _LONGEST:
            stems = tuple(stem(word) for word in words)
            self._concepts.setdefault(stems, concept)
            self._longest[stems[0]] = max(self._longest.get(stems[0], 0), len(stems))

    def __call__(self, words: Sequence[str]) -> list[str]:
        """The concepts that the words name, each once, in order; longest variants win over shorter ones."""
        stems = [stem(word) for word in words]
        found: dict[str, None] = {}
        place = 0
        while place < len(stems):
            longest = self._longest.get(stems[place], 0)
            for size in range(min(longest, len(stems) - place), 0, -1):
                concept = self._concepts.get(tuple(stems[place : place + size]))
                if concept:
                    found[concept] = None
                    place += size
                    break
            else:
                place += 1
        return list(found)


def variants(vocabulary: Vocabulary) -> Iterable[str]:
    """Every word or phrase that the vocabulary knows."""
    for canonical, others in vocabulary.synonyms.items():
        yield canonical
        yield from others
    yield from vocabulary.drugs
    yield from vocabulary.other_diseases
