"""From a message and what is remembered of the chat to a reply: safety first, then commands, talk, and answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.dialogue.commands import Commands
from bot.dialogue.context import Context
from bot.dialogue.decision import Thresholds, thresholds
from bot.dialogue.replies import Replies
from bot.dialogue.wording import NONE, OTHER_LANGUAGE, TOPICS, Wording
from bot.domain import Block, Contacts, Conversation, Reply
from bot.safety import Finding
from bot.text import clean, foreign, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.domain import KnowledgeBase, Match
    from bot.matching import Matcher
    from bot.safety import Scanner


class Dialogue:
    """Answers one message at a time; holds no state of anybody: that is in the Conversation."""

    def __init__(
        self,
        kb: KnowledgeBase,
        matcher: Matcher,
        scanner: Scanner,
        contacts: Contacts | None = None,
        limits: Thresholds | None = None,
    ) -> None:
        self.kb = kb
        self.matcher = matcher
        self.scanner = scanner
        self.limits = limits or thresholds(kb)
        self.wording = Wording(kb, contacts or Contacts())
        self.faults = 0
        """How often the scanner failed since the start."""
        self._commands = Commands(kb, self.wording)
        self._context = Context(kb, matcher, self.limits)
        self._replies = Replies(kb, self.wording, self._context.listed)

    def respond(
        self, text: str, conversation: Conversation, *, choice: str | None = None, today: date | None = None
    ) -> tuple[Reply, Conversation]:
        """The reply to a typed text or a tapped choice, and what to remember for the next one."""
        if choice is not None:
            return self._chosen(choice, conversation, today)
        command, text = self._commands.split(text)
        finding = self.scan(text, conversation.signs)
        conversation = replace(conversation, signs=finding.signs)
        if finding.level in {"urgent", "crisis"}:
            return self._alarm(text, finding, conversation, today)
        if command:
            return self._commands.run(command, text, conversation, today, self._replies.answer)
        words = tokens(clean(text))
        if not words and not clean(text):
            return self._replies.plain(self.wording.phrase("empty"), conversation, today)
        if foreign(text):
            return self._replies.talk(OTHER_LANGUAGE, conversation, today)
        if finding.level in {"advice", "prognosis"}:
            return self._refuse(text, words, finding, conversation, today)
        reply, conversation = self._reply(text, words, conversation, today)
        return reply if self._context.is_phrase(text) else self._noted(reply, finding), conversation

    def card(self, text: str, conversation: Conversation, *, today: date | None = None) -> Reply | None:
        """The urgent or crisis card alone, when the text calls for it, without looking for an answer."""
        command, text = self._commands.split(text)
        finding = self.scan(text, conversation.signs)
        if finding.level in {"urgent", "crisis"}:
            return self._cards(finding, today)
        return (
            self._commands.run(command, "", conversation, today, self._replies.answer)[0]
            if command == "urgent"
            else None
        )

    def parts(self, text: str) -> tuple[tuple[str, Match | None], ...]:
        """The questions that a message is split into, each with what it asks for by itself; for `explain`."""
        found = ((part, self.matcher.match(part).sections) for part in self._context.parts(text))
        return tuple((part, sections[0] if sections else None) for part, sections in found)

    def scan(self, text: str, signs: tuple[str, ...] = ()) -> Finding:
        """What safety finds in a text; if it fails, that is counted, and the urgent card is shown."""
        try:
            return self.scanner.scan(text, signs)
        except Exception:
            self.faults += 1
            return Finding("urgent", ("urgent",), why=("the scanner failed",), signs=signs)

    def _alarm(
        self, text: str, finding: Finding, conversation: Conversation, today: date | None
    ) -> tuple[Reply, Conversation]:
        """The card alone; or the card before the answer when a question is clearly asked beside the alarm."""
        alone = self._cards(finding, today)
        if finding.level == "urgent" and "?" in text:
            found = self.matcher.match(text)
            if found.sections and found.sections[0].score >= max(0.9, self.limits.answer):
                best = found.sections[0]
                blocks = [*alone.blocks, self.wording.block(self.kb.intents[best.intent])]
                reply = self.wording.reply(
                    "answer", blocks, today, intents=[best.intent], safety="urgent", score=best.score, why=finding.why
                )
                return reply, replace(conversation, topic=best.intent, misses=0, clarified=False)
        return alone, replace(conversation, misses=0, clarified=False)

    def _cards(self, finding: Finding, today: date | None) -> Reply:
        cards = [self.wording.card(card) for card in finding.cards]
        return self.wording.reply("urgent", cards, today, safety=finding.level, score=1.0, why=finding.why)

    def _refuse(
        self, text: str, words: Sequence[str], finding: Finding, conversation: Conversation, today: date | None
    ) -> tuple[Reply, Conversation]:
        """What the bot cannot say, who can, and what it does have on the subject.

        A refusal that is only a guess gives way to a clear answer, also of a follow-up. Guessed advice gives way to a
        clear redirect, too: it sends people to their team as well; whoever may ask for chances is told with care.
        """
        found = self.matcher.match(text)
        if finding.guess:
            decision = self._context.decide(text, words, conversation)
            if decision.kind == "answer" and decision.score >= self.limits.answer_over_guess:
                reply, conversation = self._reply(text, words, conversation, today)
                return self._noted(reply, finding), conversation
            for match in found.redirects[:1] if finding.level == "advice" else ():
                if match.score >= self.limits.redirect_over_guess:
                    reply, conversation = self._replies.answer([match.intent], conversation, today, score=match.score)
                    return self._noted(reply, finding), conversation
        near = [match for match in found.sections[:1] if match.score >= self.limits.offer]
        choices = (*(self.wording.choice(match.intent) for match in near), *self.wording.to_topics())
        cards = [self.wording.card(card) for card in finding.cards]
        reply = self.wording.reply(
            "refuse", cards, today, choices=choices, safety=finding.level, score=1.0, why=finding.why
        )
        return reply, replace(conversation, choices=choices, listed=(), misses=0, clarified=False)

    def _noted(self, reply: Reply, finding: Finding) -> Reply:
        """The reply below the soft note, where alarming words were seen that raise no alarm."""
        if "soft" not in finding.cards:
            return reply
        return replace(reply, safety="soft", blocks=(self.wording.card("soft"), *reply.blocks))

    def _chosen(self, target: str, conversation: Conversation, today: date | None) -> tuple[Reply, Conversation]:
        if target in self.kb.intents:
            return self._replies.answer([target], conversation, today, score=1.0)
        if target == TOPICS:
            return self._commands.run("topics", "", conversation, today, self._replies.answer)
        if target == NONE:
            return self._replies.plain(self.wording.phrase("none_reply"), conversation, today)
        section = target.partition(".")[0]
        near = [self.kb.broad(section).id] if section in self.kb.sections else []
        choices = (*(self.wording.choice(intent) for intent in near), *self.wording.to_topics())
        reply = self.wording.reply("fallback", [Block(self.wording.phrase("gone"))], today, choices=choices)
        return reply, replace(conversation, choices=choices, listed=())

    def _reply(
        self, text: str, words: Sequence[str], conversation: Conversation, today: date | None
    ) -> tuple[Reply, Conversation]:
        """Small talk, a reference to what was said, or a question of its own."""
        decision = self._context.decide(text, words, conversation)
        if decision.kind == "chosen":
            return self._chosen(decision.target, conversation, today)
        if decision.kind == "talk":
            return self._replies.talk(decision.target, conversation, today)
        if decision.kind == "answer":
            intents = [match.intent for match in decision.matches]
            why = decision.matches[0].why
            return self._replies.answer(
                intents, conversation, today, score=decision.score, why=why, before=decision.target
            )
        if decision.kind == "redirect":
            return self._replies.answer([decision.matches[0].intent], conversation, today, score=decision.score)
        if decision.kind == "clarify":
            return self._replies.ask(decision, conversation, today)
        if decision.target:
            return self._replies.plain(self.wording.phrase(decision.target), conversation, today)
        return self._replies.nothing(conversation, today, decision.score)
