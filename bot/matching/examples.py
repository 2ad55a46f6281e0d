"""The example messages of a knowledge base, each with the labels that the models learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.matching.model import NOT_OURS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain import KnowledgeBase

TALK = "talk."
CUE = "cue."
OFF = "off."


@dataclass(frozen=True, slots=True)
class Example:
    """One example message: what it is labelled with for the section model, and the intent it belongs to."""

    text: str
    label: str
    intent: str


def examples(kb: KnowledgeBase) -> tuple[Example, ...]:
    """Every example message, in a fixed order; titles and names count as examples; of two equal ones the first."""
    found: dict[str, Example] = {}
    for example in (*_of_sections(kb), *_of_intents(kb), *_of_talk(kb), *_off_topic(kb)):
        found.setdefault(example.text, example)
    return tuple(found.values())


def _of_sections(kb: KnowledgeBase) -> Iterable[Example]:
    for section in kb.topics():
        for text in (section.title, *section.names):
            yield Example(text, section.id, f"{section.id}.{section.broad}")


def _of_intents(kb: KnowledgeBase) -> Iterable[Example]:
    for intent in kb.intents.values():
        label = NOT_OURS if intent.redirect else intent.section
        for text in (*intent.questions, intent.title):
            yield Example(text, label, intent.id)


def _of_talk(kb: KnowledgeBase) -> Iterable[Example]:
    for kind, talk in kb.phrases.smalltalk.items():
        for text in talk.questions:
            yield Example(text, TALK + kind, TALK + kind)
    for cue, texts in kb.phrases.followups.items():
        for text in texts:
            yield Example(text, CUE + cue, CUE + cue)


def _off_topic(kb: KnowledgeBase) -> Iterable[Example]:
    for category, texts in kb.off_topic.items():
        for text in texts:
            yield Example(text, NOT_OURS, OFF + category)
