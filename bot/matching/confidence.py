"""From raw scores to a chance: how likely it is that answering with the best section is right."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against the best section of one message, each of about the size of 1."""

    margin: float
    """The best section's score less that of its best rival outside the sections."""
    gap: float
    """The best section's score less that of the second one."""
    not_ours: float
    coverage: float
    strangeness: float
    near: float
    """How well the nearest example of the best section fits."""
    near_other: float
    """How well the nearest example outside the sections fits."""
    length: float
    other_disease: float


INPUTS = tuple(field.name for field in fields(Evidence))
"""The names of what the chance is made from."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic regression on the evidence: a weight for each of `INPUTS`, and the intercept."""

    weights: Mapping[str, float]

    def chance(self, evidence: Evidence) -> float:
        """The chance, 0 to 1, that answering with the best section is right."""
        total = self.weights.get(INTERCEPT, 0.0)
        total += sum(self.weights.get(name, 0.0) * getattr(evidence, name) for name in INPUTS)
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


NEUTRAL = Confidence({"margin": 3.0, "coverage": 1.0, "near": 1.0, "near_other": -1.0, INTERCEPT: -1.25})
"""For a knowledge that was never calibrated: cautious, and only roughly a chance."""
