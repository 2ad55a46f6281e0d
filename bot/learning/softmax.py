"""The solver for few examples: multinomial logistic regression in kernel form, cheap while rows are few."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_STEPS = 60


def softmax(rows: sp.csr_matrix, classes: NDArray[np.int64], count: int, cost: Floats) -> Floats:
    """The weights, shape (columns of rows, classes), that make each row's own class likely; ridged, without a bias.

    `cost` is what each row counts. The time grows with the square of the number of rows.
    """
    from scipy.optimize import minimize  # needed only here, and not quick to import

    kernel = (rows @ rows.T).toarray().astype(np.float32)
    many = len(classes)
    every = np.arange(many)
    own = np.zeros((many, count), np.float32)
    own[every, classes] = 1

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        dual = flat.reshape(many, count).astype(np.float32)
        score = kernel @ dual
        top = score.max(1)
        chance = np.exp(score - top[:, None])
        total = chance.sum(1)
        chance /= total[:, None]
        surprise = np.log(total) + top - score[every, classes]
        slope = kernel @ (cost[:, None] * (chance - own) + dual)
        value = float((cost * surprise).sum()) + 0.5 * float((dual * score).sum())
        return value, slope.ravel().astype(np.float64)

    found = minimize(
        loss, np.zeros(many * count), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "maxcor": 8}
    )
    weights: Floats = np.asarray(rows.T @ found.x.reshape(many, count).astype(np.float32), np.float32)
    return weights
