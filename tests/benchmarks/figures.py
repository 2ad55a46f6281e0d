"""What the benchmarks report about a list of answers: right, wrong, and how well scores tell ours from the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Answer:
    """The best label for one message, and its score; a higher score is more certain."""

    label: str
    score: float


@dataclass(frozen=True, slots=True)
class AtLimit:
    """Shares of our questions answered right and wrong, and of the other messages answered, at one threshold."""

    right: float
    wrong: float
    false: float


def accuracy(answers: Sequence[Answer], labels: Sequence[Sequence[str]]) -> float:
    """The share of best labels that are right, when every message must be answered."""
    return sum(answer.label in right for answer, right in zip(answers, labels, strict=True)) / len(labels)


def auroc(ours: Sequence[Answer], others: Sequence[Answer]) -> float:
    """The chance that a message of ours scores above one that is not, ties counting half."""
    scores = np.array([answer.score for answer in (*ours, *others)])
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    n, m = len(ours), len(others)
    return float((rank[:n].sum() - n * (n + 1) / 2) / (n * m))


def at_limit(
    ours: Sequence[Answer], labels: Sequence[Sequence[str]], others: Sequence[Answer], limit: float
) -> AtLimit:
    """What is answered with the lowest threshold that lets at most `limit` (a share) of the others through."""
    falls = sorted((answer.score for answer in others), reverse=True)
    threshold = falls[min(int(limit * len(falls)), len(falls) - 1)]
    said = [answer.score > threshold for answer in ours]
    right = [answer.label in good for answer, good in zip(ours, labels, strict=True)]
    return AtLimit(
        sum(s and r for s, r in zip(said, right, strict=True)) / len(ours),
        sum(s and not r for s, r in zip(said, right, strict=True)) / len(ours),
        sum(score > threshold for score in falls) / len(falls),
    )


def percentiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile."""
    return float(np.percentile(milliseconds, 50)), float(np.percentile(milliseconds, 99))
