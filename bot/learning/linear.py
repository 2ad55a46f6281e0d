"""Linear models trained with NumPy and SciPy alone: a support vector machine, and a small logistic regression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.learning.newton import STEPS, TURNS, squared_hinge
from bot.learning.softmax import softmax

if TYPE_CHECKING:
    from collections.abc import Callable

    import scipy.sparse as sp
    from numpy.typing import NDArray

    from bot.learning.cache import Arrays
    from bot.learning.rows import Rows

    Floats = NDArray[np.float32]


_MOST_ROWS = 60_000
_CONSTANT = 0.3
"""What all rows share is most of what slows the solver down: with a full bias it stays twice as far from its aim."""
_FEW_COST = 20.0
_FEW_SCALE = 0.2
"""Makes the scores of few examples about as wide as those of many: 1 is "very likely", 0 "no idea"."""


class LinearModel:
    """One score for each class, from a row of features; `weights` has shape (features, classes)."""

    def __init__(self, weights: Floats, bias: Floats) -> None:
        self.weights = weights
        self.bias = bias

    @classmethod
    def fit(
        cls,
        rows: Rows,
        classes: NDArray[np.int64],
        count: int,
        *,
        cost: float = 1.0,
        positive: float = 1.0,
        turns: int = TURNS,
        steps: int = STEPS,
        progress: Callable[[float], None] | None = None,
    ) -> LinearModel:
        """One-vs-rest squared-hinge SVM for `count` classes; a row of class -1 belongs to none of them.

        `positive` multiplies the cost of a class's own rows. Of more rows than anyone writes by hand, only so many are
        learned from, evenly spread.
        """
        step = -(-rows.many // _MOST_ROWS)
        if step > 1:
            rows, classes = rows.every(step), classes[::step]
        x = rows.with_constant(_CONSTANT)
        sign = -np.ones((rows.many, count), np.float32)
        own = classes >= 0
        sign[np.flatnonzero(own), classes[own]] = 1
        base = np.where(sign > 0, np.float32(positive), np.float32(1)) * np.float32(2 * cost)
        weights = squared_hinge(x, x.transposed(), sign, base, turns, steps, progress)
        return cls(weights[:-1], weights[-1] * np.float32(_CONSTANT))

    @classmethod
    def fit_few(cls, rows: sp.csr_matrix, classes: NDArray[np.int64], count: int) -> LinearModel:
        """Multinomial logistic regression: better than `fit` where each class has a dozen rows or so.

        A class with many rows has said more than one with few, but is not asked for that much more often: the cost of
        a row falls with the square root of its class's size.
        """
        sizes = np.bincount(classes, minlength=count)
        cost = _FEW_COST * np.sqrt(len(classes) / count / sizes[classes])
        weights = softmax(rows, classes, count, cost.astype(np.float32))
        return cls(weights * np.float32(_FEW_SCALE), np.zeros(count, np.float32))

    def scores(self, rows: sp.csr_matrix) -> Floats:
        """The score of each class for each row, shape (rows, classes); above 0 means "yes"."""
        if rows.shape[0] == 1:
            picked = self.weights[rows.indices].astype(np.float32)
            one: Floats = (rows.data @ picked + self.bias)[None, :]
            return one
        return np.asarray(rows @ self.weights.astype(np.float32), np.float32) + self.bias

    def arrays(self) -> Arrays:
        """What `from_arrays` needs; weights are kept in half precision, which changes no decision."""
        return {"weights": self.weights.astype(np.float16), "bias": self.bias}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> LinearModel:
        """A model as it was trained before."""
        return cls(arrays["weights"], arrays["bias"])  # type: ignore[arg-type]


def logistic(
    rows: NDArray[np.float64], yes: NDArray[np.bool_], *, ridge: float = 1.0, weight: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Weights of a logistic regression on a few dense inputs, shape (inputs + 1); the last one is the intercept.

    Newton's method; inputs should be of similar size. `weight` says how much each row counts.
    """
    x = np.c_[rows, np.ones(len(rows))]
    w = np.zeros(x.shape[1])
    counts = np.ones(len(x)) if weight is None else weight
    penalty = np.diag(np.r_[np.full(x.shape[1] - 1, ridge), 1e-6])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        slope = x.T @ (counts * (chance - yes)) + penalty @ w
        bend = (x * (counts * chance * (1 - chance))[:, None]).T @ x + penalty
        w = w - np.linalg.solve(bend, slope)
    return w
