"""The door to rapidfuzz."""

import numpy as np

from bot.fuzzy import near_words, word_similarity


def test_near_words_come_nearest_first():
    assert near_words("chmeo", ["chemo", "cheap", "radiation"], 2)[0] == ("chemo", 1)
    assert near_words("radiation", ["chemo"], 2) == []


def test_similarity_is_zero_below_the_cutoff():
    alike = word_similarity(["steroid", "dog"], ["steroids", "marrow"])
    assert alike.shape == (2, 2)
    assert alike[0, 0] > 0.9
    assert np.all(alike[1] == 0)
