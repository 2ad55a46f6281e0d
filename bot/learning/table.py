"""Many messages at once as tables of counts: what a word consists of is listed once, whichever messages hold it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
import scipy.sparse as sp

from bot.learning.names import FAR, PAIR, TEXT, Whole, concept, is_concept, pieces, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Names = NDArray[np.uint32]

NEAR = (1, 2)
"""So many words apart are the two of a pair."""


class _Spoken(NamedTuple):
    """Every word of the messages in order: the number of its message and that of its stem; and the stems."""

    row: NDArray[np.int64]
    stem: NDArray[np.int64]
    stems: Sequence[Whole]
    many: int


class Table:
    """Counts of what stands in messages, a row each, in blocks: pieces, words, pairs of stems, and stems farther apart.

    `names` are those of each block's columns, in order. The pieces are also `left @ right`: which words stand in the
    messages, and what is in each word.
    """

    def __init__(
        self,
        messages: Sequence[Sequence[str]],
        worth: Callable[[str], float] | None = None,
        least: int = 1,
        reach: int = 0,
    ) -> None:
        """`worth` says how much the pieces of a word count; pairs that occur less than `least` times are left out.

        Stems farther apart are those of words up to `reach` words from each other that are not NEAR.
        """
        self.many = len(messages)
        place = {word: n for n, word in enumerate(dict.fromkeys(chain.from_iterable(messages)))}
        lengths = [len(words) for words in messages]
        at = np.fromiter(map(place.__getitem__, chain.from_iterable(messages)), np.int32, sum(lengths))
        plain = np.array([not is_concept(word) for word in place], bool)
        spoken = [word for word in place if not is_concept(word)]
        row = np.repeat(np.arange(len(messages)), lengths)
        held = _counts(row, at, (len(messages), len(place)))

        counts = np.array([worth(word) for word in place] if worth else np.ones(len(place)), np.float32)
        self.left = only(held, plain)
        self.left.data *= counts[plain][self.left.indices]
        piece_names, self.right = _named(*pieces(spoken), len(spoken))

        own = [concept(word) if is_concept(word) else whole(word).names for word in place]
        owner = np.repeat(np.arange(len(own)), [len(names) for names in own])
        word_names, words = _named(owner, np.array([*chain.from_iterable(own)], np.uint32), len(own))

        known = [whole(word) for word in spoken]
        stems = {word.text: word for word in known}
        number = {text: n for n, text in enumerate(stems)}
        stem = np.zeros(len(place), np.int64)
        stem[plain] = [number[word.text] for word in known]
        inside = plain[at]
        said = _Spoken(row[inside], stem[at[inside]], list(stems.values()), len(messages))
        pair_names, pairs = _pairs(said, least, NEAR, PAIR)
        far_names, far = _pairs(said, least, range(NEAR[-1] + 1, reach + 1), FAR)

        self.names = (piece_names, word_names, pair_names, far_names)
        self.counts = (self.left @ self.right, held @ words, pairs, far)


def only(matrix: sp.csr_matrix, kept: NDArray[np.bool_]) -> sp.csr_matrix:
    """The columns of a matrix that are to be kept; many times as fast as asking SciPy for them."""
    stays = kept[matrix.indices]
    pointers = np.r_[0, np.cumsum(stays)][matrix.indptr]
    places = (np.cumsum(kept) - 1).astype(np.int32)[matrix.indices[stays]]
    return sp.csr_matrix((matrix.data[stays], places, pointers), (matrix.shape[0], int(kept.sum())))


def _counts(row: NDArray[np.int64], column: NDArray[np.signedinteger], shape: tuple[int, int]) -> sp.csr_matrix:
    return sp.coo_matrix((np.ones(len(row), np.float32), (row, column)), shape).tocsr()


def _named(row: NDArray[np.int64], every: Names, many: int) -> tuple[Names, sp.csr_matrix]:
    """The different names in order, and how often each of the rows has them."""
    names, column = np.unique(every, return_inverse=True)
    return names, _counts(row, column, (many, len(names)))


def _pairs(said: _Spoken, least: int, gaps: Sequence[int], block: int) -> tuple[Names, sp.csr_matrix]:
    """The names in order of the pairs that occur often enough, and which of them each of the messages has."""
    row, stem, stems, many = said
    rows, keys = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for gap in gaps:
        near = row[gap:] == row[:-gap]
        rows.append(row[gap:][near])
        keys.append(((gap == NEAR[-1]) * len(stems) + stem[:-gap][near]) * len(stems) + stem[gap:][near])
    pairs, which, often = np.unique(np.concatenate(keys), return_inverse=True, return_counts=True)
    stays = (often >= least)[which]
    which = (np.cumsum(often >= least) - 1)[which[stays]]
    before, right = np.divmod(pairs[often >= least], len(stems) or 1)
    # The name of a pair goes on from the checksum of all that stands before its second word.
    starts = [word.next for word in stems] + [word.over for word in stems]
    texts = [word.text for word in stems]
    made = [block | (crc32(texts[r], starts[b]) & TEXT) for b, r in zip(before.tolist(), right.tolist(), strict=True)]
    names, column = np.unique(np.array(made, np.uint32), return_inverse=True)
    return names, _counts(np.concatenate(rows)[stays], column[which], (many, len(names)))
