"""Where the benchmarks' messages come from: labelled files of this bot, or any public set of intents."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.domain import Intent, KnowledgeBase, Phrases, SafetyKnowledge, Section, Source, Vocabulary
from bot.evaluate.cases import REPLY_TYPES
from bot.matching import examples
from bot.matching.model import NOT_OURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Asked:
    """Messages to ask: those that have an answer, each with every label that is right, and those that have none."""

    texts: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A public set of intents: its phrasings with their labels, and what to ask."""

    name: str
    phrasings: tuple[tuple[str, str], ...]
    asked: Asked


def read_asked(paths: Iterable[Path]) -> Asked:
    """Single labelled messages ("text" and "labels") whose best label is a section, or that nothing answers."""
    texts, labels, others = [], [], []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            right = tuple(label.partition(".")[0] for label in row.get("labels", ()))
            ours = [label for label in right if label not in REPLY_TYPES | {"elsewhere"}]
            if right and right[0] in ours:
                texts.append(row["text"])
                labels.append(tuple(ours))
            elif right and right[0] in {"oos", "elsewhere"} and not ours:
                others.append(row["text"])
    return Asked(tuple(texts), tuple(labels), tuple(others))


def read_public(path: Path, shots: str = "") -> PublicSet:
    """A set in the form {"train": [[text, label]], "test": [[text, label]], "oos_test": [text], "shot10": ...}."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    train = found[f"shot{shots}"] if shots else found["train"]
    asked = Asked(
        tuple(text for text, _ in found["test"]),
        tuple((label,) for _, label in found["test"]),
        tuple(found["oos_test"]),
    )
    name = f"{path.stem}, {shots} examples" if shots else path.stem
    return PublicSet(name, tuple((text, label) for text, label in train), asked)


def sections_or_not(kb: KnowledgeBase) -> tuple[list[str], list[str]]:
    """Every example message of a knowledge base with its section, all that no section answers under one label."""
    used = examples(kb)
    return [each.text for each in used], [each.label if each.label in kb.sections else NOT_OURS for each in used]


def as_knowledge(phrasings: Sequence[tuple[str, str]]) -> tuple[KnowledgeBase, dict[str, str]]:
    """A knowledge base in which each label is a section of its own, with one intent; and section ids to labels.

    A label's name, its underscores read as spaces, is the section's title, as a title is there in a real one.
    """
    names = sorted({label for _, label in phrasings})
    ids = {label: f"s{n}" for n, label in enumerate(names)}
    questions: dict[str, list[str]] = {label: [] for label in names}
    for text, label in phrasings:
        questions[label].append(text)
    titles = {label: label.replace("_", " ").replace("-", " ") for label in names}
    kb = KnowledgeBase(
        language="en",
        source=Source("", "", "", "", "", "", "", "", ""),
        sections={ids[name]: Section(ids[name], titles[name], (), n, "broad") for n, name in enumerate(names)},
        intents={
            f"{ids[name]}.broad": Intent(f"{ids[name]}.broad", ids[name], titles[name], "", tuple(questions[name]))
            for name in names
        },
        off_topic={},
        phrases=Phrases(),
        vocabulary=Vocabulary(),
        safety=SafetyKnowledge(),
        digest="",
    )
    return kb, {section: label for label, section in ids.items()}
