"""Features, linear models, and the cache of arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning import Features, LinearModel, load, logistic, save
from bot.learning.names import parts, pieces

MESSAGES = [
    ["why", "does", "hair", "fall", "out"],
    ["losing", "hair"],
    ["how", "is", "it", "given"],
    ["given", "by", "mouth", "or", "drip"],
    ["weather", "today"],
    ["rain", "tomorrow"],
]
ODD = [*MESSAGES, ["what", "whatever", "what", "=concept", "and", "what"], ["banana", "banana"], [], ["ξ"]]
CLASSES = np.array([0, 0, 1, 1, -1, -1])


@pytest.fixture
def features():
    made = Features()
    made.fit(MESSAGES)
    return made


def test_rows_have_unit_length(features):
    lengths = np.sqrt(np.asarray(features.transform(MESSAGES).power(2).sum(1))).ravel()
    assert lengths == pytest.approx(np.ones(len(MESSAGES)), abs=1e-5)


def test_what_was_never_seen_is_an_empty_row(features):
    assert features.transform([["ξ"], []]).nnz == 0


def test_a_misspelt_word_still_shares_pieces(features):
    known, slip = features.transform([["weather"], ["wheather"]])
    assert (known @ slip.T).toarray()[0, 0] > 0.2


def test_a_concept_counts_as_a_word_without_pieces():
    made = Features()
    made.fit([["imatinib", "=tki"], ["gleevec", "=tki"]])
    shared = made.transform([["=tki"]])
    assert shared.nnz == 1
    assert (shared @ made.transform([["imatinib", "=tki"]]).T).toarray()[0, 0] > 0


@pytest.mark.parametrize("worth", [None, lambda word: len(word) / 10])
@pytest.mark.parametrize("reach", [0, 5])
def test_many_messages_are_read_as_each_alone(worth, reach):
    made = Features((1.5, 1.0, 1.0, 0.7), worth=worth, reach=reach)
    together, _ = made.fit(ODD)
    alone = [made.transform([message]) for message in ODD]
    assert together.toarray() == pytest.approx(np.vstack([row.toarray() for row in alone]))


def test_features_of_nothing_are_none():
    matrix, rows = Features().fit([])
    assert matrix.shape == (0, 0)
    assert rows.many == 0


@pytest.mark.parametrize("worth", [None, lambda word: len(word) / 10])
@pytest.mark.parametrize("min_df", [1, 2])
@pytest.mark.parametrize("reach", [0, 4])
def test_words_times_pieces_and_the_rest_are_the_rows(worth, min_df, reach):
    matrix, rows = Features(worth=worth, min_df=min_df, max_df=0.5, reach=reach).fit(ODD)
    plain = matrix.toarray()

    def same(found, wanted):
        assert found @ np.eye(wanted.shape[1], dtype=np.float32) == pytest.approx(wanted, abs=1e-6)

    assert min(rows.left.nnz, rows.right.nnz, rows.rest.nnz) > 0
    same(rows, plain)
    same(rows.transposed(), plain.T)
    same(rows.every(3), plain[::3])
    same(rows.with_constant(0.3), np.c_[plain, np.full(len(ODD), 0.3)])
    columns, some = rows.some(np.array([0, 6, 7]))
    same(some, plain[[0, 6, 7]][:, columns])
    assert not np.delete(plain[[0, 6, 7]], columns, axis=1).any()


@given(st.lists(st.text("abαß中", min_size=1, max_size=45)))
def test_the_pieces_of_many_words_have_the_names_of_those_of_each(words):
    owners, names = pieces(words)
    for n, word in enumerate(words):
        assert sorted(names[owners == n]) == sorted(parts(word).names[: parts(word).pieces])


def test_a_pair_that_stands_in_the_messages_is_known(features):
    first, second = MESSAGES[0][:2]
    assert features.together(first, second) > 0
    assert features.together(second, first) == 0


def test_words_farther_apart_count_up_to_the_reach():
    told = ["she", "was", "sick", "from", "it", "today"]
    far = [Features((1.0, 1.0, 1.0, 1.0), reach=reach) for reach in (0, 3, 5)]
    widths = []
    for made in far:
        made.fit([told])
        widths.append(made.width)
    assert [width - widths[0] for width in widths] == [0, 3, 6]
    again = Features.from_arrays(far[-1].arrays())
    assert (again.transform([told]) != far[-1].transform([told])).nnz == 0
    assert again.transform([told]).nnz == widths[-1]


def test_rare_features_can_be_left_out():
    every, common = Features(), Features(min_df=2)
    every.fit(MESSAGES)
    common.fit(MESSAGES)
    assert 0 < common.width < every.width


def test_a_model_of_few_examples_tells_the_classes_apart(features):
    model = LinearModel.fit_few(features.transform(MESSAGES[:4]), CLASSES[:4], 2)
    assert list(model.scores(features.transform(MESSAGES[:4])).argmax(1)) == [0, 0, 1, 1]


def test_a_model_learns_and_leaves_the_rest_negative(features):
    rows = features.transform(MESSAGES)
    told: list[float] = []
    model = LinearModel.fit(Features().fit(MESSAGES)[1], CLASSES, 2, cost=10, progress=told.append)
    scores = model.scores(rows)
    assert list(scores[:4].argmax(1)) == [0, 0, 1, 1]
    assert (scores[4:] < 0).all()
    assert told[-1] == 1.0
    assert model.scores(rows[0])[0] == pytest.approx(scores[0], abs=1e-5)


def test_models_survive_the_cache(features, tmp_path):
    rows = features.transform(MESSAGES)
    model = LinearModel.fit(Features().fit(MESSAGES)[1], CLASSES, 2)
    path = tmp_path / "deep" / "model.npz"
    save(path, {"features/" + k: v for k, v in features.arrays().items()} | model.arrays())
    kept = load(path)
    assert kept is not None
    again = Features.from_arrays({k.removeprefix("features/"): v for k, v in kept.items() if "/" in k})
    assert (again.transform(MESSAGES) != rows).nnz == 0
    assert LinearModel.from_arrays(kept).scores(rows) == pytest.approx(model.scores(rows), abs=2e-3)
    assert [file.name for file in path.parent.iterdir()] == ["model.npz"]


def test_a_missing_or_damaged_cache_is_no_model(tmp_path):
    assert load(tmp_path / "none.npz") is None
    bad = tmp_path / "bad.npz"
    bad.write_bytes(b"PK\x03\x04 not a zip")
    assert load(bad) is None
    bad.write_bytes(b"")
    assert load(bad) is None


def test_nothing_is_left_behind_when_saving_fails(tmp_path):
    with pytest.raises(ValueError, match="Object"):
        save(tmp_path / "model.npz", {"bad": np.array([object()])})
    assert list(tmp_path.iterdir()) == []


def test_logistic_weights_follow_the_evidence():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(400, 2))
    yes = rows[:, 0] + 0.3 * rng.normal(size=400) > 0
    weights = logistic(rows, yes)
    assert weights[0] > 1
    assert abs(weights[1]) < 0.5
    assert logistic(rows, yes, weight=np.zeros(400) + 1e-9)[0] < weights[0]
