"""Training of the matcher's models on a knowledge base, and their form as plain arrays for the cache."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log
from sys import intern
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from bot.domain import ELSEWHERE
from bot.learning import Arrays, Features, LinearModel, Rows
from bot.matching.concepts import Concepts, variants
from bot.matching.examples import Example, examples
from bot.matching.lexicon import Lexicon
from bot.matching.meaning import Meaning, sentence
from bot.matching.model import FEW, NOT_OURS, Group, SectionModel
from bot.matching.nearest import Nearest
from bot.matching.reading import Reader, count_words
from bot.text import clean, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from bot.domain import KnowledgeBase, Vocabulary


_FEWEST = 2
"""Features of a single example are left out: that halves the model and the training, and costs nothing measurable."""
_FEWER_OF = 20_000
"""One more for each so many examples: without it most features of very many examples are slips."""


@dataclass
class Trained:
    """The trained parts of the matcher, and the examples they were trained on."""

    examples: Sequence[Example]
    words: Sequence[Sequence[str]]
    lexicon: Lexicon
    features: Features
    rows: sp.csr_matrix
    sections: SectionModel
    groups: dict[str, Group]
    meaning: Meaning | None = None
    look_alikes: Sequence[Sequence[str]] = ()

    def __post_init__(self) -> None:
        documents = Counter(word for words in self.words for word in set(words))
        rarity = {word: log((1 + len(self.words)) / (1 + count)) + 1 for word, count in documents.items()}
        if len(self.words) <= FEW:
            worth = _worth(self.lexicon, 0.5)
            rarity = {word: known * worth(word) for word, known in rarity.items()}
        self.nearest = Nearest(self.rows, self.words, rarity, self.look_alikes)

    def reader(self, vocabulary: Vocabulary) -> Reader:
        """The reader for messages: it mends towards the words of the examples."""
        own = count_words(
            words
            for words, example in zip(self.words, self.examples, strict=True)
            if example.label != NOT_OURS and "." not in example.label
        )
        return Reader(own, count_words(self.words), vocabulary, self.lexicon, self.features.together)

    def arrays(self) -> Arrays:
        """What `restore` needs, beside the knowledge base."""
        lines = "\n".join(" ".join(words) for words in self.words)
        parts: dict[str, Arrays] = {
            "examples": {"words": np.frombuffer(lines.encode(), np.uint8)},
            "lexicon": self.lexicon.arrays(),
            "features": self.features.arrays(),
            "rows": {"data": self.rows.data.astype(np.float16), "at": self.rows.indices, "to": self.rows.indptr},
            "sections": self.sections.model.arrays(),
        }
        parts |= {f"group {name}": group.arrays() for name, group in self.groups.items()}
        if self.meaning:
            parts["meaning"] = self.meaning.arrays()
        return {f"{part}/{name}": array for part, arrays in parts.items() for name, array in arrays.items()}


def train(
    kb: KnowledgeBase,
    *,
    among: Sequence[Example] | None = None,
    lexicon: Lexicon | None = None,
    encode: Callable[[Sequence[str]], NDArray[np.float32]] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Trained:
    """Train on all examples of a knowledge base, or `among` some of them; `progress` hears a share from 0 to 1.

    With `encode`, which turns texts into sentence vectors, the model of their meaning is trained after that.
    """
    told = progress or (lambda _share: None)
    lexicon = lexicon or Lexicon.english()
    used = tuple(examples(kb) if among is None else among)
    words = [[intern(word) for word in tokens(clean(example.text))] for example in used]
    told(0.1)
    concepts = Concepts(kb.vocabulary, ((text, tokens(clean(text))) for text in variants(kb.vocabulary)))
    features = _features(len(used), lexicon)
    matrix, rows = features.fit([[*each, *concepts(each)] for each in words])
    told(0.3)
    labels = [example.label for example in used]
    sections = SectionModel.fit(matrix, rows, labels, progress=lambda share: told(0.3 + 0.5 * share))
    groups = {}
    for name in (*kb.sections, ELSEWHERE):
        group = _group(rows, used, name)
        if group:
            groups[name] = group
    told(1.0)
    meaning = None
    if encode:
        meaning = Meaning.fit(encode([sentence(each) for each in words]), labels, [each.intent for each in used])
    return Trained(used, words, lexicon, features, matrix, sections, groups, meaning, kb.vocabulary.look_alikes)


def _features(count: int, lexicon: Lexicon) -> Features:
    """Of few examples none can be spared, and everyday words are not yet seen to be such."""
    if count <= FEW:
        return Features(worth=_worth(lexicon))
    return Features(min_df=max(_FEWEST, count // _FEWER_OF))


def _worth(lexicon: Lexicon, least: float = 0.7) -> Callable[[str], float]:
    """From `least` for the most frequent words of English to 1 for those that are not everyday words."""
    return lambda word: min(1.0, least + (1 - least) * max(0.0, lexicon.rarity(word) - 4) / 5)


def _group(rows: Rows, used: Sequence[Example], section: str) -> Group | None:
    """The model of the intents of a section; for the redirects, off-topic messages belong to none of them."""
    inside = [n for n, example in enumerate(used) if example.intent.startswith(section + ".")]
    labels = [used[n].intent for n in inside]
    if len(set(labels)) < 2:
        return None
    if section == ELSEWHERE:
        outside = [n for n, example in enumerate(used) if example.intent.startswith("off.")]
        inside, labels = inside + outside, labels + [NOT_OURS] * len(outside)
    return Group.fit(rows, inside, labels)


def restore(kb: KnowledgeBase, arrays: Arrays) -> Trained:
    """What `train` made on the same knowledge base, from its arrays; KeyError when a part is missing."""
    parts: dict[str, Arrays] = {}
    for name, array in arrays.items():
        part, _, inner = name.partition("/")
        parts.setdefault(part, {})[inner] = array
    used = examples(kb)
    words = [[intern(word) for word in line.split()] for line in _lines(parts["examples"]["words"])]
    lexicon = Lexicon.from_arrays(parts["lexicon"])
    features = Features.from_arrays(parts["features"], _worth(lexicon) if len(used) <= FEW else None)
    kept = parts["rows"]
    rows = sp.csr_matrix((kept["data"].astype(np.float32), kept["at"], kept["to"]), (len(used), features.width))
    classes = tuple(sorted({example.label for example in used}))
    groups = {
        part.removeprefix("group "): Group.from_arrays(_intents(used, part.removeprefix("group ")), inner)
        for part, inner in parts.items()
        if part.startswith("group ")
    }
    sections = SectionModel(classes, LinearModel.from_arrays(parts["sections"]))
    meaning = Meaning.from_arrays(parts["meaning"]) if "meaning" in parts else None
    return Trained(used, words, lexicon, features, rows, sections, groups, meaning, kb.vocabulary.look_alikes)


def _lines(array: np.ndarray[tuple[int], np.dtype[np.generic]]) -> Iterable[str]:
    return array.tobytes().decode().split("\n")


def _intents(used: Sequence[Example], section: str) -> tuple[str, ...]:
    return tuple(sorted({example.intent for example in used if example.intent.startswith(section + ".")}))
