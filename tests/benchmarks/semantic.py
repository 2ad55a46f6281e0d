"""What a local sentence model adds to the words: cost, and right and wrong answers with either and with both.

python -m tests.benchmarks.semantic MODEL_FOLDER                        on the labelled messages of tests/eval
python -m tests.benchmarks.semantic MODEL_FOLDER --asked a.jsonl b.jsonl

Every figure of the second table comes from a logistic regression on messages that were left out of its fit.
"""

from __future__ import annotations

import argparse
import resource
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from bot import knowledge
from bot.learning import load, logistic, save
from bot.learning.encoder import Encoder
from bot.learning.vectors import embed
from bot.matching import Matcher, train
from bot.matching.meaning import Meaning, sentence
from bot.matching.model import NOT_OURS
from tests.benchmarks.figures import Answer, accuracy, at_limit, auroc, percentiles
from tests.benchmarks.labelled import read_asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.domain import KnowledgeBase
    from tests.benchmarks.labelled import Asked

_EVAL = [Path("tests/eval/en") / name for name in ("questions.jsonl", "oos.jsonl")]
_LIMITS = (0.03, 0.04, 0.05)
_WEIGHTS = (0.25, 0.5, 1.0, 1.5, 2.0)
_ROUNDS, _FOLDS = 6, 5
_TWENTY = "my daughter has been on chemo for three weeks and now they want to start radiation to her head why"
_WORDS = ("margin", "gap", "not_ours", "coverage", "strangeness", "near", "near_other", "length", "other_disease")
_SUM = ("sum margin", "sum gap", "sum not_ours", *_WORDS[3:])
_ROWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "words, margin alone": ("words", ("margin",)),
    "words, evidence": ("words", _WORDS),
    "sum, margin alone": ("sum", ("sum margin",)),
    "sum, evidence": ("sum", _SUM),
    "  + margin of the meaning": ("sum", (*_SUM, "meaning margin")),
    "  + gap of the meaning": ("sum", (*_SUM, "meaning gap")),
    "  + the two agree": ("sum", (*_SUM, "agree")),
    "  + nearest, this section": ("sum", (*_SUM, "cosine")),
    "  + nearest, other section": ("sum", (*_SUM, "cosine section")),
    "  + nearest, not ours": ("sum", (*_SUM, "cosine not ours")),
    "  + all of these": (
        "sum",
        (*_SUM, "meaning margin", "meaning gap", "agree", "cosine", "cosine section", "cosine not ours"),
    ),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One message: each class's score by its words and by its meaning, and for each choice of section the inputs."""

    words: dict[str, float]
    meaning: dict[str, float]
    best: dict[str, str]
    inputs: dict[str, dict[str, float]]


