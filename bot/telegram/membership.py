"""Coming into a group, and being sent out of one or blocked."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram import ChatMember
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.telegram.outbox import Place

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import CallbackContext

    from bot.telegram.desk import Desk

log = logging.getLogger(__name__)
_OUT = {ChatMember.LEFT, ChatMember.BANNED}


class Membership:
    """The handler for the bot's own place in a chat."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def changed(self, update: Update, _: CallbackContext) -> None:  # type: ignore[type-arg]
        """Introduce the bot to a group once, or leave when groups are switched off; forget a chat that is over."""
        change = update.my_chat_member
        if change is None:
            return
        was_in = change.old_chat_member.status not in _OUT
        is_in = change.new_chat_member.status not in _OUT
        if not is_in:
            self._desk.forget(change.chat.id)
        elif not was_in and change.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}:
            if self._desk.groups:
                await self._desk.say(Place(change.chat.id), self._desk.phrase("group_hello"))
            else:
                await self._leave(change.chat.id)

    async def _leave(self, chat: int) -> None:
        try:
            await self._desk.outbox.bot.leave_chat(chat)
        except TelegramError as error:
            log.warning("Could not leave a group (%s).", type(error).__name__)
