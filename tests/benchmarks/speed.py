"""How fast the matcher is, beside QRatio over the same phrasings in the same run.

python -m tests.benchmarks.speed                            training, cached start, one match, hostile text
python -m tests.benchmarks.speed --sizes 15000,100000       the same phrasings with typing slips, to so many

All times are processor time: that of a core of its own, also on a machine that does other work. Training goes on in two
threads, so the time by the clock is given for it, too.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
from itertools import count, islice
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, TypeVar

from rapidfuzz import fuzz, process

from bot import knowledge
from bot.assistant import models
from bot.matching import Example, Matcher, examples, train
from bot.text import MAX_CHARACTERS
from tests.benchmarks.figures import percentiles
from tests.benchmarks.labelled import read_asked
from tests.benchmarks.noise import typo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.domain import KnowledgeBase

_EVAL = [Path("tests/eval/en") / name for name in ("questions.jsonl", "oos.jsonl")]
_WARM = 50
_Made = TypeVar("_Made")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    """Print what was measured."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.speed", description=__doc__)
    options.add_argument("--sizes", default="", help="numbers of phrasings, with commas")
    options.add_argument("--asked", type=Path, nargs="+", default=_EVAL, help="labelled messages, whose text is used")
    options.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    given = options.parse_args()
    kb = knowledge.load(given.knowledge)
    asked = read_asked(given.asked)
    messages = [*asked.texts, *asked.others]
    if given.sizes:
        for size in map(int, given.sizes.split(",")):
            _grown(kb, size, messages)
    else:
        matcher = _start(kb)
        _match(f"one match, {len(examples(kb))} phrasings", matcher, [each.text for each in examples(kb)], messages)
        _hostile(matcher)
    print(f"peak memory {_peak():.0f} MB")


def _start(kb: KnowledgeBase) -> Matcher:
    """Times training with nothing cached, then the start that finds the trained model; matcher and detector both."""
    with tempfile.TemporaryDirectory() as folder:
        begun = perf_counter()
        matcher, cold = _timed(lambda: models(kb, Path(folder))[0])
        clock = perf_counter() - begun
        matcher, cached = _timed(lambda: models(kb, Path(folder))[0])
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20
    print(f"training with nothing cached {cold:.1f} s, by the clock {clock:.1f} s", end="; ")
    print(f"from the cache {cached:.2f} s, the cache {size:.0f} MB")
    return matcher


def _match(title: str, matcher: Matcher, phrasings: Sequence[str], messages: Sequence[str]) -> None:
    """Both take turns on each message, so that a busy moment of the machine hits both; each message is new to both."""
    lowered = [text.lower() for text in phrasings]

    def nearest(text: str) -> None:
        process.extractOne(text.lower(), lowered, scorer=fuzz.QRatio)

    for text in messages[:_WARM]:
        matcher.match(text)
    ours, theirs = [], []
    for text in messages[_WARM:]:
        ours.append(_milliseconds(matcher.match, text))
        theirs.append(_milliseconds(nearest, text))
    for name, found in (("faqbot", ours), ("QRatio", theirs)):
        middle, late = percentiles(found)
        print(f"{title}: {name} median {middle:.2f} ms, p99 {late:.2f} ms, worst {max(found):.2f} ms", flush=True)


def _hostile(matcher: Matcher) -> None:
    """Texts of Telegram's longest length that are made to be slow; each is tried three times, the best counts."""
    for name, text in hostile():
        print(f"{len(text)} characters, {name}: {min(_milliseconds(matcher.match, text) for _ in range(3)):.1f} ms")


def hostile(seed: int = 0) -> Iterator[tuple[str, str]]:
    """Texts of `MAX_CHARACTERS` characters, each with a name, that cost as much as they can."""
    chance = random.Random(seed)

    def words(*lengths: int) -> str:
        return " ".join("".join(chance.choices(_LETTERS, k=chance.choice(lengths))) for _ in range(MAX_CHARACTERS))

    near = ("leukmia", "chemothrapy", "tranplant", "sterods", "vincrstine", "radiaton", "remision", "marow")
    made = {
        "random short words": words(4, 5, 6),
        "random long words": words(20, 24),
        "words of one letter": " ".join(_LETTERS) * 100,
        "one endless word": "".join(chance.choices(_LETTERS, k=MAX_CHARACTERS)),
        "misspelt words of ours": " ".join(f"{word}{chance.choice(_LETTERS)}" for word in near * 100),
        "one word again and again": "chemotherapy " * 400,
        "look-alike letters": "сhеmоthеrару " * 400,
        "combining marks": "e" + "\u0301" * MAX_CHARACTERS,
        "marks and letters": "e\u0301\u200b" * MAX_CHARACTERS,
        "ligatures that grow": "\ufdfa" * MAX_CHARACTERS,
        "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * MAX_CHARACTERS,
        "other alphabets": "".join(chr(chance.randrange(0x400, 0x9FFF)) for _ in range(MAX_CHARACTERS)),
        "signs": "".join(chance.choices("'`.,-_()[]{}\\/|\n\t ", k=MAX_CHARACTERS)),
        "a l l": "A. L. L. " * 600,
        "all all": "is all for all ALL " * 300,
    }
    for name, text in made.items():
        yield name, text[:MAX_CHARACTERS]


def _grown(kb: KnowledgeBase, size: int, messages: Sequence[str]) -> None:
    among = list(islice(copies(examples(kb)), size))
    trained, seconds = _timed(lambda: train(kb, among=among))
    matcher = Matcher(kb, trained)
    print(f"{size} phrasings: training {seconds:.1f} s, {trained.features.width} features, peak {_peak():.0f} MB")
    _match(f"{size} phrasings", matcher, [each.text for each in among], messages)


def copies(used: Sequence[Example]) -> Iterator[Example]:
    """The examples, then copies of them with typing slips, without end; no text twice."""
    seen: set[str] = set()
    for seed in count(-1):
        for example in used:
            text = typo(example.text, 0.3, seed) if seed >= 0 else example.text
            if text not in seen:
                seen.add(text)
                yield Example(text, example.label, example.intent)


def _milliseconds(ask: Callable[[str], object], text: str) -> float:
    return _timed(lambda: ask(text))[1] * 1000


def _timed(work: Callable[[], _Made]) -> tuple[_Made, float]:
    start = process_time()
    made = work()
    return made, process_time() - start


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
