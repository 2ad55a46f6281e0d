"""What others match text with, behind one form: trained on phrasings with labels, asked one message at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bm25s  # type: ignore[import-not-found,import-untyped,unused-ignore]
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import (  # type: ignore[import-not-found,import-untyped,unused-ignore]
    TfidfVectorizer,
)
from sklearn.linear_model import (  # type: ignore[import-not-found,import-untyped,unused-ignore]
    LogisticRegression,
)
from sklearn.pipeline import make_union  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sklearn.svm import LinearSVC  # type: ignore[import-not-found,import-untyped,unused-ignore]

from bot.matching.model import NOT_OURS
from tests.benchmarks.figures import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.learning import Encoder


class Whole:
    """The nearest phrasing by a rapidfuzz scorer over whole strings; nothing is known if that is not one of ours."""

    def __init__(self, scorer: Callable[..., float], texts: Sequence[str], labels: Sequence[str]) -> None:
        self._scorer = scorer
        self._texts = [text.lower() for text in texts]
        self._labels = labels

    def __call__(self, text: str) -> Answer:
        """The label of the nearest phrasing."""
        found = process.extractOne(text.lower(), self._texts, scorer=self._scorer)
        return _nearest(self._labels[found[2]], found[1])


class Bm25:
    """The nearest phrasing by BM25 over words, as the package bm25s has it by default."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        self._labels = labels
        self._index: Any = bm25s.BM25()
        self._index.index(bm25s.tokenize(list(texts), show_progress=False), show_progress=False)

    def __call__(self, text: str) -> Answer:
        """The label of the nearest phrasing; no score for a message whose words no phrasing has."""
        asked = bm25s.tokenize([text], show_progress=False, return_ids=False)
        if not asked[0]:
            return Answer(NOT_OURS, 0.0)
        places, scores = self._index.retrieve(asked, k=1, show_progress=False)
        return _nearest(self._labels[int(places[0, 0])], float(scores[0, 0]))


class Svm:
    """TF-IDF of characters (2 to 5) and words (1 to 2) with scikit-learn's LinearSVC, C = 1."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        self._features = make_union(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+"),
        )
        self._model = LinearSVC(C=1.0)
        self._model.fit(self._features.fit_transform(texts), labels)
        self._classes = list(self._model.classes_)

    def __call__(self, text: str) -> Answer:
        """The best class of ours, scored by how far it is ahead of "not ours" where that class exists."""
        scores = dict(
            zip(self._classes, self._model.decision_function(self._features.transform([text]))[0], strict=True)
        )
        other = scores.pop(NOT_OURS, 0.0)
        best = max(scores, key=lambda label: scores[label])
        return Answer(best, float(scores[best] - other))


class Sentences:
    """Sentence vectors with scikit-learn's logistic regression, C = 10."""

    def __init__(self, encoder: Encoder, texts: Sequence[str], labels: Sequence[str]) -> None:
        self._encoder = encoder
        self._model = LogisticRegression(C=10.0, max_iter=300)
        self._model.fit(encoder.encode(list(texts)), labels)
        self._classes = list(self._model.classes_)

    def __call__(self, text: str) -> Answer:
        """The best class of ours, scored by its chance."""
        chances = dict(zip(self._classes, self._model.predict_proba(self._encoder.encode([text]))[0], strict=True))
        chances.pop(NOT_OURS, None)
        best = max(chances, key=lambda label: chances[label])
        return Answer(best, float(chances[best]))


PEERS: dict[str, Callable[[Sequence[str], Sequence[str]], Callable[[str], Answer]]] = {
    "WRatio": lambda texts, labels: Whole(fuzz.WRatio, texts, labels),
    "QRatio": lambda texts, labels: Whole(fuzz.QRatio, texts, labels),
    "BM25": Bm25,
    "LinearSVC": Svm,
}
"""Every peer by name: made from phrasings and their labels."""


def _nearest(label: str, score: float) -> Answer:
    """A phrasing outside the sections says "not ours": less certain than any phrasing of ours."""
    return Answer(label, score if label != NOT_OURS else -1.0)
