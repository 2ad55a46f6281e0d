"""The replies themselves: an answer with what to tap next, a choice, small talk, or that nothing is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.dialogue.wording import NONE, OTHER_LANGUAGE, TOPICS, Wording, list_items
from bot.domain import Block, Choice, Conversation, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from bot.dialogue.decision import Decision
    from bot.domain import Intent, KnowledgeBase, Outcome

_MOST_CHOICES, _TOLD = 8, 2


class Replies:
    """Puts replies together, each with what to remember of it for the next message."""

    def __init__(self, kb: KnowledgeBase, wording: Wording, listed: Callable[[str], tuple[str, ...]]) -> None:
        """`listed` names the intents that the list in an intent's answer is about, if it has one."""
        self._kb = kb
        self._wording = wording
        self._listed = listed

    def answer(
        self,
        intents: Sequence[str],
        conversation: Conversation,
        today: date | None,
        *,
        score: float = 1.0,
        why: Sequence[str] = (),
        before: str = "",
    ) -> tuple[Reply, Conversation]:
        """One answer, or two that were asked for together and the others to tap; a redirect when the intent is one."""
        intents, later = intents[:_TOLD], intents[_TOLD:]
        found = [self._kb.intents[intent] for intent in intents]
        first = found[0]
        blocks = [Block(self._wording.phrase(before))] if before else []
        blocks += [self._wording.block(intent) for intent in found]
        listed = self._listed(first.id) if len(found) == 1 else tuple(intents)
        choices, numbered = self._next(found, listed, later)
        outcome: Outcome = "redirect" if first.redirect else "answer"
        kept = listed or conversation.listed
        reply = self._wording.reply(
            outcome,
            blocks,
            today,
            choices=choices,
            intents=intents,
            score=score,
            why=why,
            numbered=numbered,
            lettered=bool(kept) and not numbered,
        )
        topic = conversation.topic if first.redirect else first.id
        return reply, replace(conversation, topic=topic, choices=choices, listed=kept, misses=0, clarified=False)

    def _next(
        self, found: Sequence[Intent], listed: tuple[str, ...], later: Sequence[str]
    ) -> tuple[tuple[Choice, ...], int]:
        """What to tap after an answer: the items of its own numbered list, else what waits, and its follow-ups."""
        if len(found) == 1 and listed and len(list_items(found[0].answer)) == len(listed):
            return (*(self._wording.choice(name) for name in listed), *self._wording.to_topics()), len(listed)
        choices = {intent: self._wording.choice(intent) for intent in later}
        for choice in (choice for intent in found for choice in self._wording.follow_ups(intent)):
            if choice.target not in {other.id for other in found}:
                choices.setdefault(choice.target, choice)
        last = choices.pop(TOPICS)
        return (*list(choices.values())[: _MOST_CHOICES - 1], last), 0

    def ask(self, decision: Decision, conversation: Conversation, today: date | None) -> tuple[Reply, Conversation]:
        """The intents that may be meant, to choose from, and "none of these"."""
        choices = [self._wording.choice(match.intent) for match in decision.matches]
        phrase = "clarify" if len(choices) > 1 else "clarify_one"
        choices.append(Choice(self._wording.phrase("none_of_these"), NONE))
        reply = self._wording.reply(
            "clarify", [Block(self._wording.phrase(phrase))], today, choices=choices, score=decision.score
        )
        topic = decision.matches[0].intent
        return reply, replace(conversation, topic=topic, choices=tuple(choices), listed=(), clarified=True)

    def talk(self, kind: str, conversation: Conversation, today: date | None) -> tuple[Reply, Conversation]:
        """The reply to a kind of small talk; a message in another language is one more that was not understood."""
        said = self._kb.phrases.smalltalk[kind].reply
        if kind == OTHER_LANGUAGE:
            return self.plain(said, conversation, today)
        choices = self._wording.to_topics() if kind in {"greeting", "help"} else ()
        reply = self._wording.reply("smalltalk", [Block(said)], today, choices=choices, score=1.0)
        return reply, replace(conversation, misses=0, clarified=False, choices=choices or conversation.choices)

    def plain(self, said: str, conversation: Conversation, today: date | None) -> tuple[Reply, Conversation]:
        """A sentence of the bot about itself, when there is nothing to answer."""
        choices = self._wording.to_topics()
        reply = self._wording.reply("fallback", [Block(said)], today, choices=choices)
        return reply, replace(conversation, choices=choices, listed=(), misses=conversation.misses + 1, clarified=False)

    def nothing(self, conversation: Conversation, today: date | None, score: float = 0.0) -> tuple[Reply, Conversation]:
        """Nothing is known; the second time in a row with the topics and who to call."""
        again = conversation.misses > 0
        choices = self._wording.topics() if again else self._wording.to_topics()
        text = self._wording.phrase("fallback_again" if again else "fallback")
        reply = self._wording.reply("fallback", [Block(text)], today, choices=choices, score=score)
        return reply, replace(conversation, choices=choices, listed=(), misses=conversation.misses + 1, clarified=False)
