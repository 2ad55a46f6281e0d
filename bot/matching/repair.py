"""Typing slips: an unknown word becomes the nearest word that the knowledge uses, or two of them."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import log
from typing import TYPE_CHECKING

from bot.fuzzy import near_words

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

_MAX_REMEMBERED = 20_000
_MAX_UNKNOWN = 40
"""How many different unknown words of one message are looked up; a longer list is noise, not typing slips."""
_MOST_WORDS = 20_000
"""Words that slips are mended to, the most frequent first; in a huge vocabulary the others are mostly slips, too."""
_SURE = 0.75
_NEARLY = 0.1
_LONGEST = 24
_SINGLE = "ai"
_COMMON = 2
_FREQUENT = 5
_STUB = 3
_MOST_THOROUGH = 12
"""So many unknown words of a message are looked into at any cost; people do not make more slips."""


class Repair:
    """Mends words that neither the knowledge nor general English knows; a real word is left alone."""

    def __init__(
        self,
        counts: Mapping[str, int],
        real: Container[str],
        keep: Container[str] = (),
        together: Callable[[str, str], float] = lambda _left, _right: 0.0,
        look_alikes: Sequence[Sequence[str]] = (),
    ) -> None:
        """`together` says how common it is that one word follows another, 0 for never.

        A word between two `look_alikes` of one group ("vinlastine") is left alone: to guess would be worse.
        """
        self._groups = {word: n for n, group in enumerate(look_alikes) for word in group}
        self._together = together
        self._counts = counts
        self._real = real
        self._keep = keep
        usable = [word for word in counts if len(word) >= 3 and word.isalpha()]
        self._vocabulary = sorted(usable, key=lambda word: (-counts[word], word))[:_MOST_WORDS]
        self._known: dict[str, tuple[str, ...]] = {}

    def __call__(self, words: list[str]) -> list[str]:
        """The words with slips mended; the same list of words when there are none."""
        mended: list[str] = []
        looked_up = 0
        for word in words:
            if word in self._known:
                mended += self._known[word]
                continue
            if self._is_fine(word) or looked_up >= _MAX_UNKNOWN:
                mended.append(word)
                continue
            looked_up += 1
            better = self._mend(word, thorough=looked_up <= _MOST_THOROUGH)
            if looked_up <= _MOST_THOROUGH and len(self._known) < _MAX_REMEMBERED:
                self._known[word] = better
            mended += better
        return mended

    def _is_fine(self, word: str) -> bool:
        return (
            len(word) < 3
            or not word.isalpha()
            or word in self._counts
            or word in self._keep
            or word in self._groups
            or word in self._real
            or not word.isascii()
        )

    def _mend(self, word: str, *, thorough: bool) -> tuple[str, ...]:
        if len(word) > _LONGEST:
            return (word,)
        parts = self._run_together(word)
        if parts:
            return parts
        near, score, edits = self._nearest(word)
        if score < _SURE or edits > 1:
            parts = self._halves(word)
            if not parts and thorough and not score:
                parts = self._everyday_and_misspelt(word)
        return parts or (near,)

    def _nearest(self, word: str) -> tuple[str, float, int]:
        """The likeliest word of the knowledge, how likely it is, and its edits; the word itself when none is near."""
        best, best_score, best_edits = word, 0.0, 0
        fits: dict[str, float] = {}
        for near, edits in near_words(word, self._vocabulary, 1 if len(word) <= 5 else 2):
            if edits == 2 and min(len(word), len(near)) < 6:
                continue
            score = 1 - edits / max(len(word), len(near)) + 0.02 * log(self._counts[near])
            score += 0.05 * (near[0] == word[0]) + 0.08 * (edits == 1 and sorted(near) == sorted(word))
            fits[near] = score
            if score > best_score:
                best, best_score, best_edits = near, score, edits
        return (word, _SURE, 0) if self._between(best, fits) else (best, best_score, best_edits)

    def _between(self, best: str, fits: Mapping[str, float]) -> bool:
        """Whether another word that must never be mixed up with the best one fits nearly as well."""
        group = self._groups.get(best)
        return group is not None and any(
            near != best and self._groups.get(near) == group and fit > fits[best] - _NEARLY
            for near, fit in fits.items()
        )

    def _run_together(self, word: str) -> tuple[str, ...]:
        """Two or three words that lost the spaces between them ("whatis"), if examples have them side by side."""
        best: tuple[str, ...] = ()
        best_score = 0.0
        for cuts in (*((at,) for at in range(1, len(word))), *combinations(range(1, len(word)), 2)):
            if word[: cuts[0]] not in self._counts or (best and len(cuts) >= len(best)):
                continue
            parts = tuple(word[start:end] for start, end in zip((0, *cuts), (*cuts, len(word)), strict=True))
            if all(part in self._counts for part in parts):
                score = min(self._together(left, right) for left, right in pairwise(parts))
                if score > best_score:
                    best, best_score = parts, score
        return best

    def _halves(self, word: str) -> tuple[str, ...]:
        """Two real words written as one ("stemcell"), one of which is common here: if possible both, and no stub."""
        best: tuple[str, ...] = ()
        best_score = (False, 0)
        for left, right in _cuts(word):
            counts = self._counts.get(left, 0), self._counts.get(right, 0)
            if max(counts) < _COMMON or not (self._is_real(left) and self._is_real(right)):
                continue
            score = (min(counts) > 0, min(len(left), len(right)))
            if score > best_score:
                best, best_score = (left, right), score
        return best

    def _is_real(self, word: str) -> bool:
        return word in _SINGLE if len(word) == 1 else word in self._counts or word in self._real

    def _everyday_and_misspelt(self, word: str) -> tuple[str, ...]:
        """A misspelt word that ran together with a frequent one ("mychemo" with a slip)."""
        best: tuple[str, ...] = ()
        best_score = 0.0
        for left, right in _cuts(word):
            for first, common, other in ((True, left, right), (False, right, left)):
                if len(other) <= _STUB or self._counts.get(common, 0) < _FREQUENT or not self._is_real(common):
                    continue
                for near, _ in near_words(other, self._vocabulary, 1, limit=3):
                    score = log(self._counts[common]) * (0.5 if len(common) == 1 else 1.0)
                    score += 0.5 * log(self._counts[near]) + 0.1 * len(other)
                    if score > best_score:
                        best, best_score = ((common, near) if first else (near, common)), score
        return best


def _cuts(word: str) -> Iterator[tuple[str, str]]:
    return ((word[:at], word[at:]) for at in range(1, len(word)))
