"""TF-IDF over word pieces, words with stems, and pairs of stems, with hashed names so that no dictionary is kept."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
import scipy.sparse as sp
import Stemmer

from bot.learning.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from bot.learning.cache import Arrays

_PIECES, _WORDS, _PAIRS = 0, 1, 2
_LONGEST = 5
_MAX_CACHED = 50_000
_BATCH = 20_000
_REPEATED = 1.0001
"""A piece that stands in a message once counts 1, but for rounding."""
_TEXT = 0x3FFFFFFF
_PAIR = _PAIRS << 30


def _name(block: int, text: str) -> int:
    """A 32-bit name: two bits say the block, thirty the text; collisions are too rare to matter."""
    return (block << 30) | (crc32(text.encode()) & _TEXT)


@lru_cache(maxsize=_MAX_CACHED)
def _concept(name: str) -> int:
    return _name(_WORDS, name)


@lru_cache(maxsize=_MAX_CACHED)
def stem(word: str) -> str:
    """The word without its English endings ("transplants", "transplanted" -> "transplant")."""
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


class _Word(NamedTuple):
    """What a word adds to a message: the names of its pieces and its own, and the start of the names of its pairs."""

    names: NDArray[np.uint32]
    pieces: int
    text: bytes
    next: int
    over: int


@lru_cache(maxsize=_MAX_CACHED)
def _word(word: str) -> _Word:
    padded = f" {word[:40]} "
    pieces = [
        _name(_PIECES, padded[start : start + size])
        for size in range(2, _LONGEST + 1)
        for start in range(len(padded) - size + 1)
    ]
    stemmed = stem(word)
    own = [_name(_WORDS, word), _name(_WORDS, "~" + stemmed)]
    text = stemmed.encode()
    return _Word(np.array(pieces + own, np.uint32), len(pieces), text, crc32(text + b" "), crc32(text + b" _ "))


class _Counted(NamedTuple):
    """The features of many messages, those of a message sorted: the message's number, the name, and its count."""

    many: int
    row: NDArray[np.int64]
    names: NDArray[np.uint32]
    value: NDArray[np.float32]


