"""Inline mode: answers as cards that can be sent into any chat."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.telegram.render import plain, render

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import CallbackContext

    from bot.domain import Reply
    from bot.telegram.desk import Desk

MOST = 8
CACHE_SECONDS = 60
"""How long Telegram may show the same cards to others; a change of the knowledge is seen that late at most."""
_URGENT = "/urgent"
_NOBODY = "inline"
_DESCRIPTION = 120
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Inline:
    """The handler for inline queries; what is typed there is not a conversation and leaves no trace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def query(self, update: Update, _: CallbackContext) -> None:  # type: ignore[type-arg]
        """Offer the answers that fit, or all topics while nothing is typed; whoever needs help now sees that first."""
        query = update.inline_query
        if query is None:
            return
        kb, text = self._desk.kb, query.query.strip()
        intents = await self._desk.suggest(text, MOST) if text else [kb.broad(topic.id).id for topic in kb.topics()]
        cards = [await self._card(intent, choice=intent) for intent in dict.fromkeys(intents) if intent in kb.intents]
        if text and self._desk.assistant.alarm(text):
            cards.insert(0, await self._card(_URGENT, text=_URGENT))
        nothing = kb.phrases.replies.get("inline_empty", "") if text else ""
        await self._desk.outbox.answer_inline(query.id, [card for card in cards if card], CACHE_SECONDS, nothing)

    async def _card(self, name: str, text: str = "", choice: str | None = None) -> InlineQueryResultArticle | None:
        reply: Reply = await self._desk.ask(_NOBODY, text, choice)
        self._desk.assistant.forget(_NOBODY)
        pages = render(replace(reply, choices=()))
        if not reply.blocks or len(pages) != 1 or len(name.encode()) > 64:
            return None
        block = reply.blocks[0]
        short = " ".join(plain(block.text.replace("**", "")).split())
        return InlineQueryResultArticle(
            name,
            block.title or short[:64],
            InputTextMessageContent(pages[0], ParseMode.HTML, link_preview_options=_NO_PREVIEW),
            description=short[:_DESCRIPTION],
        )
