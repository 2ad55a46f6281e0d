"""Rows of features to learn from, in a form that needs half of the sums: a word's pieces are added up only once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rows:
    """A sparse matrix as `left @ right + rest`: which words a message holds, what is in each word, and all else."""

    left: sp.csr_matrix
    right: sp.csr_matrix
    rest: sp.csr_matrix

    @property
    def many(self) -> int:
        """How many rows there are."""
        return int(self.rest.shape[0])

    def __matmul__(self, dense: Floats) -> Floats:
        made: Floats = self.rest @ dense
        made += self.left @ (self.right @ dense)
        return made

    def transposed(self) -> Rows:
        """The same with rows and columns changed over."""
        return Rows(self.right.T.tocsr(), self.left.T.tocsr(), self.rest.T.tocsr())

    def with_constant(self, value: float) -> Rows:
        """The same with one column more, in which every row has that value."""
        column = np.full((self.many, 1), value, np.float32)
        right = sp.csr_matrix(self.right, shape=(self.right.shape[0], self.right.shape[1] + 1))
        return Rows(self.left, right, sp.hstack([self.rest, column], "csr", np.float32))

    def every(self, step: int) -> Rows:
        """Each row whose number can be divided by `step`."""
        return Rows(self.left[::step], self.right, self.rest[::step])

    def some(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int32], Rows]:
        """The rows of those numbers, with only the columns that occur in them, which are named."""
        left, rest = self.left[numbers], self.rest[numbers]
        used = np.unique(left.indices)
        right = self.right[used]
        columns = np.unique(np.concatenate([right.indices, rest.indices])).astype(np.int32)
        return columns, Rows(left[:, used], right[:, columns], rest[:, columns])