class Features:
    """Turns lists of words into rows of unit length; fitted once on the example messages.

    A word that starts with "=" is a concept (a synonym group): it counts as a word but has no pieces.
    """

    def __init__(
        self,
        weights: tuple[float, float, float] = (1.5, 1.0, 1.0),
        min_df: int = 1,
        max_df: float = 1.0,
        worth: Callable[[str], float] | None = None,
    ) -> None:
        """What stands in fewer than `min_df` messages is left out, and so are pieces in more than the share `max_df`.

        `worth`, at most 1, says how much a word's pieces count, beside how rare they are in the messages.
        """
        self.weights = weights
        self.min_df = min_df
        self.max_df = max_df
        self._worth = worth
        self.names: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self.idf: NDArray[np.float32] = np.zeros(0, np.float32)

    @property
    def width(self) -> int:
        """How many features a row has."""
        return len(self.names)

    def fit(self, messages: Sequence[Sequence[str]]) -> tuple[sp.csr_matrix, Rows]:
        """Learn which features exist and how rare each is; the rows of the messages, and the same to learn from."""
        counted = [self._count(messages[start : start + _BATCH]) for start in range(0, len(messages), _BATCH)]
        every = np.concatenate([one.names for one in counted] or [np.zeros(0, np.uint32)])
        names, document_count = np.unique(every, return_counts=True)
        usual = (document_count > self.max_df * len(messages)) & (names >> np.uint32(30) == _PIECES)
        kept = (document_count >= self.min_df) & ~usual
        self.names, document_count = names[kept], document_count[kept]
        self.idf = (np.log((1 + len(messages)) / (1 + document_count)) + 1).astype(np.float32)
        weighed = [self._weighed(one) for one in counted] or [self._weighed(self._count([]))]
        rows = sp.vstack([one for one, _ in weighed], "csr") if len(weighed) > 1 else weighed[0][0]
        return rows, self._rows(messages, rows, np.concatenate([scale for _, scale in weighed]))

    def transform(self, messages: Sequence[Sequence[str]]) -> sp.csr_matrix:
        """The rows of messages, shape (messages, width); what was never seen in `fit` is left out."""
        return self._weighed(self._count(messages))[0]

    def together(self, left: str, right: str) -> float:
        """How common it is in the messages that one word follows another; 0 when that was not seen."""
        name = _name(_PAIRS, f"{stem(left)} {stem(right)}")
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

    def _count(self, messages: Sequence[Sequence[str]]) -> _Counted:
        """How often each feature stands in each message."""
        names: list[NDArray[np.uint32]] = []
        shares: list[NDArray[np.float32]] = []
        lengths = []
        for words in messages:
            plain = [word for word in words if word[0] != "="]
            known = [_word(word) for word in plain]
            names += [word.names for word in known]
            others = [_concept(word) for word in words if word[0] == "="]
            # The name of a pair goes on from the checksum of all that stands before its second word.
            others += [_PAIR | (crc32(right.text, left.next) & _TEXT) for left, right in pairwise(known)]
            over = zip(known, known[2:], strict=False)
            others += [_PAIR | (crc32(right.text, left.over) & _TEXT) for left, right in over]
            names.append(np.array(others, np.uint32))
            lengths.append(sum(len(word.names) for word in known) + len(others))
            if self._worth is not None:
                shares += [self._shares(word) for word in plain] + [np.ones(len(others), np.float32)]
        row = np.repeat(np.arange(len(messages), dtype=np.uint64), lengths)
        every = (row << np.uint64(32)) | np.concatenate(names or [np.zeros(0, np.uint32)])
        if self._worth is None:
            keys, total = np.unique(every, return_counts=True)
        else:
            keys, place = np.unique(every, return_inverse=True)
            total = np.bincount(place, np.concatenate(shares))
        value = np.where(total > 1, 1 + np.log(np.maximum(total, 1)), total).astype(np.float32)
        return _Counted(len(messages), (keys >> np.uint64(32)).astype(np.int64), keys.astype(np.uint32), value)

    def _shares(self, word: str) -> NDArray[np.float32]:
        """What each name of a word counts."""
        pieces = _word(word).pieces
        return np.array([self._worth(word) if self._worth else 1.0] * pieces + [1.0] * 2, np.float32)

    def _places(self, names: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The column of each name, and whether it has one."""
        places = np.searchsorted(self.names, names)
        places[places == self.width] = 0
        return places, self.names[places] == names if self.width else np.zeros(len(names), bool)

    def _weighed(self, counted: _Counted) -> tuple[sp.csr_matrix, NDArray[np.float32]]:
        """The rows: each block of a row has the length that is its weight, and each row the length 1.

        Beside them, what the pieces of each row were multiplied by for that.
        """
        places, found = self._places(counted.names)
        row, places = counted.row[found], places[found]
        value = counted.value[found] * self.idf[places]
        kinds = len(self.weights)
        block = row * kinds + (counted.names[found] >> np.uint32(30))
        length = np.sqrt(np.bincount(block, value * value, counted.many * kinds)).reshape(-1, kinds)
        scale = np.divide(self.weights, length, out=np.zeros_like(length), where=length > 0)
        whole = np.sqrt((length > 0) @ np.square(self.weights))
        scale /= np.maximum(whole, 1e-12)[:, None]
        data = (value * scale.ravel()[block]).astype(np.float32)
        pointers = np.searchsorted(row, np.arange(counted.many + 1))
        rows = sp.csr_matrix((data, places.astype(np.int32), pointers), shape=(counted.many, self.width))
        return rows, scale[:, _PIECES].astype(np.float32)

    def _rows(self, messages: Sequence[Sequence[str]], rows: sp.csr_matrix, scale: NDArray[np.float32]) -> Rows:
        """The same rows as words times pieces, and what that leaves: words, pairs, and pieces that repeat."""
        held = [[word for word in words if word[0] != "="] for words in messages]
        lengths = [len(words) for words in held]
        place = {word: n for n, word in enumerate(dict.fromkeys(chain.from_iterable(held)))}
        at = np.fromiter(map(place.__getitem__, chain.from_iterable(held)), np.int32, sum(lengths))
        worth = np.array([self._worth(word) for word in place] if self._worth else [1.0] * len(place), np.float32)
        counts = worth[at] * np.repeat(scale, lengths)
        left = sp.csr_matrix((counts, at, np.r_[0, np.cumsum(lengths)]), (len(messages), len(place)))
        left.sum_duplicates()

        each = [_word(word).names for word in place]
        names = np.concatenate(each or [np.zeros(0, np.uint32)])
        columns, kept = self._places(names)
        kept &= names >> np.uint32(30) == _PIECES
        word = np.repeat(np.arange(len(each)), [len(one) for one in each])[kept]
        right = sp.coo_matrix((self.idf[columns[kept]], (word, columns[kept])), (len(place), self.width)).tocsr()

        piece = np.flatnonzero(self.names[rows.indices] >> np.uint32(30) == _PIECES)
        once = np.repeat(scale, np.diff(rows.indptr))[piece] * self.idf[rows.indices[piece]]
        value = rows.data[piece] / once
        times = np.where(value > _REPEATED, np.exp(value - 1), value)
        over = rows.data.copy()
        over[piece] = (value - times) * once
        rest = sp.csr_matrix((over, rows.indices.copy(), rows.indptr.copy()), rows.shape)
        rest.eliminate_zeros()
        return Rows(left, right, rest)
