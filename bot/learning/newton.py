"""The solver of the linear models: squared hinge loss for many classes at once, on sparse or dense rows alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_STEPS = (7, 6, 5, 5, 5, 5)


def squared_hinge(
    x: Any,  # noqa: ANN401 - a sparse matrix or an array; both know "@"
    x_t: Any,  # noqa: ANN401
    sign: Floats,
    cost: Floats,
    progress: Callable[[float], None] | None = None,
) -> Floats:
    """The weights, shape (columns of x, classes), that separate what `sign` (rows, classes; 1 or -1) tells apart.

    Newton's method on the rows inside the margin, each step solved by conjugate gradients for all classes at once.
    `x_t` is `x` transposed, `cost` (of the shape of `sign`) what each row costs each class; the weights are ridged.
    """
    weights = np.zeros((x.shape[1], sign.shape[1]), np.float32)
    score = np.zeros_like(sign)
    for turn, steps in enumerate(_STEPS):
        active = cost * (sign * score < 1)
        rest = x_t @ (active * (sign - score)) - weights
        way = rest.copy()
        size = (rest * rest).sum(0)
        for _ in range(steps):
            along = x @ way
            curve = way + x_t @ (active * along)
            step = size / np.maximum((way * curve).sum(0), 1e-12)
            weights += step * way
            score += step * along
            rest -= step * curve
            new = (rest * rest).sum(0)
            way = rest + (new / np.maximum(size, 1e-12)) * way
            size = new
        if progress:
            progress((turn + 1) / len(_STEPS))
    return weights
