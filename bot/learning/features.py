"""TF-IDF over word pieces, words with stems, pairs of stems, and stems farther apart."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
import scipy.sparse as sp

from bot.learning.names import FAR, PAIR, PIECES, TEXT, concept, is_concept, kind, pair, parts
from bot.learning.rows import Rows
from bot.learning.table import NEAR, Table, only

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from bot.learning.cache import Arrays

    Floats = NDArray[np.float32]


class _Counted(NamedTuple):
    """The features of messages, those of a message sorted: the message's number, the name, and its count."""

    many: int
    row: NDArray[np.int64]
    names: NDArray[np.uint32]
    total: Floats


class Features:
    """Turns lists of words into rows of unit length; fitted once on the example messages.

    A word that starts with "=" is a concept (a synonym group): it counts as a word but has no pieces.
    """

    def __init__(
        self,
        weights: tuple[float, float, float, float] = (1.5, 1.0, 1.0, 0.0),
        min_df: int = 1,
        max_df: float = 1.0,
        worth: Callable[[str], float] | None = None,
        reach: int = 0,
    ) -> None:
        """`weights` are those of pieces, words, pairs, and of stems farther apart: up to `reach` words.

        What stands in fewer than `min_df` messages is left out, and so are pieces in more than the share `max_df`.
        `worth`, at most 1, says how much a word's pieces count, beside how rare they are in the messages.
        """
        self.weights = weights
        self.reach = reach
        self.min_df = min_df
        self.max_df = max_df
        self._worth = worth
        self.names: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self.idf: Floats = np.zeros(0, np.float32)

    @property
    def width(self) -> int:
        """How many features a row has."""
        return len(self.names)

    def fit(self, messages: Sequence[Sequence[str]]) -> tuple[sp.csr_matrix, Rows]:
        """Learn which features exist and how rare each is; the rows of the messages, and the same to learn from."""
        table = Table(messages, self._worth, self.min_df, self.reach)
        kept = self._choose(table)
        blocks = [only(block, those) for block, those in zip(table.counts, kept, strict=True)]
        counts = blocks[PIECES].data
        scale = self._weigh(blocks)

        left, right = table.left, only(table.right, kept[PIECES])
        left.data *= np.repeat(scale[:, PIECES], np.diff(left.indptr))
        right.data *= self.idf[right.indices]
        right.resize(right.shape[0], self.width)
        rest = [_repeated(blocks[PIECES], counts), *blocks[PIECES + 1 :]]
        return sp.hstack(blocks, "csr"), Rows(left, right, sp.hstack(rest, "csr"))

    def transform(self, messages: Sequence[Sequence[str]]) -> sp.csr_matrix:
        """The rows of messages, shape (messages, width); what was never seen in `fit` is left out."""
        counted = self._count(messages)
        places = np.searchsorted(self.names, counted.names)
        places[places == self.width] = 0
        found = self.names[places] == counted.names if self.width else np.zeros(len(places), bool)
        row, places = counted.row[found], places[found]
        value = _dampened(counted.total[found]) * self.idf[places]
        kinds = len(self.weights)
        block = row * kinds + kind(counted.names[found])
        scale = self._scale(np.sqrt(np.bincount(block, value * value, counted.many * kinds)).reshape(-1, kinds))
        pointers = np.searchsorted(row, np.arange(counted.many + 1))
        data = value * scale.ravel()[block]
        return sp.csr_matrix((data, places.astype(np.int32), pointers), shape=(counted.many, self.width))

    def together(self, left: str, right: str) -> float:
        """How common it is in the messages that one word follows another; 0 when that was not seen."""
        name = pair(left, right)
        place = int(np.searchsorted(self.names, name))
        return 1 / float(self.idf[place]) if place < self.width and self.names[place] == name else 0.0

    def arrays(self) -> Arrays:
        """What `from_arrays` needs to make the same features again."""
        shape = np.array([*self.weights, self.reach])
        return {"names": self.names, "idf": self.idf, "shape": shape}

    @classmethod
    def from_arrays(cls, arrays: Arrays, worth: Callable[[str], float] | None = None) -> Features:
        """Features as they were fitted before, with the same `worth`."""
        pieces, words, pairs, far, reach = (float(number) for number in arrays["shape"])
        made = cls((pieces, words, pairs, far), worth=worth, reach=int(reach))
        made.names, made.idf = arrays["names"], arrays["idf"]  # type: ignore[assignment]
        return made

    def _choose(self, table: Table) -> list[NDArray[np.bool_]]:
        """Which columns of each block are features; keeps their names and how rare each is."""
        documents = [np.bincount(block.indices, minlength=block.shape[1]) for block in table.counts]
        kept = [found >= self.min_df for found in documents]
        kept[PIECES] &= documents[PIECES] <= self.max_df * table.many
        self.names = np.concatenate([names[those] for names, those in zip(table.names, kept, strict=True)])
        often = np.concatenate([found[those] for found, those in zip(documents, kept, strict=True)])
        self.idf = (np.log((1 + table.many) / (1 + often)) + 1).astype(np.float32)
        return kept

    def _weigh(self, blocks: Sequence[sp.csr_matrix]) -> Floats:
        """Turns the counts of the blocks into weights; what each block of each row was multiplied by for that."""
        lengths, start = [], 0
        for block in blocks:
            block.data = _dampened(block.data) * self.idf[start + block.indices]
            row = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
            lengths.append(np.sqrt(np.bincount(row, block.data**2, block.shape[0])))
            start += block.shape[1]
        scale = self._scale(np.stack(lengths, 1))
        for n, block in enumerate(blocks):
            block.data *= np.repeat(scale[:, n], np.diff(block.indptr))
        return scale

    def _scale(self, length: NDArray[np.floating]) -> Floats:
        """What to multiply the blocks by, from their lengths, shape (messages, kinds): each then has its weight's
        length, and the row the length 1.
        """
        scale = np.divide(self.weights, length, out=np.zeros(length.shape), where=length > 0)
        whole = np.sqrt((length > 0) @ np.square(self.weights))
        found: Floats = (scale / np.maximum(whole, 1e-12)[:, None]).astype(np.float32)
        return found

    def _count(self, messages: Sequence[Sequence[str]]) -> _Counted:
        """How often each feature stands in each message; the short way for a few."""
        names: list[NDArray[np.uint32]] = []
        shares: list[Floats] = []
        lengths = []
        for words in messages:
            plain = [word for word in words if not is_concept(word)]
            known = [parts(word) for word in plain]
            wholes = [word.whole for word in known]
            # The name of a pair goes on from the checksum of all that stands before its second word.
            pairs = [PAIR | (crc32(right.text, left.next) & TEXT) for left, right in pairwise(wholes)]
            over = zip(wholes, wholes[2:], strict=False)
            pairs += [PAIR | (crc32(right.text, left.over) & TEXT) for left, right in over]
            far = chain.from_iterable(
                zip(wholes, wholes[gap:], strict=False) for gap in range(NEAR[-1] + 1, self.reach + 1)
            )
            pairs += [FAR | (crc32(right.text, left.next) & TEXT) for left, right in far]
            others = [*(concept(word) for word in words if is_concept(word)), np.array(pairs, np.uint32)]
            names += [*(word.names for word in known), *others]
            lengths.append(sum(len(word.names) for word in known) + sum(len(other) for other in others))
            if self._worth is not None:
                shares += [self._shares(word) for word in plain]
                shares += [np.ones(len(other), np.float32) for other in others]
        row = np.repeat(np.arange(len(messages), dtype=np.uint64), lengths)
        every = (row << np.uint64(32)) | np.concatenate(names or [np.zeros(0, np.uint32)])
        total: Floats
        if self._worth is None:
            keys, counts = np.unique(every, return_counts=True)
            total = counts.astype(np.float32)
        else:
            keys, place = np.unique(every, return_inverse=True)
            total = np.bincount(place, np.concatenate(shares)).astype(np.float32)
        return _Counted(len(messages), (keys >> np.uint64(32)).astype(np.int64), keys.astype(np.uint32), total)

    def _shares(self, word: str) -> Floats:
        """What each name of a word counts."""
        pieces = parts(word).pieces
        return np.array([self._worth(word) if self._worth else 1.0] * pieces + [1.0] * 2, np.float32)


def _dampened(total: Floats) -> Floats:
    """Counts above 1 by their logarithm."""
    return np.where(total > 1, 1 + np.log(np.maximum(total, 1)), total).astype(np.float32)


def _repeated(pieces: sp.csr_matrix, counts: Floats) -> sp.csr_matrix:
    """What pieces that stand in a message more than once have less than their count."""
    value = _dampened(counts)
    less = value < counts
    data = pieces.data[less] * (1 - counts[less] / value[less])
    pointers = np.r_[0, np.cumsum(less)][pieces.indptr]
    return sp.csr_matrix((data.astype(np.float32), pieces.indices[less], pointers), pieces.shape)
