"""The meaning of a message: linear models on sentence vectors, and what they make of near and far ones."""

import numpy as np
import pytest
from scipy.optimize import minimize

from bot.learning.newton import squared_hinge
from bot.matching.meaning import Meaning, sentence
from bot.matching.model import NOT_OURS

INTENTS = {
    "hive.what": "hive",
    "hive.cost": "hive",
    "honey.what": "honey",
    "elsewhere.wasps": NOT_OURS,
    "off.weather": NOT_OURS,
    "talk.thanks": "talk.thanks",
}


def data(count: int = 40, seed: int = 3):
    """Vectors of unit length around a centre for each intent, with their labels and intents."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(1).normal(size=(len(INTENTS), 24))
    vectors, labels, intents = [], [], []
    for centre, (intent, label) in zip(centres, INTENTS.items(), strict=True):
        for _ in range(count):
            vector = centre + random.normal(size=24) * 0.6
            vectors.append(vector / np.linalg.norm(vector))
            labels.append(label)
            intents.append(intent)
    return np.array(vectors, np.float32), labels, intents


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return Meaning.fit(*data())


def test_unseen_vectors_get_their_class_and_their_intent(meaning: Meaning) -> None:
    vectors, labels, intents = data(30, seed=9)
    meant = [meaning(vector) for vector in vectors]
    right = [max(each.scores, key=each.scores.__getitem__) == label for each, label in zip(meant, labels, strict=True)]
    inside = [max(each.intents, key=each.intents.__getitem__) == i for each, i in zip(meant, intents, strict=True)]
    assert np.mean(right) > 0.95
    assert np.mean(inside) > 0.95
    assert set(meant[0].scores) == set(labels)
    assert set(meant[0].intents) == set(intents)


def test_scores_are_positive_for_yes_and_negative_for_no(meaning: Meaning) -> None:
    vectors, labels, _ = data(30, seed=9)
    yes = [meaning(vector).scores[label] for vector, label in zip(vectors, labels, strict=True)]
    no = [meaning(vector).scores["honey"] for vector, label in zip(vectors, labels, strict=True) if label != "honey"]
    assert np.mean(np.array(yes) > 0) > 0.9
    assert np.mean(np.array(no) < 0) > 0.95


def test_a_class_is_scored_by_itself_and_by_its_best_intent() -> None:
    classes, intents = (NOT_OURS, "hive"), ("elsewhere.wasps", "hive.cost", "hive.what")
    weights = np.array([[1, -1, 0.5, 0.2, 0.9], [0, 0, 0, 2, 0], [0, 0.5, 0, 0, 0.1]], np.float32)
    meant = Meaning(classes, intents, np.array([0, 1, 1]), weights)(np.array([1, 0], np.float32))
    assert meant.intents == pytest.approx({"elsewhere.wasps": 0.5, "hive.cost": 0.2, "hive.what": 1.0})
    assert meant.scores == pytest.approx({NOT_OURS: (1 + 0.5) / 2, "hive": (-0.5 + 1.0) / 2})


def test_training_is_repeatable_and_tells_how_far_it_is() -> None:
    shares: list[float] = []
    vectors, labels, intents = data()
    first = Meaning.fit(vectors, labels, intents, shares.append)
    second = Meaning.fit(*data())
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    for name, array in first.arrays().items():
        np.testing.assert_array_equal(array, second.arrays()[name])


def test_arrays_bring_it_back(meaning: Meaning) -> None:
    again = Meaning.from_arrays(meaning.arrays())
    for vector in data(5, seed=11)[0]:
        before, after = meaning(vector), again(vector)
        assert after.scores == pytest.approx(before.scores, abs=0.02)
        assert after.intents == pytest.approx(before.intents, abs=0.02)


def test_damaged_arrays_are_refused(meaning: Meaning) -> None:
    arrays = meaning.arrays()
    with pytest.raises(KeyError):
        Meaning.from_arrays({name: array for name, array in arrays.items() if name != "home"})
    with pytest.raises(ValueError, match="different models"):
        Meaning.from_arrays(arrays | {"intents": arrays["intents"][:-1]})


def test_the_solver_finds_the_least_loss() -> None:
    """Beside a general minimiser on the same loss."""
    vectors, labels, _ = data(20)
    x = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    sign = np.where(np.array(labels)[:, None] == np.array(["hive", "honey"]), 1, -1).astype(np.float32)
    cost = np.where(sign > 0, np.float32(6), np.float32(2))
    found = squared_hinge(x, x.T, sign, cost)
    for column in range(2):

        def loss(w, column=column):
            behind = np.maximum(0, 1 - sign[:, column] * (x @ w))
            return (w @ w) / 2 + (cost[:, column] * behind**2).sum() / 2

        best = minimize(loss, np.zeros(x.shape[1]), method="L-BFGS-B", options={"maxiter": 500, "maxfun": 100_000}).fun
        assert loss(found[:, column]) == pytest.approx(best, rel=2e-3)


def test_the_disease_is_written_out_for_a_model_that_knows_no_capitals() -> None:
    assert sentence(["is", "ALL", "curable", "for", "all"]) == "is acute lymphoblastic leukemia curable for all"
    assert sentence([]) == ""
