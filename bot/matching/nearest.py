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


@dataclass(frozen=True, slots=True)
class Near:
    """One example question: its place in the list of examples, and how well it fits, 0 to 1."""

    example: int
    cosine: float
    aligned: float


class Nearest:
    """Finds the nearest of all example questions by cosine, then aligns the best ones word by word."""

    def __init__(self, rows: sp.csr_matrix, words: Sequence[Sequence[str]], rarity: dict[str, float]) -> None:
        self._rows = rows
        self._columns = rows.T.tocsr()
        self._words = words
        self._rarity = rarity
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
        spans = [self._columns.indptr[column : column + 2] for column in row.indices[top]]
        examples = np.concatenate([self._columns.indices[start:end] for start, end in spans])
        shared = [
            value * self._columns.data[start:end] for value, (start, end) in zip(row.data[top], spans, strict=True)
        ]
        total = np.bincount(examples, np.concatenate(shared), self._rows.shape[0])
        count = min(_CANDIDATES, len(total))
        return np.argpartition(-total, count - 1)[:count]

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
        others = [self._words[example] for example in examples]
        every = sorted({word for other in others for word in other})
        if not every:
            return np.zeros(len(examples), np.float32)
        place = {word: n for n, word in enumerate(every)}
        alike = word_similarity(words, every)
        mine = np.array([self._rarity.get(word, self._rarest) for word in words])
        theirs = np.array([self._rarity[word] for word in every])
        out = np.zeros(len(examples), np.float32)
        for n, other in enumerate(others):
            if not other:
                continue
            columns = [place[word] for word in other]
            part = alike[:, columns]
            there = (mine * part.max(1)).sum() / mine.sum()
            back = (theirs[columns] * part.max(0)).sum() / theirs[columns].sum()
            out[n] = 2 * there * back / (there + back) if there + back else 0.0
        return out
