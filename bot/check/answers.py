"""Rules about an answer as a text: its length, how hard it reads, and what a narrow answer is for."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.check.rule import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain import Problem
    from bot.knowledge import Folder

LONGEST = 900
"""Characters of an answer: about what a phone shows without scrolling twice."""
HARDEST = 8.0
"""The highest reading grade, Flesch-Kincaid."""


def long_answer(folder: Folder) -> Iterator[Problem]:
    """An answer is longer than 900 characters: shorten it, or move a part of it to an intent of its own."""
    for intent in folder.intents.values():
        length = len(intent.model.answer) if intent.model else 0
        if length > LONGEST:
            message = f"The answer has {length} characters, {LONGEST} at most: shorten it."
            yield finding(intent, intent.line("answer"), "long-answer", message)


def hard_answer(folder: Folder) -> Iterator[Problem]:
    """An answer reads harder than US grade 8 (Flesch-Kincaid): use shorter sentences and shorter words.

    It is measured with textstat, which comes with the development packages; without it this rule rests.
    """
    if not can_grade():
        return
    for intent in folder.intents.values():
        grade = _grade(intent.model.answer) if intent.model else 0.0
        if grade > HARDEST:
            message = f"The answer reads at grade {grade:.1f}, {HARDEST:.0f} at most: use shorter sentences and words."
            yield finding(intent, intent.line("answer"), "hard-answer", message, "warning")


def long_narrow_answer(folder: Folder) -> Iterator[Problem]:
    """A narrow answer is longer than half of its section's broad one: who asks for one thing should get just that."""
    for name, section in folder.sections.items():
        broad = folder.intents.get(f"{name}.{section.model.broad}") if section.model else None
        if broad is None or broad.model is None:
            continue
        half = len(broad.model.answer) // 2
        for intent_id, intent in folder.intents.items():
            if intent is broad or not intent_id.startswith(f"{name}.") or intent.model is None:
                continue
            length = len(intent.model.answer)
            if length > half:
                message = (
                    f"The answer has {length} characters, half of the section's broad answer is {half}: shorten it."
                )
                yield finding(intent, intent.line("answer"), "long-narrow-answer", message, "warning")


def can_grade() -> bool:
    """Whether the reading grade can be measured here."""
    return find_spec("textstat") is not None


def _grade(answer: str) -> float:
    import textstat

    lines = (re.sub(r"^(-|\d+\.) ", "", line.strip()) for line in answer.replace("**", "").splitlines())
    # An item of a list is read as a sentence, so it must end like one to be counted as one.
    sentences = (line if line.endswith((".", "!", "?")) else f"{line.rstrip(':;,')}." for line in lines if line)
    return float(textstat.flesch_kincaid_grade(" ".join(sentences)))
