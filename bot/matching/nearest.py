"""The example question nearest to a message: for near-exact repeats, and to say why an intent won."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.fuzzy import word_similarity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import scipy.sparse as sp
    from numpy.typing import NDArray

_CANDIDATES = 24
_MOST_WORDS = 60
_MOST_FEATURES = 64
"""So many of a message's features, the weightiest, choose the candidates: the common ones cost much and tell little."""
_MOST_SHARED = 200_000
"""So many examples are looked at, counted once for each feature they share: twenty thousand never reach it."""


@dataclass(frozen=True, slots=True)
class Near:
    """One example question: its place in the list of examples, and how well it fits, 0 to 1."""

    example: int
    cosine: float
    aligned: float


class Nearest:
    """Finds the nearest of all example questions by cosine, then aligns the best ones word by word."""

    def __init__(
        self,
        rows: sp.csr_matrix,
        words: Sequence[Sequence[str]],
        rarity: dict[str, float],
        look_alikes: Sequence[Sequence[str]] = (),
    ) -> None:
        self._rows = rows
        self._columns = rows.T.tocsr()
        self._words = words
        self._rarity = rarity
        self._groups = {word: n for n, group in enumerate(look_alikes) for word in group}
        self._rarest = max(rarity.values(), default=1.0)

    def __call__(self, row: sp.csr_matrix, words: Sequence[str]) -> list[Near]:
        """The nearest examples, best first; empty for a message that shares nothing with any of them."""
        if not words or not row.nnz:
            return []
        best = self._candidates(row)
        cosines = self._cosines(row, best)
        aligned = self._align(words[:_MOST_WORDS], best)
        found = [Near(int(n), float(c), float(a)) for n, c, a in zip(best, cosines, aligned, strict=True)]
        return sorted(found, key=lambda near: -(near.cosine + near.aligned))

    def _candidates(self, row: sp.csr_matrix) -> NDArray[np.intp]:
        """The examples that share most of the message's weightiest features."""
        top = np.argsort(-row.data)[:_MOST_FEATURES]
        starts, ends = self._columns.indptr[row.indices[top]], self._columns.indptr[row.indices[top] + 1]
        # However many examples there are, no more of them are looked at: the rarest features come first.
        before = np.cumsum(ends - starts) - (ends - starts)
        ends = np.minimum(ends, starts + np.maximum(_MOST_SHARED - before, 0))
        examples = np.concatenate([self._columns.indices[start:end] for start, end in zip(starts, ends, strict=True)])
        shared = [
            value * self._columns.data[start:end] for value, start, end in zip(row.data[top], starts, ends, strict=True)
        ]
        total = np.bincount(examples, np.concatenate(shared), self._rows.shape[0])
        if len(total) > len(examples):
            # Of many examples few were touched. Each was at most once for each feature, so these hold the best.
            fits = total[examples]
            most = min(_CANDIDATES * len(top), len(fits))
            examples = np.unique(examples[np.argpartition(-fits, most - 1)[:most]])
        else:
            examples = np.arange(len(total))
        count = min(_CANDIDATES, len(examples))
        best: NDArray[np.intp] = examples[np.argpartition(-total[examples], count - 1)[:count]]
        return best

    def _cosines(self, row: sp.csr_matrix, examples: NDArray[np.intp]) -> list[float]:
        spread = np.zeros(self._rows.shape[1], np.float32)
        spread[row.indices] = row.data
        starts, ends = self._rows.indptr[examples], self._rows.indptr[examples + 1]
        return [
            float(self._rows.data[start:end] @ spread[self._rows.indices[start:end]])
            for start, end in zip(starts, ends, strict=True)
        ]

    def _align(self, words: Sequence[str], examples: NDArray[np.intp]) -> NDArray[np.float32]:
        """Both ways: the share of each side's rarity that has a like word on the other; their harmonic mean."""
        out = np.zeros(len(examples), np.float32)
        places = [n for n, example in enumerate(examples) if self._words[example]]
        if not places:
            return out
        others = [self._words[examples[n]] for n in places]
        every = sorted({word for other in others for word in other})
        place = {word: n for n, word in enumerate(every)}
        alike = self._alike(words, every)
        mine = np.array([self._rarity.get(word, self._rarest) for word in words])
        theirs = np.array([self._rarity[word] for word in every])
        # All examples one after the other, so that each sum is made for all of them at once.
        columns = np.array([place[word] for other in others for word in other])
        starts = np.cumsum([0, *(len(other) for other in others[:-1])])
        part = alike[:, columns]
        there = mine @ np.maximum.reduceat(part, starts, axis=1) / mine.sum()
        weight = theirs[columns]
        back = np.add.reduceat(weight * part.max(0), starts) / np.add.reduceat(weight, starts)
        out[places] = 2 * there * back / np.maximum(there + back, 1e-9)
        return out

    def _alike(self, words: Sequence[str], every: Sequence[str]) -> NDArray[np.float32]:
        """How alike each word is to each, 0 to 1; words that must never be mixed up are not at all."""
        alike = word_similarity(words, every)
        for n, word in enumerate(words):
            if word in self._groups:
                for m in np.flatnonzero(alike[n]).tolist():
                    if every[m] != word and self._groups.get(every[m], -1) == self._groups[word]:
                        alike[n, m] = 0.0
        return alike
