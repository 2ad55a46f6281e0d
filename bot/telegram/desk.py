"""Where every handler works: it asks the assistant, sends what it says, and remembers which reply answered what."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot.domain import Block, Reply
from bot.telegram import keyboard
from bot.telegram.recent import Recent
from bot.telegram.render import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import InlineKeyboardMarkup, Message, User

    from bot.domain import KnowledgeBase
    from bot.telegram.ledger import Ledger
    from bot.telegram.outbox import Outbox, Place

log = logging.getLogger(__name__)
_REMEMBERED_SECONDS = 30 * 60.0
URGENT = {"urgent", "crisis"}
"""What somebody needs to see now: it does not queue."""


class Answerer(Protocol):
    """What Telegram needs of the assistant."""

    @property
    def kb(self) -> KnowledgeBase:
        """The knowledge that the answers come from."""

    def reply(self, person: str, text: str, choice: str | None = None) -> Reply:
        """The reply to a text, or to a tapped choice's target."""

    def card(self, person: str, text: str) -> Reply | None:
        """The card that a message calls for, without its answer; asked while a reply is at work."""

    def forget(self, person: str) -> None:
        """Drop what is remembered of a conversation."""

    def alarm(self, text: str) -> bool:
        """Whether somebody needs help now, by this text alone."""

    def suggest(self, text: str, most: int) -> Sequence[str]:
        """The intents that fit best, best first, for an unfinished question."""


@dataclass(frozen=True, slots=True)
class Said:
    """A reply that was sent: the message of ours that holds it, and what it looks like."""

    message: int
    html: str
    buttons: InlineKeyboardMarkup | None


@dataclass
class Desk:
    """Holds no text of anybody: of each reply only where it stands and what it says."""

    assistant: Answerer
    outbox: Outbox
    ledger: Ledger
    me: User
    groups: bool = True
    _said: Recent[tuple[int, int], Said] = field(default_factory=lambda: Recent(_REMEMBERED_SECONDS))
    # One thread: the assistant wants the messages of a person in order and is not asked to be more than that.
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="assistant"))
    # Another one, for what cannot wait until the first is free.
    _second: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="card"))

    @property
    def kb(self) -> KnowledgeBase:
        """The knowledge that everything shown comes from."""
        return self.assistant.kb

    async def ask(self, person: str, text: str, choice: str | None = None) -> Reply:
        """The assistant's reply."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self.assistant.reply, person, text, choice)

    async def card(self, person: str, text: str) -> Reply | None:
        """The card that a message calls for, even while the assistant is busy with something else."""
        return await asyncio.get_running_loop().run_in_executor(self._second, self.assistant.card, person, text)

    async def suggest(self, text: str, most: int) -> Sequence[str]:
        """The intents that fit an unfinished question best."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.assistant.suggest, text, most)

    def phrase(self, name: str, *titled: str) -> Reply:
        """A fixed sentence of the knowledge as a reply, with the lines that every reply carries."""
        return self.saying(self.kb.phrases.replies.get(name, ""), *titled)

    def saying(self, text: str, title: str = "") -> Reply:
        """This text of the knowledge as a reply; the line that leads to /urgent is not said twice."""
        source = self.kb.source
        notes = [source.disclaimer, "" if "/urgent" in text else source.urgent_line]
        return Reply("smalltalk", (Block(text, title),), tuple(note for note in notes if note))

    def look(self, reply: Reply, *, late: bool = False) -> tuple[Sequence[str], InlineKeyboardMarkup | None]:
        """The messages of a reply as HTML, and the buttons under the last of them."""
        replies = self.kb.phrases.replies
        buttons = keyboard.choices(reply, self.kb)
        asked = keyboard.subject(buttons)
        return render(
            reply,
            before=replies.get("late", "") if late else "",
            after=replies.get("feedback_question", "") if asked else "",
        ), buttons

    async def say(self, place: Place, reply: Reply, question: Message | None = None, *, late: bool = False) -> None:
        """Send a reply, and remember that it answered this question."""
        messages, buttons = self.look(reply, late=late)
        sent = None
        for html in messages:
            last = html is messages[-1]
            sent = await self.outbox.send(place, html, buttons if last else None, hurry=reply.safety in URGENT)
        if sent is not None and question is not None:
            self.resaid(place.chat, question.message_id, Said(sent.message_id, "\n".join(messages), buttons))

    def said(self, chat: int, question: int) -> Said | None:
        """The reply that answered this message, while it is remembered."""
        return self._said.get((chat, question))

    def resaid(self, chat: int, question: int, said: Said) -> None:
        """Remember what the reply looks like now."""
        self._said.put((chat, question), said)

    def forget(self, chat: int, person: str | None = None) -> None:
        """Drop all that is remembered of a chat, or of a person in it."""
        self.assistant.forget(person or str(chat))
        self._said.drop(*(key for key in self._said if key[0] == chat))

    def close(self) -> None:
        """End the assistant's threads."""
        for thread in (self._thread, self._second):
            thread.shutdown(wait=False, cancel_futures=True)
