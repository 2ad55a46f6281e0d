"""Which known words a token can stand for: itself, a stem ("bleed*"), or one typing slip away from a long word."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_SHORTEST_SLIP = 6
"""Letters that a word must have before one wrong letter is forgiven: never fuzzy on short words."""
_LONGEST = 16
_NOTHING: tuple[int, ...] = ()


class Lexicon:
    """Atoms (words and stems) by number; `find` says which of them a token can be."""

    def __init__(self, keep: Collection[str] = ()) -> None:
        self._keep = frozenset(keep)
        self._numbers: dict[str, int] = {}
        self._exact: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._slips: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._long_stems: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._shortest = self._longest = 0

    def add(self, atom: str) -> int:
        """The number of an atom; a `*` at its end stands for any ending."""
        if atom in self._numbers:
            return self._numbers[atom]
        number = self._numbers[atom] = len(self._numbers)
        word = atom.rstrip("*")
        is_stem = word != atom
        (self._stems if is_stem else self._exact)[word] = number
        if is_stem:
            lengths = {self._shortest, self._longest, len(word)} - {0}
            self._shortest, self._longest = min(lengths), max(lengths)
        if len(word) >= _SHORTEST_SLIP and word.isalpha() and is_stem:
            self._long_stems[word[0]].append((word, number))
        elif len(word) >= _SHORTEST_SLIP and word.isalpha():
            for cut in _cuts(word):
                self._slips[cut].append((word, number))
        return number

    def find(self, token: str) -> tuple[int, ...]:
        """The atoms that a token can be, exact ones if there are any."""
        found = [self._exact[token]] if token in self._exact else []
        for length in range(self._shortest, min(self._longest, len(token)) + 1):
            number = self._stems.get(token[:length])
            if number is not None:
                found.append(number)
        if found:
            return tuple(found)
        if token.endswith("in") and token + "g" in self._exact:
            return (self._exact[token + "g"],)
        if token in self._keep or not _SHORTEST_SLIP - 1 <= len(token) <= _LONGEST or not token.isalpha():
            return _NOTHING
        return tuple(sorted(self._slipped(token)))

    def _slipped(self, token: str) -> set[int]:
        found = {number for cut in _cuts(token) for word, number in self._slips.get(cut, ()) if one_slip(word, token)}
        for stem, number in self._long_stems.get(token[0], ()):
            alike = token[:3] == stem[:3] or stem[3:6] in token[2:8]
            # With an ending of more than half the stem, "tablecloth" would be a slip of "tablet*".
            short = 2 * (len(token) - len(stem)) <= len(stem) + 1
            if alike and short and any(one_slip(stem, token[: len(stem) + more]) for more in (-1, 0, 1)):
                found.add(number)
        return found


def _cuts(word: str) -> set[str]:
    """The word, and the word without each of its letters: two words that share one are near each other."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def one_slip(left: str, right: str) -> bool:
    """Whether two words differ by one letter too many, too few, wrong or swapped; the first letter must agree."""
    if left[:1] != right[:1] or abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
