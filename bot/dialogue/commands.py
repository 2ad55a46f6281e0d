"""The commands that work the same in every front end: /start, /help, /topics, /urgent and their like."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain import Block, Conversation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.dialogue.wording import Wording
    from bot.domain import KnowledgeBase, Reply

    Turn = tuple[Reply, Conversation]

_COMMAND = re.compile(r"\s*/([A-Za-z_]{1,32})(?:@\w{1,64})?(?:\s+|$)")
_ALIASES = {"emergency": "urgent", "menu": "topics", "about": "source"}


class Commands:
    """Runs what starts with a slash."""

    def __init__(self, kb: KnowledgeBase, wording: Wording) -> None:
        self._kb = kb
        self._wording = wording

    def split(self, text: str) -> tuple[str, str]:
        """The command of a message ("" for none, "?" for an unknown one) and the text after it."""
        found = _COMMAND.match(text)
        if not found:
            return "", text
        name = _ALIASES.get(found[1].lower(), found[1].lower())
        rest = text[found.end() :]
        known = name in {"topics", "urgent"} or name in self._kb.phrases.commands
        return (name, rest) if known else ("?", f"{found[1]} {rest}")

    def run(
        self,
        name: str,
        rest: str,
        conversation: Conversation,
        today: date | None,
        answer: Callable[[list[str], Conversation, date | None], Turn],
    ) -> Turn:
        """The reply to a command; `answer` opens the answer that a deep link names."""
        if name == "urgent":
            reply = self._wording.reply("urgent", [self._wording.card("urgent")], today, safety="urgent", score=1.0)
            return reply, conversation
        if name == "topics":
            choices = self._wording.topics()
            title = Block("", self._wording.phrase("topics_title"))
            reply = self._wording.reply("smalltalk", [title], today, choices=choices, score=1.0)
            return reply, replace(conversation, choices=choices, listed=(), clarified=False)
        if name == "start" and rest.strip().replace("-", ".") in self._kb.intents:
            return answer([rest.strip().replace("-", ".")], conversation, today)
        if name == "?":
            choices = self._wording.to_topics()
            said = Block(self._wording.phrase("unknown_command"))
            reply = self._wording.reply("fallback", [said], today, choices=choices)
            return reply, replace(conversation, choices=choices, listed=())
        choices = self._wording.to_topics() if name in {"start", "help"} else ()
        said = Block(self._kb.phrases.commands[name])
        reply = self._wording.reply("smalltalk", [said], today, choices=choices, score=1.0)
        if name in {"start", "forget"}:
            conversation = Conversation()
        return reply, replace(conversation, choices=choices, listed=())
