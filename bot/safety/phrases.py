"""Phrases of words and lists by their first two elements, so that few are looked at for a message."""

from __future__ import annotations

Phrase = tuple[tuple[int, ...], int]
"""The elements of a phrase, and its number."""


class Phrases:
    """Finds the phrases that a message may hold: `single` those of one element, `among` the others."""

    def __init__(self) -> None:
        self.single: dict[int, list[int]] = {}
        self._longer: dict[int, dict[int, list[Phrase]]] = {}

    def add(self, elements: tuple[int, ...], number: int) -> None:
        """Keep a phrase under its number."""
        if len(elements) == 1:
            self.single.setdefault(elements[0], []).append(number)
        else:
            self._longer.setdefault(elements[0], {}).setdefault(elements[1], []).append((elements, number))

    def among(self, here: set[int]) -> dict[int, list[Phrase]]:
        """The phrases of several elements, by their first one, of which every element is here."""
        found = {}
        for first in here & self._longer.keys():
            seconds = self._longer[first]
            phrases = [
                phrase
                for second in here & seconds.keys()
                for phrase in seconds[second]
                if len(phrase[0]) == 2 or here.issuperset(phrase[0])
            ]
            if phrases:
                found[first] = phrases
        return found
