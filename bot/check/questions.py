"""Rules about the questions of an intent: how many there are, and that each leads to one answer only."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.check.rule import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain import Problem
    from bot.knowledge import Folder
    from bot.knowledge.reader import Reading

ENOUGH = 8
"""Below this many questions the matcher has too little to learn an intent from."""


class _Place(NamedTuple):
    reading: Reading[Any]
    where: tuple[str | int, ...]

    @property
    def text(self) -> str:
        return self.reading.node.find(*self.where).raw

    @property
    def line(self) -> int:
        return self.reading.line(*self.where)

    @property
    def owner(self) -> tuple[str, ...]:
        """What the question leads to: the file, and in a file of several lists the list."""
        return (str(self.reading.path), *(str(step) for step in self.where[:-1]))


def question_twice(folder: Folder) -> Iterator[Problem]:
    """A question stands twice, spelling, case, punctuation and spaces aside.

    Two intents that claim the same question are an error: the bot would have to guess. Twice in one list is a warning:
    it is of no use. Small talk and the off-topic examples count as well.
    """
    first: dict[str, _Place] = {}
    for place in _questions(folder):
        key = fold(place.text)
        other = first.setdefault(key, place)
        if other is place:
            continue
        same = other.owner == place.owner
        where = f"in line {other.line}" if other.reading is place.reading else f"in {_short(other)}"
        message = f"{place.text[:60]!r} already stands {where}: remove one of the two."
        yield finding(place.reading, place.line, "question-twice", message, "warning" if same else "error")


def few_questions(folder: Folder) -> Iterator[Problem]:
    """An intent has fewer than eight questions: it will hardly be found. Add more, each worded in another way."""
    for intent in folder.intents.values():
        if intent.model and len(intent.model.questions) < ENOUGH:
            message = f"There are {len(intent.model.questions)} questions: write at least {ENOUGH}, in different words."
            yield finding(intent, intent.line("questions"), "few-questions", message, "warning")


def fold(text: str) -> str:
    """The text without case, punctuation and spacing; a text of signs alone stays as it is."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub("['’‘ʼ`´]", "", plain)
    return re.sub(r"[\W_]+", " ", plain).strip() or text.strip()


def _questions(folder: Folder) -> Iterator[_Place]:
    for intent in folder.intents.values():
        yield from _list(intent, ("questions",))
    if folder.off_topic:
        for category in folder.off_topic.node.keys:
            yield from _list(folder.off_topic, (category,))
    if folder.phrases and "smalltalk" in folder.phrases.node.children:
        for kind in folder.phrases.node.children["smalltalk"].keys:
            yield from _list(folder.phrases, ("smalltalk", kind, "questions"))


def _list(reading: Reading[Any], where: tuple[str, ...]) -> Iterator[_Place]:
    node = reading.node
    for step in where:
        if step not in node.children:
            return
        node = node.children[step]
    for number, child in node.children.items():
        if isinstance(child.value, str):
            yield _Place(reading, (*where, number))


def _short(place: _Place) -> str:
    return f"{place.reading.path.parent.name}/{place.reading.path.name}:{place.line}"
