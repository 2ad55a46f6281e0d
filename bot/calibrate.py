"""Fits the matcher's chances and the thresholds of the dialogue on labelled messages that are not in the knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.domain import Calibration
from bot.evaluate.cases import REPLY_TYPES
from bot.learning import logistic
from bot.matching import INPUTS, INTERCEPT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from bot.evaluate import Case, Talk
    from bot.matching import Matcher

_FOLDS = 5
_BINS = 10
_ASK_MORE = 3.0
"""Choices may be offered on so many times the share of off-topic messages that may be answered."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One labelled message as the matcher saw it."""

    inputs: tuple[float, ...]
    right: bool
    """Whether the best section is one of the labels."""
    ours: bool
    """Whether any section is one of the labels."""


@dataclass(frozen=True, slots=True)
class Point:
    """One threshold and what it gives, as shares: right and wrong of our questions, answered of the others."""

    threshold: float
    right: float
    wrong: float
    false: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted, and how good it is on messages that were left out of the fit (five folds)."""

    calibration: Calibration
    error: float
    """The mean distance of the stated chance from how often it is right (expected calibration error, ten bins)."""
    curve: tuple[Point, ...]
    ours: int
    others: int


def look(matcher: Matcher, talks: Iterable[Talk], progress: Callable[[float], None]) -> list[Seen]:
    """The evidence for each single message that asks for a section or for nothing of ours."""
    cases = [talk.cases[0] for talk in talks if len(talk.cases) == 1 and _fits(talk.cases[0])]
    found = []
    for n, case in enumerate(cases, 1):
        matching = matcher.match(case.text)
        labels = {label.partition(".")[0] for label in case.labels}
        right = bool(matching.sections) and matching.sections[0].section in labels
        inputs = tuple(float(getattr(matching.evidence, name)) for name in INPUTS)
        found.append(Seen(inputs, right, bool(labels - REPLY_TYPES - {"elsewhere"})))
        progress(n / len(cases))
    return found


def _fits(case: Case) -> bool:
    return case.labels[0] not in REPLY_TYPES - {"oos"}


def fit(seen: Sequence[Seen], limit: float, made: str, digest: str) -> Fit:
    """Weights and thresholds that let at most `limit` (a share) of the other messages be answered with a section."""
    inputs = np.array([each.inputs for each in seen])
    right = np.array([each.right for each in seen])
    ours = np.array([each.ours for each in seen])
    chances = np.zeros(len(seen))
    fold = np.random.default_rng(0).permutation(len(seen)) % _FOLDS
    for n in range(_FOLDS):
        out = fold == n
        chances[out] = _chances(_weights(inputs[~out], right[~out]), inputs[out])
    answer = _threshold(chances[~ours], limit)
    offer = _threshold(chances[~ours], limit * (1 + _ASK_MORE))
    weights = _weights(inputs, right)
    calibration = Calibration(
        made,
        digest[:12],
        dict(zip((*INPUTS, INTERCEPT), map(float, weights), strict=True)),
        {"answer": answer, "offer": min(offer, answer)},
    )
    curve = tuple(_point(chances, right, ours, share) for share in (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2))
    return Fit(calibration, _calibration_error(chances, right), curve, int(ours.sum()), int((~ours).sum()))


def _weights(inputs: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights for the inputs as they are, fitted on inputs of mean 0 and deviation 1."""
    middle, spread = inputs.mean(0), inputs.std(0) + 1e-9
    weights = logistic((inputs - middle) / spread, right)
    plain = weights[:-1] / spread
    return np.append(plain, weights[-1] - float(plain @ middle))


def _chances(weights: NDArray[np.float64], inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    total: NDArray[np.float64] = 1 / (1 + np.exp(-(inputs @ weights[:-1] + weights[-1])))
    return total


def _threshold(others: NDArray[np.float64], share: float) -> float:
    return float(np.quantile(others, 1 - min(share, 1.0))) if len(others) else 0.5


def _point(chances: NDArray[np.float64], right: NDArray[np.bool_], ours: NDArray[np.bool_], share: float) -> Point:
    threshold = _threshold(chances[~ours], share)
    said = chances > threshold
    return Point(
        threshold,
        float((right & said)[ours].mean()),
        float((~right & said)[ours].mean()),
        float(said[~ours].mean()) if (~ours).any() else 0.0,
    )


def _calibration_error(chances: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    place = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(float(chances[place == n].mean()) - float(right[place == n].mean())) * float((place == n).mean())
        for n in range(_BINS)
        if (place == n).any()
    ]
    return sum(gaps)
