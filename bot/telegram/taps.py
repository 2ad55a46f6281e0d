"""What people tap: choices, pages of the menu, pictures, and whether an answer helped."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from telegram import Message
from telegram.constants import ChatType

from bot.errors import StorageError
from bot.telegram import keyboard
from bot.telegram.address import place
from bot.telegram.menu import send_menu, turn_page
from bot.telegram.outbox import Place
from bot.telegram.pictures import Pictures
from bot.telegram.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram import CallbackQuery, InlineKeyboardMarkup, Update
    from telegram.ext import CallbackContext

    from bot.telegram.desk import Desk

MAX_CAPTION = 1024
AGAIN = 2.0
"""Seconds in which a second tap on the same button is a slip of the finger."""
FRESH = 5.0
"""Seconds in which we know the buttons of a message better than Telegram, who sends them as they were at the tap."""
_TOPICS = ":topics"


class Taps:
    """The handler for buttons; the query itself was answered when it came in."""

    def __init__(self, desk: Desk, count: Callable[[str, str, str], None], shared_key: bytes = b"") -> None:
        self._desk = desk
        self._count = count
        self._shared_key = shared_key
        self._pictures = Pictures(desk.outbox)
        self._last: Recent[tuple[int, int, str], bool] = Recent(AGAIN)
        self._shown: Recent[tuple[int, int], InlineKeyboardMarkup] = Recent(FRESH)

    async def tap(self, update: Update, _: CallbackContext) -> None:  # type: ignore[type-arg]
        """Do what the button says."""
        query = update.callback_query
        if query is None or query.message is None or not query.data:
            return
        message, data = query.message, query.data
        if await self._slipped(message.chat.id, message.message_id, data):
            return
        where = _where(query)
        if data.startswith(keyboard.MENU):
            old = message.reply_markup if isinstance(message, Message) else None
            await turn_page(self._desk, where, message.message_id, old, data.removeprefix(keyboard.MENU))
        elif data.startswith(keyboard.FEEDBACK):
            await self._judge(query, data)
        elif data == _TOPICS:
            await send_menu(self._desk, where)
            await self._mark(query, data)
        elif data.startswith(keyboard.PICTURE):
            await self._picture(query, where, data.removeprefix(keyboard.PICTURE))
            await self._mark(query, data)
        else:
            await self._desk.say(where, await self._desk.ask(_person(query), "", data))
            await self._mark(query, data)

    def toast(self, data: str) -> str:
        """The word that a tap is answered with at once; empty for most."""
        letter = data[1:2] if data.startswith(keyboard.FEEDBACK) else ""
        return self._desk.kb.phrases.replies.get("feedback_thanks", "")[:200] if letter in {"+", "w", "u", "m"} else ""

    async def _picture(self, query: CallbackQuery, where: Place, name: str) -> None:
        intent = self._desk.kb.intents.get(name)
        image = intent.image if intent else None
        if intent and image:
            source = self._desk.kb.source
            notes = "\n".join(line for line in (source.disclaimer, source.urgent_line) if line)
            # A picture's text may fill all the room there is; the notes stand under the answer already.
            whole = f"{intent.image_text.strip()}\n\n{notes}"
            caption = whole if len(whole) <= MAX_CAPTION else intent.image_text
            if await self._pictures.send(where, image, caption):
                return
        # No intent has an empty name: the assistant says that the button is old and offers what is nearest.
        gone = f"{name.partition('.')[0]}."
        await self._desk.say(where, await self._desk.ask(_person(query), "", gone))

    async def _judge(self, query: CallbackQuery, data: str) -> None:
        letter, intent = data[1:2], data[2:]
        if letter not in keyboard.VERDICTS or intent not in self._desk.kb.intents:
            return
        old = self._buttons(query)
        if old is not None and keyboard.is_marked(old, data):
            return
        day = datetime.now(UTC).date().isoformat()
        try:
            await self._desk.ledger.run(self._count, day, intent, keyboard.VERDICTS[letter])
        except StorageError:
            return  # a count is not worth an error to anybody
        if old is not None:
            await self._show(query, keyboard.judged(old, self._desk.kb, letter, intent))

    async def _mark(self, query: CallbackQuery, data: str) -> None:
        old = self._buttons(query)
        if old is not None:
            await self._show(query, keyboard.chosen(old, data))

    def _buttons(self, query: CallbackQuery) -> InlineKeyboardMarkup | None:
        """The buttons under the tapped message as they are now: two taps can be on their way at once."""
        message = query.message
        if not isinstance(message, Message):
            return None  # too old for Telegram to show
        return self._shown.get((message.chat.id, message.message_id)) or message.reply_markup

    async def _show(self, query: CallbackQuery, buttons: InlineKeyboardMarkup) -> None:
        message = query.message
        if message is None or buttons == self._buttons(query):
            return
        self._shown.put((message.chat.id, message.message_id), buttons)
        await self._desk.outbox.mark(message.chat.id, message.message_id, buttons)

    async def _slipped(self, chat: int, message: int, data: str) -> bool:
        """Whether the same button was tapped a moment ago, here or in another replica."""
        key = (chat, message, data)
        again = self._last.get(key)
        self._last.put(key, True)
        if again:
            return True
        if not self._shared_key:
            return False
        # A claim like that of an update, under a number from which nobody finds the chat; negative, so it is none.
        digest = hmac.digest(self._shared_key, repr(key).encode(), "sha256")
        number = -(int.from_bytes(digest[:8], "big") >> 2) - 1
        return number not in (await self._desk.ledger.claim([number])).mine


def _where(query: CallbackQuery) -> Place:
    message = query.message
    if isinstance(message, Message):
        here = place(message)
        return Place(here.chat, here.topic, here.answers)
    return Place(message.chat.id) if message else Place(query.from_user.id)


def _person(query: CallbackQuery) -> str:
    chat = query.message.chat if query.message else None
    if chat is None or chat.type == ChatType.PRIVATE:
        return str(chat.id if chat else query.from_user.id)
    return f"{chat.id}:{query.from_user.id}"
