"""Asks the knowledge its own example messages: each of a matcher that was trained without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dialogue import Dialogue
from bot.domain import Conversation
from bot.evaluate.cases import Case, Talk
from bot.evaluate.figures import count
from bot.evaluate.measure import Measured, measure
from bot.matching import Matcher, examples, train
from bot.matching.model import NOT_OURS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain import KnowledgeBase, Reply
    from bot.evaluate.judge import Judged
    from bot.matching import Example
    from bot.safety import Scanner


class _Alone:
    """Answers each message as the first of its conversation."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue

    def reply(self, _person: str, text: str, _choice: str | None = None) -> Reply:
        return self._dialogue.respond(text, Conversation())[0]

    def forget(self, person: str) -> None:
        """Nothing is kept."""


def leave_out(
    kb: KnowledgeBase, scanner: Scanner, groups: int, progress: Callable[[float], None] | None = None
) -> Measured:
    """Train as often as there are groups, each time without every so-many-th example, and ask those.

    Small talk and follow-ups are not asked: they mean nothing outside a conversation.
    """
    every = examples(kb)
    judged: list[Judged] = []
    for group in range(groups):
        rest = [example for n, example in enumerate(every) if n % groups != group]
        dialogue = Dialogue(kb, Matcher(kb, train(kb, among=rest)), scanner)
        talks = [
            Talk((_case(example, n),)) for n, example in enumerate(every) if n % groups == group and _asks(kb, example)
        ]
        judged += measure(_Alone(dialogue), talks).judged
        if progress:
            progress((group + 1) / groups)
    return Measured(tuple(judged), count(judged))


def _asks(kb: KnowledgeBase, example: Example) -> bool:
    return example.label == NOT_OURS or example.label in kb.sections


def _case(example: Example, number: int) -> Case:
    ours = example.label != NOT_OURS
    return Case(
        f"{example.intent}/{number}",
        "knowledge",
        example.text,
        (example.label,) if ours else ("oos",),
        redirects=(example.intent,) if not ours and example.intent.startswith("elsewhere.") else (),
    )
