"""Many messages at once as tables of counts: what a word consists of is listed once, whichever messages hold it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import scipy.sparse as sp

from bot.learning.names import PAIR, TEXT, Parts, concept, is_concept, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Names = NDArray[np.uint32]


class Table:
    """Counts of what stands in messages, a row each, in blocks: pieces of words, words, and pairs of stems.

    `names` are those of each block's columns, in order. The pieces are also `left @ right`: which words stand in the
    messages, and what is in each word.
    """

    def __init__(self, messages: Sequence[Sequence[str]], worth: Callable[[str], float] | None = None) -> None:
        """`worth` says how much the pieces of a word count."""
        self.many = len(messages)
        place = {word: n for n, word in enumerate(dict.fromkeys(chain.from_iterable(messages)))}
        lengths = [len(words) for words in messages]
        at = np.fromiter(map(place.__getitem__, chain.from_iterable(messages)), np.int32, sum(lengths))
        plain = np.array([not is_concept(word) for word in place], bool)
        known = [parts(word) for word in place if not is_concept(word)]
        row = np.repeat(np.arange(len(messages)), lengths)
        held = _counts(row, at, (len(messages), len(place)))

        counts = np.array([worth(word) for word in place] if worth else np.ones(len(place)), np.float32)
        self.left = only(held, plain)
        self.left.data *= counts[plain][self.left.indices]
        piece_names, self.right = _named([word.names[: word.pieces] for word in known])

        word_names, words = _named([_own(word) for word in place])

        stems = {word.text: word for word in known}
        number = {text: n for n, text in enumerate(stems)}
        stem = np.zeros(len(place), np.int64)
        stem[plain] = [number[word.text] for word in known]
        spoken = plain[at]
        pair_names, pairs = _pairs(row[spoken], stem[at[spoken]], list(stems.values()), len(messages))

        self.names = (piece_names, word_names, pair_names)
        self.counts = (self.left @ self.right, held @ words, pairs)


def only(matrix: sp.csr_matrix, kept: NDArray[np.bool_]) -> sp.csr_matrix:
    """The columns of a matrix that are to be kept; many times as fast as asking SciPy for them."""
    stays = kept[matrix.indices]
    pointers = np.r_[0, np.cumsum(stays)][matrix.indptr]
    places = (np.cumsum(kept) - 1).astype(np.int32)[matrix.indices[stays]]
    return sp.csr_matrix((matrix.data[stays], places, pointers), (matrix.shape[0], int(kept.sum())))


def _own(word: str) -> Names:
    """The names of a word itself, without its pieces."""
    return concept(word) if is_concept(word) else parts(word).names[parts(word).pieces :]


def _counts(row: NDArray[np.int64], column: NDArray[np.signedinteger], shape: tuple[int, int]) -> sp.csr_matrix:
    return sp.coo_matrix((np.ones(len(row), np.float32), (row, column)), shape).tocsr()


def _named(each: Sequence[Names]) -> tuple[Names, sp.csr_matrix]:
    """The different names in order, and which of them each one has, a row each."""
    every = np.concatenate(each) if each else np.zeros(0, np.uint32)
    names, column = np.unique(every, return_inverse=True)
    row = np.repeat(np.arange(len(each)), [len(one) for one in each])
    return names, _counts(row, column, (len(each), len(names)))


def _pairs(
    row: NDArray[np.int64], stem: NDArray[np.int64], stems: Sequence[Parts], many: int
) -> tuple[Names, sp.csr_matrix]:
    """The names of the pairs in order, and which of them each of the messages has."""
    rows, keys = [], []
    for gap in (1, 2):
        near = row[gap:] == row[:-gap]
        rows.append(row[gap:][near])
        keys.append(((gap - 1) * len(stems) + stem[:-gap][near]) * len(stems) + stem[gap:][near])
    pairs, which = np.unique(np.concatenate(keys), return_inverse=True)
    before, right = np.divmod(pairs, len(stems) or 1)
    # The name of a pair goes on from the checksum of all that stands before its second word.
    starts = [word.next for word in stems] + [word.over for word in stems]
    texts = [word.text for word in stems]
    made = [PAIR | (crc32(texts[r], starts[b]) & TEXT) for b, r in zip(before.tolist(), right.tolist(), strict=True)]
    names, column = np.unique(np.array(made, np.uint32), return_inverse=True)
    return names, _counts(np.concatenate(rows), column[which], (many, len(names)))
