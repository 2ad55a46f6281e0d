"""Measures the safety net: labelled questions with each detector alone and with both, and the time of hostile text.

python -m tests.benchmarks.safety ../shared/questions            # figures
python -m tests.benchmarks.safety --hostile 10000                # worst time of a scan
python -m tests.benchmarks.safety --train                        # time and size of the trained detector
"""

import argparse
import json
import random
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot import knowledge, settings
from bot.assistant import open_assistant
from bot.dialogue import Dialogue
from bot.domain import Conversation
from bot.safety import FEVER_C, Finding, Scanner, limits, train
from bot.safety.reading import Reader

if TYPE_CHECKING:
    from bot.domain import SafetyLevel

SUSPECT = 0.015
SYMPTOMS = ("chest pain", "38.5", "can't breathe", "one hundred and two", "no fever", "is it", "bleeding won't stop")
SIGNS = "\u200b\u202e\u0301٣·,.!?'\"()[]{}<>/\\|-_=+*&^%$#@~`\n\t "
ALPHABETS = ("abcdefghijklmnopqrstuvwxyz ", "0123456789., ", "аеорсух ", "发烧呼吸困难", "ä́ß﷽ ", SIGNS)


class TrainedAlone:
    """The trained detector by itself: its scores against the limits for a message without slots."""

    def __init__(self, kb, detector):
        self._reader = Reader(kb.safety, FEVER_C)
        self._detector = detector

    def scan(self, text):
        """The classes above their limits, as a finding."""
        scores = self._detector.scores(self._reader.read(text))
        classes: tuple[SafetyLevel, ...] = ("crisis", "urgent", "advice", "prognosis")
        levels = [level for level in classes if scores[level] > limits.ALONE[level]]
        return Finding(levels[0] if levels else None, tuple(levels))


def labelled(folder, name):
    """The items of one file of labelled questions."""
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def questions_of(kb):
    """Every harmless message of the knowledge, as the assistant hands them to `train`."""
    found = [text for intent in kb.intents.values() for text in intent.questions]
    found += [text for texts in kb.off_topic.values() for text in texts]
    found += [text for talk in kb.phrases.smalltalk.values() for text in talk.questions]
    return found + [text for texts in kb.phrases.followups.values() for text in texts]


def share(found, test):
    """How many of the findings pass a test, as a text."""
    hits = sum(1 for one in found if test(one))
    return f"{hits}/{len(found)} = {hits / max(len(found), 1):.1%}"


def figures(scanner, folder):
    """One line for each kind of message."""
    alarm = {"urgent", "crisis"}
    refusal = {"personal_advice", "prognosis"}
    safety = labelled(folder, "safety")
    first = {kind: [item for item in safety if item["labels"][0] == kind] for kind in ("emergency", "crisis", *refusal)}
    known = {"emergency", "crisis", *refusal}
    sets = {
        "hard negatives": [item for item in safety if item["labels"][0] not in known],
        "questions": labelled(folder, "questions"),
        "off topic": labelled(folder, "oos"),
    }

    def scan(items):
        return [scanner.scan(item["text"]) for item in items]

    print("urgent card on emergencies  ", share(scan(first["emergency"]), lambda one: "urgent" in one.cards))
    print("crisis card on crisis       ", share(scan(first["crisis"]), lambda one: "crisis" in one.cards))
    print("advice refused              ", share(scan(first["personal_advice"]), lambda one: one.level == "advice"))
    print("prognosis refused           ", share(scan(first["prognosis"]), lambda one: one.level == "prognosis"))
    for name, items in sets.items():
        found = scan(items)
        pairs = list(zip(items, found, strict=True))
        alarms = [one for item, one in pairs if not {"emergency", "crisis"} & set(item["labels"])]
        refused = [one for item, one in pairs if not refusal & set(item["labels"])]
        print(f"{name}: card", share(alarms, lambda one: bool(alarm & {one.level})), end="; ")
        print("refused", share(refused, lambda one: one.level in ("advice", "prognosis")), end="; ")
        print("soft note", share(found, lambda one: one.level == "soft"))