def main() -> None:
    """Print what the model costs, and two tables."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.semantic", description=__doc__)
    options.add_argument("model", type=Path, help="the folder of a sentence model")
    options.add_argument(
        "--asked", nargs="+", type=Path, default=_EVAL, help="labelled questions and off-topic messages"
    )
    options.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    options.add_argument("--vectors", type=Path, help="a file that keeps the examples' vectors from run to run")
    given = options.parse_args()
    asked = read_asked(given.asked)
    bench = Bench(knowledge.load(given.knowledge), given.model, given.vectors)
    print(f"{len(asked.texts)} questions, {len(asked.others)} messages with no answer here")
    ours, others = [bench.look(text) for text in asked.texts], [bench.look(text) for text in asked.others]
    print(
        f"\n{'as they are':28}{'forced':>8}{'AUROC':>8}" + "".join(f"{f'right/wrong at {x:.0%}':>20}" for x in _LIMITS)
    )
    sums = {f"words + {weight} meaning": (1.0, weight) for weight in _WEIGHTS}
    for name, weights in {"words": (1.0, 0.0), "meaning": (0.0, 1.0), **sums}.items():
        _print(
            name, [_pick(one, weights, bench.kb) for one in ours], asked, [_pick(o, weights, bench.kb) for o in others]
        )
    print("\nlogistic regression")
    for name, (by, inputs) in _ROWS.items():
        _cross_validated(name, by, inputs, ours, others, asked)


class Bench:
    """The trained parts: the matcher of the words, the encoder and the model of the meaning."""

    def __init__(self, kb: KnowledgeBase, folder: Path, kept: Path | None) -> None:
        self.kb = kb
        self.trained = train(kb)
        self.matcher = Matcher(kb, self.trained)
        memory = _memory()
        start = perf_counter()
        self.encoder = Encoder.open(folder)
        print(f"opened in {1000 * (perf_counter() - start):.0f} ms")
        texts = [sentence(words) for words in self.trained.words]
        start = perf_counter()
        self.vectors, arrays = embed(self.encoder, texts, load(kept) if kept else None)
        print(f"{len(texts)} examples encoded in {perf_counter() - start:.1f} s")
        if kept:
            save(kept, arrays)
        self.labels = np.array([example.label for example in self.trained.examples])
        start = perf_counter()
        self.meaning = Meaning.fit(self.vectors, self.labels.tolist(), [each.intent for each in self.trained.examples])
        print(f"meaning trained in {perf_counter() - start:.1f} s; {_memory() - memory:.0f} MB more at the peak of it")
        times = []
        for _ in range(100):
            start = perf_counter()
            self.meaning(self.encoder.encode([_TWENTY])[0])
            times.append(1000 * (perf_counter() - start))
        print("a text of 20 words: median {:.1f} ms, p99 {:.1f} ms".format(*percentiles(times)))

    def look(self, text: str) -> Seen:
        """Everything that is measured of one message."""
        reading = self.matcher.reader(text)
        row = self.trained.features.transform([reading.features])
        words = self.trained.sections.scores(row)
        vector = self.encoder.encode([sentence(reading.words)])[0]
        meaning = self.meaning(vector).scores
        both = {name: words[name] + meaning[name] for name in words}
        evidence = {name: float(value) for name, value in asdict(self.matcher.match(text).evidence).items()}
        near = self.trained.nearest(row, reading.words)
        cosines = self.vectors @ vector
        best, inputs = {}, {}
        for by, scores in {"words": words, "sum": both}.items():
            name = max(self.kb.sections, key=scores.__getitem__)
            found = dict(evidence)
            for part, values in {"": words, "sum ": both, "meaning ": meaning}.items():
                found |= self._ahead(part, values, name)
            fits = [(each.cosine + each.aligned) / 2 for each in near if self.labels[each.example] == name]
            found["near"] = max(fits, default=0.0)
            found["agree"] = float(name == max(self.kb.sections, key=meaning.__getitem__))
            found["cosine"] = float(cosines[self.labels == name].max())
            found["cosine section"] = float(
                cosines[np.isin(self.labels, list(self.kb.sections)) & (self.labels != name)].max()
            )
            found["cosine not ours"] = float(cosines[self.labels == NOT_OURS].max())
            best[by], inputs[by] = name, found
        return Seen(words, meaning, best, inputs)

    def _ahead(self, part: str, scores: Mapping[str, float], name: str) -> dict[str, float]:
        second = max(scores[other] for other in self.kb.sections if other != name)
        rival = max(score for label, score in scores.items() if label not in self.kb.sections)
        return {
            part + "margin": scores[name] - rival,
            part + "gap": scores[name] - second,
            part + "not_ours": scores[NOT_OURS],
        }


def _pick(seen: Seen, weights: tuple[float, float], kb: KnowledgeBase) -> Answer:
    scores = {name: weights[0] * seen.words[name] + weights[1] * seen.meaning[name] for name in seen.words}
    name = max(kb.sections, key=scores.__getitem__)
    return Answer(name, scores[name] - max(score for label, score in scores.items() if label not in kb.sections))


def _cross_validated(
    name: str, by: str, names: Iterable[str], ours: Sequence[Seen], others: Sequence[Seen], asked: Asked
) -> None:
    """One row: the mean over several ways to split the messages."""
    keys = tuple(names)
    inputs = np.array([[seen.inputs[by][key] for key in keys] for seen in (*ours, *others)])
    right = np.array(
        [seen.best[by] in good for seen, good in zip(ours, asked.labels, strict=True)] + [False] * len(others)
    )
    figures = []
    for turn in range(_ROUNDS):
        chances = np.zeros(len(inputs))
        fold = np.random.default_rng(turn).permutation(len(inputs)) % _FOLDS
        for n in range(_FOLDS):
            chances[fold == n] = _chances(inputs[fold != n], right[fold != n], inputs[fold == n])
        found = [Answer(seen.best[by], float(c)) for seen, c in zip((*ours, *others), chances, strict=True)]
        figures.append(_figures(found[: len(ours)], asked, found[len(ours) :]))
    _row(name, np.mean(figures, 0).tolist())


def _chances(inputs: NDArray[np.float64], right: NDArray[np.bool_], asked: NDArray[np.float64]) -> NDArray[np.float64]:
    middle, spread = inputs.mean(0), inputs.std(0) + 1e-9
    weights = logistic((inputs - middle) / spread, right)
    total: NDArray[np.float64] = ((asked - middle) / spread) @ weights[:-1] + weights[-1]
    return total


def _figures(ours: Sequence[Answer], asked: Asked, others: Sequence[Answer]) -> list[float]:
    found = [accuracy(ours, asked.labels), auroc(ours, others)]
    for limit in _LIMITS:
        at = at_limit(ours, asked.labels, others, limit)
        found += [at.right, at.wrong]
    return found


def _print(name: str, ours: Sequence[Answer], asked: Asked, others: Sequence[Answer]) -> None:
    _row(name, _figures(ours, asked, others))


def _row(name: str, figures: Sequence[float]) -> None:
    forced, area, *rest = figures
    pairs = "".join(
        f"{100 * right:13.1f} /{100 * wrong:5.1f}" for right, wrong in zip(rest[::2], rest[1::2], strict=True)
    )
    print(f"{name:28}{100 * forced:8.1f}{area:8.3f}{pairs}", flush=True)


def _memory() -> float:
    """The most memory that was held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
