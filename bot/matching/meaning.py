"""What a message means, beside the words it uses: linear models on sentence vectors, whose scores add to the words'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.learning.newton import squared_hinge
from bot.text import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from bot.learning import Arrays

    Floats = NDArray[np.float32]

_ALL_WRITTEN_OUT = "acute lymphoblastic leukemia"
_OWN_COUNT = 3.0
"""How much an intent's own examples count against those of all others, which are two hundred times as many."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What one message means, as scores of the same kind as those of the words: above 0 is "yes"."""

    scores: dict[str, float]
    """For each class of the section model: section ids, `NOT_OURS`, kinds of talk."""
    intents: dict[str, float]
    """For each intent, redirect, kind of talk and category of off-topic messages."""


def sentence(words: Sequence[str]) -> str:
    """The mended words of a message or an example as one text for the encoder, which knows no capitals."""
    return " ".join(_ALL_WRITTEN_OUT if word == ALL else word for word in words)


class Meaning:
    """Scores sentence vectors; a class's score is half its own, and half that of the best intent it holds.

    Few wide classes tell best what is ours; many narrow ones tell best what is meant, and what the near misses are.
    """

    def __init__(
        self, classes: tuple[str, ...], intents: tuple[str, ...], home: NDArray[np.int64], weights: Floats
    ) -> None:
        """`home` is the class of each intent; `weights` has the shape (width + 1, classes + intents)."""
        self.classes = classes
        self.intents = intents
        self._home = home
        self._weights = weights

    @classmethod
    def fit(
        cls,
        vectors: Floats,
        labels: Sequence[str],
        intents: Sequence[str],
        progress: Callable[[float], None] | None = None,
    ) -> Meaning:
        """Train on the vectors of the examples, shape (examples, width), with the label and the intent of each."""
        told = progress or (lambda _share: None)
        x = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
        classes, wide = np.unique(np.array(labels), return_inverse=True)
        names, narrow = np.unique(np.array(intents), return_inverse=True)
        home = np.zeros(len(names), np.int64)
        home[narrow[::-1]] = wide[::-1]
        parts = [
            _fit(x, wide, len(classes), 1.0, lambda share: told(0.2 * share)),
            _fit(x, narrow, len(names), _OWN_COUNT, lambda share: told(0.2 + 0.8 * share)),
        ]
        return cls(tuple(classes.tolist()), tuple(names.tolist()), home, np.hstack(parts))

    def __call__(self, vector: Floats) -> Meant:
        """What the message of one vector, shape (width,), means."""
        every = vector @ self._weights[:-1] + self._weights[-1]
        wide, narrow = every[: len(self.classes)], every[len(self.classes) :]
        best = np.full(len(self.classes), -np.inf, np.float32)
        np.maximum.at(best, self._home, narrow)
        both = np.where(np.isfinite(best), (wide + best) / 2, wide)
        return Meant(
            dict(zip(self.classes, map(float, both), strict=True)),
            dict(zip(self.intents, map(float, narrow), strict=True)),
        )

    def arrays(self) -> Arrays:
        """What `from_arrays` needs; weights in half precision, which changes no decision."""
        return {
            "classes": np.array(self.classes),
            "intents": np.array(self.intents),
            "home": self._home,
            "weights": self._weights.astype(np.float16),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Meaning:
        """A meaning as it was trained before; KeyError when a part is missing, ValueError when they do not fit."""
        classes, intents = tuple(arrays["classes"].tolist()), tuple(arrays["intents"].tolist())
        weights, home = arrays["weights"].astype(np.float32), arrays["home"].astype(np.int64)
        if weights.ndim != 2 or weights.shape[1] != len(classes) + len(intents) or len(home) != len(intents):
            raise ValueError("the arrays are of different models")
        return cls(classes, intents, home, weights)


def _fit(x: Floats, places: NDArray[np.int64], count: int, own: float, progress: Callable[[float], None]) -> Floats:
    """Weights of one class against the rest, for `count` classes; a class's own rows cost `own` times as much."""
    sign = np.full((len(x), count), -1, np.float32)
    sign[np.arange(len(x)), places] = 1
    cost = np.where(sign > 0, np.float32(2 * own), np.float32(2))
    return squared_hinge(x, x.T, sign, cost, progress=progress)