class Silent(Scanner):
    """A scanner that never finds anything."""

    def __init__(self):
        """It needs no words."""

    def scan(self, text, signs=()):
        """Nothing."""
        return Finding(None, ())


def same_intents(folder, knowledge_folder):
    """How often a harmless message with alarming words gets the same intents with the scanner as without it."""
    own = open_assistant(settings.read(), knowledge_folder).dialogue
    without = Dialogue(own.kb, own.matcher, Silent())
    known = {"emergency", "crisis", "personal_advice", "prognosis"}
    texts = [item["text"] for item in labelled(folder, "safety") if not known & set(item["labels"])]
    pairs = [[one.respond(text, Conversation())[0] for one in (own, without)] for text in texts]
    print("hard negatives: same intents", share(pairs, lambda pair: pair[0].intents == pair[1].intents), end="; ")
    print("soft note", share(pairs, lambda pair: pair[0].safety == "soft"))


def hostile(many, seed=7):
    """Texts of 4,096 characters that aim at the slow paths: repeats, near misses, numbers, marks, mixed scripts."""
    dice = random.Random(seed)
    words = (
        "chest",
        "pain",
        "no",
        "not",
        "can't",
        "fever",
        "38.5",
        "breathe",
        "i",
        "my",
        "is",
        "the",
        "swollen",
        "leg",
    )
    for n in range(many):
        kind = n % 6
        if kind == 0:
            text = (dice.choice(SYMPTOMS) + dice.choice((" ", ", ", ". ", "\n", "-"))) * 2048
        elif kind == 1:
            text = " ".join(dice.choice(words) for _ in range(1400))
        elif kind == 2:
            text = "".join(dice.choice(dice.choice(ALPHABETS)) for _ in range(4096))
        elif kind == 3:
            text = dice.choice("aе1.'٣ ") * 4096
        elif kind == 4:
            text = " ".join("".join(dice.choice("abcdefghin") for _ in range(dice.randint(5, 16))) for _ in range(900))
        else:
            text = (dice.choice(words) + " ") * dice.randint(1, 40) + (dice.choice(words) + " ") * 4096
        yield text[:4096]


def spent(scanner, text):
    """The seconds of one core that a scan takes."""
    begun = time.process_time()
    scanner.scan(text)
    return time.process_time() - begun


def main():
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="?", type=Path)
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--hostile", type=int, default=0)
    parser.add_argument("--train", action="store_true")
    asked = parser.parse_args()
    kb = knowledge.load(asked.knowledge)
    start = time.process_time()
    detector = train(kb.safety, questions_of(kb), [text for texts in kb.off_topic.values() for text in texts])
    if asked.train:
        size = sum(array.nbytes for array in detector.arrays().values())
        print(f"training: {time.process_time() - start:.2f} s of one core, arrays {size / 1e6:.2f} MB")
    both = Scanner.build(kb.safety, detector)
    if asked.questions:
        print("SLOTS ALONE")
        figures(Scanner.build(kb.safety), asked.questions)
        print("TRAINED DETECTOR ALONE (the slots are among its features)")
        figures(TrainedAlone(kb, detector), asked.questions)
        print("BOTH")
        figures(both, asked.questions)
        same_intents(asked.questions, asked.knowledge)
        times = []
        for item in labelled(asked.questions, "questions"):
            begun = time.perf_counter()
            both.scan(item["text"])
            times.append(time.perf_counter() - begun)
        print(f"a scan: median {statistics.median(times) * 1000:.2f} ms")
    if asked.hostile:
        times = []
        for text in hostile(asked.hostile):
            once = spent(both, text)
            # A slow path is slow each time; a busy machine is not.
            times.append(once if once < SUSPECT else min(once, *(spent(both, text) for _ in range(4))))
        worst, middle = max(times) * 1000, statistics.median(times) * 1000
        print(f"hostile: {asked.hostile} texts, worst {worst:.1f} ms, median {middle:.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
