"""A bot about bees that runs in this process against the small Bot API; its assistant is a double that never learns."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.domain import Block, Choice, Reply
from bot.settings import Settings
from bot.storage import open_store
from bot.telegram.replica import Replica
from tests.bot_api import TOKEN


class Beekeeper:
    """Answers with what it was asked, and remembers who asked what, for the tests to look at."""

    def __init__(self, kb, slow=0.0):
        self.kb = kb
        self.slow = slow
        self.asked: list[tuple[str, str, str | None]] = []
        self.forgotten: list[str] = []

    def reply(self, person, text, choice=None):
        self.asked.append((person, text, choice))
        time.sleep(self.slow)
        notes = (self.kb.source.disclaimer, self.kb.source.urgent_line)
        if text == "crash":
            raise ValueError("CANARY text of a person")
        card = self.card(person, text)
        if card and "?" in text:
            return replace(card, outcome="answer", blocks=(*card.blocks, Block("Bees sting.")))
        if card:
            return card
        if text == "which?":
            kinds = tuple(Choice(intent.title, intent.id) for intent in self.kb.intents.values())
            return Reply("clarify", (Block("Which?"),), notes, (*kinds, Choice("None", ":none")))
        if text.startswith("say "):
            return Reply("smalltalk", (Block(text.removeprefix("say ")),), notes)
        intent = self.kb.intents.get(choice or ("honey.what" if "honey" in text else ""))
        if intent is None:
            return Reply("fallback", (Block(f"I do not know: {text or choice}"),), notes)
        choices = (*(Choice(self.kb.intents[name].title, name) for name in intent.follow_ups), Choice("All", ":topics"))
        return Reply("answer", (Block(intent.answer, intent.title),), ("From a book.", *notes), choices, (intent.id,))

    def forget(self, person):
        self.forgotten.append(person)

    def card(self, person, text):
        notes = (self.kb.source.disclaimer, self.kb.source.urgent_line)
        alarming = self.alarm(text) or text.startswith("/urgent")
        return Reply("urgent", (Block("Call 112.", "Now"),), notes, safety="urgent") if alarming else None

    def alarm(self, text):
        return "sting" in text

    def suggest(self, text, most):
        return [name for name in self.kb.intents if name.startswith(text.lower())][:most]


def settings(api, folder, **more):
    """The settings of a bot that talks to this server."""
    base = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url, "FAQBOT_DATA": folder}
    return Settings(**base | more)


@asynccontextmanager
async def running(api, assistant, folder, **more):
    """A running bot; it gets the signal of a supervisor at the end, and must come to an end."""
    chosen = settings(api, folder, **more)
    store = open_store(chosen.database_url)
    replica = Replica(chosen, store, assistant)
    before = len(api.of("setMyShortDescription"))
    task = asyncio.create_task(replica.run())
    await api.until(lambda: task.done() or len(api.of("setMyShortDescription")) > before)
    try:
        yield replica
        replica._stop(signal.SIGTERM)
        assert await asyncio.wait_for(task, 5) == 0
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        store.close()
