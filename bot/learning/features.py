"""TF-IDF over word pieces, words with stems, and word pairs, with hashed names so that no dictionary is kept."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import scipy.sparse as sp
import snowballstemmer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from bot.learning.cache import Arrays

_PIECES, _WORDS, _PAIRS = 0, 1, 2
_LONGEST = 5
_MAX_CACHED = 50_000


def _name(block: int, text: str) -> int:
    """A 32-bit name: two bits say the block, thirty the text; collisions are too rare to matter."""
    return (block << 30) | (crc32(text.encode()) & 0x3FFFFFFF)


@lru_cache(maxsize=_MAX_CACHED)
def stem(word: str) -> str:
    """The word without its English endings ("transplants", "transplanted" -> "transplant")."""
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


class Features:
    """Turns lists of words into rows of unit length; fitted once on the example messages.

    A word that starts with "=" is a concept (a synonym group): it counts as a word but has no pieces.
    """

    def __init__(
        self,
        weights: tuple[float, float, float] = (1.5, 1.0, 1.0),
        min_df: int = 1,
        worth: Callable[[str], float] | None = None,
    ) -> None:
        """`worth`, at most 1, says how much a word's pieces count, beside how rare they are in the messages."""
        self.weights = weights
        self.min_df = min_df
        self._worth = worth
        self.names: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self.idf: NDArray[np.float32] = np.zeros(0, np.float32)
        self._pieces: dict[str, NDArray[np.uint32]] = {}

    @property
    def width(self) -> int:
        """How many features a row has."""
        return len(self.names)

    def fit(self, messages: Sequence[Sequence[str]]) -> sp.csr_matrix:
        """Learn which features exist and how rare each is; the rows of the messages."""
        rows = [self._row(words) for words in messages]
        every = np.concatenate([names for names, _ in rows] or [np.zeros(0, np.uint32)])
        names, document_count = np.unique(every, return_counts=True)
        kept = document_count >= self.min_df
        self.names, document_count = names[kept], document_count[kept]
        self.idf = (np.log((1 + len(messages)) / (1 + document_count)) + 1).astype(np.float32)
        return self._matrix(rows)

    def transform(self, messages: Sequence[Sequence[str]]) -> sp.csr_matrix:
        """The rows of messages, shape (messages, width); what was never seen in `fit` is left out."""
        return self._matrix([self._row(words) for words in messages])

    def together(self, left: str, right: str) -> float:
        """How common it is in the messages that one word follows another; 0 when that was not seen."""
        name = _name(_PAIRS, f"{left} {right}")
        place = int(np.searchsorted(self.names, name))
        return 1 / float(self.idf[place]) if place < self.width and self.names[place] == name else 0.0

    def arrays(self) -> Arrays:
        """What `from_arrays` needs to make the same features again."""
        return {"names": self.names, "idf": self.idf, "weights": np.array(self.weights)}

    @classmethod
    def from_arrays(cls, arrays: Arrays, worth: Callable[[str], float] | None = None) -> Features:
        """Features as they were fitted before, with the same `worth`."""
        pieces, words, pairs = (float(weight) for weight in arrays["weights"])
        made = cls((pieces, words, pairs), worth=worth)
        made.names, made.idf = arrays["names"], arrays["idf"]  # type: ignore[assignment]
        return made

    def _row(self, words: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
        """The names of a message's features, sorted, and how often each occurs."""
        plain = [word for word in words if not word.startswith("=")]
        parts = [self._pieces_of(word) for word in plain]
        parts.append(np.fromiter(_word_names(words, plain), np.uint32))
        every = np.concatenate(parts)
        if self._worth is None:
            names, counts = np.unique(every, return_counts=True)
            return names, (1 + np.log(counts)).astype(np.float32)
        shares = np.repeat([*map(self._worth, plain), 1.0], [len(part) for part in parts])
        names, place = np.unique(every, return_inverse=True)
        total = np.bincount(place, shares)
        return names, np.where(total > 1, 1 + np.log(np.maximum(total, 1)), total).astype(np.float32)

    def _pieces_of(self, word: str) -> NDArray[np.uint32]:
        known = self._pieces.get(word)
        if known is None:
            padded = f" {word[:40]} "
            texts = [
                padded[start : start + size]
                for size in range(2, _LONGEST + 1)
                for start in range(len(padded) - size + 1)
            ]
            known = np.array([_name(_PIECES, text) for text in texts], np.uint32)
            if len(self._pieces) < _MAX_CACHED:
                self._pieces[word] = known
        return known

    def _matrix(self, rows: Sequence[tuple[NDArray[np.uint32], NDArray[np.float32]]]) -> sp.csr_matrix:
        pointers, columns, values = [0], [], []
        for names, counts in rows:
            places = np.searchsorted(self.names, names)
            places[places == self.width] = 0
            found = self.names[places] == names if self.width else np.zeros(len(names), bool)
            places, value = places[found], counts[found]
            value = value * self.idf[places]
            block = names[found] >> np.uint32(30)
            for kind, weight in enumerate(self.weights):
                mask = block == kind
                length = float(np.sqrt((value[mask] ** 2).sum()))
                if length:
                    value[mask] *= weight / length
            length = float(np.sqrt((value**2).sum()))
            columns.append(places)
            values.append(value / length if length else value)
            pointers.append(pointers[-1] + len(places))
        data = np.concatenate(values).astype(np.float32) if values else np.zeros(0, np.float32)
        places = np.concatenate(columns).astype(np.int32) if columns else np.zeros(0, np.int32)
        return sp.csr_matrix((data, places, np.array(pointers)), shape=(len(rows), self.width))


def _word_names(words: Sequence[str], plain: Sequence[str]) -> Iterable[int]:
    for word in words:
        yield _name(_WORDS, word)
    for word in plain:
        yield _name(_WORDS, "~" + stem(word))
    for left, right in pairwise(plain):
        yield _name(_PAIRS, f"{left} {right}")
    for left, right in zip(plain, plain[2:], strict=False):
        yield _name(_PAIRS, f"{left} _ {right}")
