"""The solver of the linear models: squared hinge loss for many classes at once, on sparse or dense rows alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

TURNS, STEPS = 7, 4


def squared_hinge(
    x: Any,  # noqa: ANN401 - `Rows` or an array; both know "@"
    x_t: Any,  # noqa: ANN401
    sign: Floats,
    cost: Floats,
    turns: int = TURNS,
    steps: int = STEPS,
    progress: Callable[[float], None] | None = None,
) -> Floats:
    """The weights, shape (columns of x, classes), that separate what `sign` (rows, classes; 1 or -1) tells apart.

    Newton's method on the rows inside the margin, each turn solved by conjugate gradients for all classes at once,
    in the space of the rows: of words, there are far more columns. More `turns`, and more `steps` in each, come nearer
    to the optimum.
    `x_t` is `x` transposed, `cost` (of the shape of `sign`) what each row costs each class; the weights are ridged.
    """

    def gram(part: Floats) -> Floats:
        return np.asarray(x @ (x_t @ part), np.float32)

    dual = np.zeros_like(sign)
    score = np.zeros_like(sign)
    for turn in range(turns):
        active = cost * (sign * score < 1)
        rest = active * (sign - score) - dual
        way = rest.copy()
        rest_score = gram(rest)
        along = rest_score.copy()
        size = (rest * rest_score).sum(0)
        for step in range(steps):
            curve = active * along
            curve_score = gram(curve)
            curve += way
            curve_score += along
            share = size / np.maximum((way * curve_score).sum(0), 1e-12)
            dual += share * way
            score += share * along
            if step + 1 == steps:
                break
            rest -= share * curve
            rest_score -= share * curve_score
            new = (rest * rest_score).sum(0)
            turn_by = new / np.maximum(size, 1e-12)
            way *= turn_by
            way += rest
            along *= turn_by
            along += rest_score
            size = new
        if progress:
            progress((turn + 1) / turns)
    return np.asarray(x_t @ dual, np.float32)
