"""The one door to rapidfuzz: nearest words for typing slips, and the alignment of two questions word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def near_words(word: str, vocabulary: Sequence[str], distance: int, limit: int = 8) -> list[tuple[str, int]]:
    """Words at most `distance` edits away (a swap of neighbours counts one), nearest first, with their distances."""
    found = process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=distance, limit=limit)
    return [(near, int(edits)) for near, edits, _ in found]


def word_similarity(left: Sequence[str], right: Sequence[str], cutoff: float = 0.85) -> NDArray[np.float32]:
    """Jaro-Winkler similarity of each word with each, shape (left, right); below `cutoff` it is 0."""
    return process.cdist(left, right, scorer=JaroWinkler.normalized_similarity, score_cutoff=cutoff, dtype=np.float32)
