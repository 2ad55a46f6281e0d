"""What people write: questions, commands, captions, edits, and things that are not text."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.telegram import keyboard
from bot.telegram.address import heard, person, place
from bot.telegram.allowance import Allowance
from bot.telegram.desk import URGENT, Said
from bot.telegram.menu import send_menu

if TYPE_CHECKING:
    from telegram import Message, Update
    from telegram.ext import CallbackContext

    from bot.domain import Reply
    from bot.telegram.desk import Desk

LATE = timedelta(hours=6)
SLOW = 1.0
"""Seconds after which whoever needs help now gets the card before the reply."""
_MENU = {"/topics", "/menu"}


class Messages:
    """The handlers for messages and edited messages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._text_only = Allowance(1)

    async def message(self, update: Update, _: CallbackContext) -> None:  # type: ignore[type-arg]
        """Answer a message that is meant for the bot."""
        message = update.message
        text = heard(message, self._desk.me, groups=self._desk.groups) if message else None
        if message is None or text is None:
            return
        if not text:
            if not (message.text or message.caption) and self._text_only.take(message.chat.id):
                await self._desk.say(place(message), self._desk.phrase("text_only"))
            elif message.text or message.caption:
                await self._desk.say(place(message), await self._desk.ask(person(message), "/help"))
            return
        reply = await self._reply(message, text)
        if text.strip().lower() in _MENU:
            # The assistant was asked all the same, so that a typed number means a topic.
            await send_menu(self._desk, place(message))
            return
        if reply is None:
            return
        late = datetime.now(UTC) - message.date > LATE
        await self._desk.say(place(message), reply, message, late=late)
        if text.partition(" ")[0].lower() == "/forget":
            self._desk.forget(message.chat.id, person(message))

    async def edited(self, update: Update, _: CallbackContext) -> None:  # type: ignore[type-arg]
        """Change the reply to a question that was changed, if the answer is another one now."""
        message = update.edited_message
        text = heard(message, self._desk.me, groups=self._desk.groups) if message else None
        if message is None or not text:
            return
        old = self._desk.said(message.chat.id, message.message_id)
        reply = await self._reply(message, text)
        if reply is None:
            return
        messages, buttons = self._desk.look(reply)
        html = "\n".join(messages)
        if old is not None and html == old.html:
            return
        # An edit makes no sound, so a card that is urgent comes as a new message.
        quiet = old is not None and len(messages) == 1 and reply.safety not in URGENT
        if old is not None and quiet and await self._desk.outbox.edit(message.chat.id, old.message, html, buttons):
            self._desk.resaid(message.chat.id, message.message_id, Said(old.message, html, buttons))
            return
        await self._desk.say(place(message), reply, message)

    async def too_fast(self, message: Message) -> None:
        """Say, once, that the surplus is not read."""
        await self._desk.say(place(message), self._desk.phrase("too_fast"))

    async def _reply(self, message: Message, text: str) -> Reply | None:
        """The reply, or what of it the card that went out before it has not said; None when that is nothing."""
        asking = asyncio.ensure_future(self._ask(message, text))
        try:
            await asyncio.wait({asking}, timeout=SLOW)
            card = None if asking.done() else await self._desk.card(person(message), text)
            if card is None:
                return await asking
            await self._desk.say(place(message), card, message)
            reply = await asking
        finally:
            asking.cancel()
        rest = tuple(block for block in reply.blocks if block not in card.blocks)
        return replace(reply, blocks=rest) if rest else None

    async def _ask(self, message: Message, text: str) -> Reply:
        who = person(message)
        before = message.reply_to_message
        if before is not None and before.from_user is not None and before.from_user.id == self._desk.me.id:
            # A reply to an answer asks on from there, as if its topic had just been opened.
            about = keyboard.subject(before.reply_markup)
            if about in self._desk.kb.intents:
                await self._desk.ask(who, "", about)
        return await self._desk.ask(who, text)
