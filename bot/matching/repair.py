"""Typing slips: an unknown word becomes the nearest word that the knowledge uses, or two of them."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from bot.fuzzy import near_words

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

_MAX_REMEMBERED = 20_000
_MAX_UNKNOWN = 60
"""How many different unknown words of one message are looked up; a longer list is noise, not typing slips."""
_SURE = 0.75


class Repair:
    """Mends words that neither the knowledge nor general English knows; a real word is left alone."""

    def __init__(self, counts: Mapping[str, int], real: Container[str], keep: Container[str] = ()) -> None:
        self._counts = counts
        self._real = real
        self._keep = keep
        usable = [word for word in counts if len(word) >= 3 and word.isalpha()]
        self._vocabulary = sorted(usable, key=lambda word: (-counts[word], word))
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
            better = self._mend(word)
            if len(self._known) < _MAX_REMEMBERED:
                self._known[word] = better
            mended += better
        return mended

    def _is_fine(self, word: str) -> bool:
        return (
            len(word) < 3
            or not word.isalpha()
            or word in self._counts
            or word in self._keep
            or word in self._real
            or not word.isascii()
        )

    def _mend(self, word: str) -> tuple[str, ...]:
        best, best_score = word, 0.0
        if len(word) <= 24:
            for near, edits in near_words(word, self._vocabulary, 1 if len(word) <= 5 else 2):
                if edits == 2 and min(len(word), len(near)) < 6:
                    continue
                score = 1 - edits / max(len(word), len(near)) + 0.02 * log(self._counts[near])
                score += 0.05 * (near[0] == word[0]) + 0.08 * (edits == 1 and sorted(near) == sorted(word))
                if score > best_score:
                    best, best_score = near, score
        if best_score < _SURE:
            halves = self._split(word)
            if halves:
                return halves
        return (best,) if best_score > 0 else (word,)

    def _split(self, word: str) -> tuple[str, ...]:
        """Two words written as one ("stemcell"), if both are common here."""
        best: tuple[str, ...] = ()
        best_score = 1.9
        for place in range(1, min(len(word), 25)):
            left, right = word[:place], word[place:]
            if left not in self._counts or right not in self._counts:
                continue
            if (len(left) == 1 and left not in "ai") or (len(right) == 1 and right not in "ai"):
                continue
            score = min(self._counts[left], self._counts[right]) * (1.0 if min(len(left), len(right)) > 1 else 0.3)
            if score > best_score:
                best, best_score = (left, right), score
        return best
