"""Phrases of words and lists by their first two elements, so that few are looked at for a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SHORT = 2
_NONE: frozenset[int] = frozenset()
Phrase = tuple[tuple[int, ...], int]
"""The elements of a phrase, and its number."""


class Token(NamedTuple):
    """What a token can be: its atoms, the lists that have it as an entry, and the parts that are no more than it.

    Of those, `opens` begin a longer entry of a list, and `begins` a longer part.
    """

    atoms: tuple[int, ...]
    lists: tuple[int, ...]
    parts: tuple[int, ...]
    opens: tuple[int, ...]
    begins: tuple[int, ...]


class Phrases:
    """Finds the phrases that a message may hold: `single` those of one element, `among` the others."""

    def __init__(self) -> None:
        self.single: dict[int, list[int]] = {}
        self._longer: dict[int, dict[int, list[Phrase]]] = {}
        self._seconds: dict[int, set[int]] = {}

    def add(self, elements: tuple[int, ...], number: int) -> None:
        """Keep a phrase under its number."""
        if len(elements) == 1:
            self.single.setdefault(elements[0], []).append(number)
        else:
            self._longer.setdefault(elements[0], {}).setdefault(elements[1], []).append((elements, number))
            self._seconds.setdefault(elements[0], set()).add(elements[1])

    def first(self, elements: Iterable[int]) -> tuple[int, ...]:
        """Those of the elements that begin a longer phrase."""
        return tuple(element for element in elements if element in self._longer)

    def among(self, starts: set[int], here: set[int]) -> dict[int, list[Phrase]]:
        """The phrases of several elements, by their first one, which is a start, of which every element is here."""
        found = {}
        for first in starts:
            after = self._seconds.get(first, _NONE)
            if not here.isdisjoint(after):
                seconds = self._longer[first]
                phrases = [
                    phrase
                    for second in here & after
                    for phrase in seconds[second]
                    if len(phrase[0]) == _SHORT or here.issuperset(phrase[0])
                ]
                if phrases:
                    found[first] = phrases
        return found


def every(numbers: Mapping[int, Iterable[int]], elements: Iterable[int]) -> tuple[int, ...]:
    """The numbers of all elements, each once, in order."""
    return tuple(dict.fromkeys(number for element in elements for number in numbers.get(element, ())))
