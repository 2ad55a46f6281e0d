"""How well the matcher understands, beside other ways to match text, on the same phrasings in the same run.

python -m tests.benchmarks.matching                        this knowledge, on the labelled messages of tests/eval
python -m tests.benchmarks.matching --model FOLDER         also with a sentence model, ours and a peer's way
python -m tests.benchmarks.matching --shots 10 clinc.json  a public set, each of its labels a section of its own
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bot import knowledge
from bot.learning import Encoder
from bot.matching import Matcher, train
from bot.matching.model import NOT_OURS
from tests.benchmarks.figures import Answer, accuracy, at_limit, auroc
from tests.benchmarks.labelled import Asked, as_knowledge, read_asked, read_public, sections_or_not
from tests.benchmarks.noise import typo
from tests.benchmarks.peers import PEERS, Sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.domain import KnowledgeBase

    Ask = Callable[[str], Answer]

_EVAL = Path("tests/eval/en")
_LIMITS = (0.05, 0.08)


def main() -> None:
    """Print one table, for this knowledge or for each file."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.matching", description=__doc__)
    options.add_argument("files", nargs="*", type=Path, metavar="FILE", help="public sets; without one, this knowledge")
    options.add_argument("--shots", default="", help="use the set's draw of so many examples for each label (5, 10)")
    options.add_argument("--questions", type=Path, default=_EVAL / "questions.jsonl", help="labelled questions")
    options.add_argument("--off-topic", type=Path, default=_EVAL / "oos.jsonl", help="messages with no answer here")
    options.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    options.add_argument("--peers", default=",".join(PEERS), help="which of " + ", ".join(PEERS))
    options.add_argument("--model", type=Path, help="the folder of a sentence model")
    given = options.parse_args()
    peers = [name for name in given.peers.split(",") if name]
    if given.files:
        for file in given.files:
            _public(file, given.shots, peers)
    else:
        _own(knowledge.load(given.knowledge), read_asked([given.questions, given.off_topic]), peers, given.model)


def ask_matcher(kb: KnowledgeBase, *, names: Mapping[str, str] | None = None, encoder: Encoder | None = None) -> Ask:
    """The real matcher, trained on a knowledge base: the best section, its chance of being right as the score."""
    matcher = Matcher(kb, train(kb, encode=encoder.encode if encoder else None), encoder)

    def ask(text: str) -> Answer:
        best = matcher.match(text).sections[0]
        section = best.intent.partition(".")[0]
        return Answer(names[section] if names else section, best.score)

    return ask


def _own(kb: KnowledgeBase, asked: Asked, peers: Iterable[str], model: Path | None) -> None:
    texts, labels = sections_or_not(kb)
    ours = sum(label != NOT_OURS for label in labels)
    print(f"{len(texts)} phrasings, {ours} of them in {len(kb.sections)} sections, the others one class.")
    print(f"{len(asked.texts)} questions, {len(asked.others)} off-topic messages, each threshold fitted on the latter.")
    print(f"{'':14}{'forced':>8}{'AUROC':>8}" + "".join(f"{f'right/wrong/off at {x:.0%}':>26}" for x in _LIMITS))
    makers: dict[str, Callable[[], Ask]] = {name: partial(PEERS[name], texts, labels) for name in peers}
    makers["faqbot"] = lambda: ask_matcher(kb)
    if model:
        encoder = Encoder.open(model)
        makers["vectors + LR"] = lambda: Sentences(encoder, texts, labels)
        both = replace(kb, calibration=kb.semantic_calibration or kb.calibration)
        makers["faqbot + model"] = lambda: ask_matcher(both, encoder=encoder)
    for name, make in makers.items():
        ask = make()
        found, others = [ask(text) for text in asked.texts], [ask(text) for text in asked.others]
        row = f"{name:14}{100 * accuracy(found, asked.labels):8.1f}{auroc(found, others):8.3f}"
        for limit in _LIMITS:
            at = at_limit(found, asked.labels, others, limit)
            row += f"{100 * at.right:14.1f} /{100 * at.wrong:4.1f} /{100 * at.false:4.1f}"
        print(row, flush=True)


def _public(file: Path, shots: str, peers: Iterable[str]) -> None:
    chosen = read_public(file, shots)
    kb, names = as_knowledge(chosen.phrasings)
    texts, labels = zip(*chosen.phrasings, strict=True)
    print(f"{chosen.name}: {len(texts)} phrasings, {len(names)} labels, {len(chosen.asked.texts)} questions,", end=" ")
    print(f"{len(chosen.asked.others)} with no answer")
    print(f"{'':14}{'accuracy':>10}{'typos':>8}{'AUROC':>8}{'typos':>8}{'training s':>12}{'ms':>8}")
    makers: dict[str, Callable[[], Ask]] = {name: partial(PEERS[name], texts, labels) for name in peers}
    makers["faqbot"] = lambda: ask_matcher(kb, names=names)
    for name, make in makers.items():
        start = perf_counter()
        ask = make()
        trained = perf_counter()
        clean = _both(ask, chosen.asked)
        each = (perf_counter() - trained) / (len(chosen.asked.texts) + len(chosen.asked.others)) * 1000
        noisy = _both(ask, chosen.asked, typo)
        shares = (100 * accuracy(clean[0], chosen.asked.labels), 100 * accuracy(noisy[0], chosen.asked.labels))
        areas = [auroc(*found) if chosen.asked.others else float("nan") for found in (clean, noisy)]
        print(f"{name:14}{shares[0]:10.1f}{shares[1]:8.1f}{areas[0]:8.3f}{areas[1]:8.3f}", end="")
        print(f"{trained - start:12.1f}{each:8.2f}", flush=True)


def _both(ask: Ask, asked: Asked, change: Callable[[str], str] = str) -> tuple[Sequence[Answer], Sequence[Answer]]:
    return [ask(change(text)) for text in asked.texts], [ask(change(text)) for text in asked.others]


if __name__ == "__main__":
    main()
