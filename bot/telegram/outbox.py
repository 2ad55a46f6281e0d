"""What goes out: each call at Telegram's pace, again after a passing failure, and never a reason to stop."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from telegram import Bot, InlineQueryResultsButton, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.telegram.render import plain
from bot.telegram.slots import Slots

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from telegram import InlineKeyboardMarkup, InlineQueryResultArticle

    from bot.telegram.pace import Pace

T = TypeVar("T")
log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds after which a call that cannot go out lets others pass."""
GIVE_UP = 600.0
"""Seconds after which an answer is of no use any more."""
_BACK_OFF = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: the chat, the topic of a forum, and the message it answers (groups)."""

    chat: int
    topic: int | None = None
    answers: int | None = None

    @property
    def reply(self) -> ReplyParameters | None:
        """What makes a message there a reply; one that was deleted meanwhile is answered all the same."""
        return ReplyParameters(self.answers, allow_sending_without_reply=True) if self.answers else None


@dataclass(slots=True)
class _Attempt:
    chat: int
    marked_up: bool = True
    tries: int = 0
    started: float = field(default_factory=time.monotonic)


class Room(Protocol):
    """What the outbox needs of the inbox: that an update which has to wait holds nobody back."""

    async def leave(self) -> None:
        """Let others pass the update at work, from now on."""

    def waiting(self) -> AbstractContextManager[None]:
        """Let others pass the update at work if they need the room."""


class Outbox:
    """Every sending method returns when the call went out or never will; None means that it never will."""

    def __init__(self, bot: Bot, pace: Pace, room: Room, gone: Callable[[int], None]) -> None:
        self.bot = bot
        self._pace = pace
        self._room = room
        self._gone = gone
        self._slots = Slots()
        self._last_success = 0.0

    async def send(
        self, place: Place, html: str, buttons: InlineKeyboardMarkup | None = None, *, hurry: bool = False
    ) -> Message | None:
        """Send a message, as plain text when Telegram cannot read the markup; in a hurry it does not queue."""

        async def call(chat: int, *, marked_up: bool) -> Message:
            return await self.bot.send_message(
                chat,
                html if marked_up else plain(html),
                parse_mode=ParseMode.HTML if marked_up else None,
                message_thread_id=place.topic,
                reply_parameters=place.reply,
                link_preview_options=_NO_PREVIEW,
                reply_markup=buttons,
            )

        return await self.deliver(place.chat, call, hurry=hurry)

    async def edit(self, chat: int, message: int, html: str, buttons: InlineKeyboardMarkup | None = None) -> bool:
        """Change a message of ours; False when it cannot be changed any more."""

        async def call(chat: int, *, marked_up: bool) -> object:
            with _unchanged():
                await self.bot.edit_message_text(
                    html if marked_up else plain(html),
                    chat,
                    message,
                    parse_mode=ParseMode.HTML if marked_up else None,
                    link_preview_options=_NO_PREVIEW,
                    reply_markup=buttons,
                )
            return True

        return await self.deliver(chat, call) is not None

    async def mark(self, chat: int, message: int, buttons: InlineKeyboardMarkup) -> None:
        """Change the buttons under a message of ours."""

        async def call(chat: int, *, marked_up: bool) -> object:  # noqa: ARG001
            with _unchanged():
                await self.bot.edit_message_reply_markup(chat, message, reply_markup=buttons)
            return True

        await self.deliver(chat, call)

    async def answer_tap(self, query: str, text: str = "") -> None:
        """Stop the button's waiting sign, with a word or without."""
        await self._briefly(lambda: self.bot.answer_callback_query(query, text or None))

    async def answer_inline(
        self, query: str, results: Sequence[InlineQueryResultArticle], seconds: int, nothing: str
    ) -> None:
        """Show the results of an inline query, or that there is nothing; Telegram may keep them for so many seconds."""
        # Without results this button is all there is to see; it opens the chat with the bot.
        button = InlineQueryResultsButton(nothing, start_parameter="inline") if nothing and not results else None
        await self._briefly(lambda: self.bot.answer_inline_query(query, results, cache_time=seconds, button=button))

    async def _briefly(self, call: Callable[[], Awaitable[Any]]) -> None:
        for wait in (*_BACK_OFF[:4], 0.0):
            try:
                await call()
            except (BadRequest, Forbidden):
                return  # too late for this query, which harms nobody
            except RetryAfter as error:
                await asyncio.sleep(min(seconds(error), PATIENCE))
            except TelegramError:
                await asyncio.sleep(wait)
            else:
                return

    async def deliver(self, chat: int, call: Callable[..., Awaitable[T]], *, hurry: bool = False) -> T | None:
        """Make a call that writes to a chat, given as `call(chat, marked_up=...)`, until it went out or never will."""
        attempt = _Attempt(chat)
        while True:
            await self._turn(attempt.chat, hurry=hurry)
            try:
                async with nullcontext() if hurry else self._slots.one():
                    result = await call(attempt.chat, marked_up=attempt.marked_up)
            except BadRequest as error:
                if not self._refused(error, attempt):
                    return None
            except Forbidden:
                self._gone(attempt.chat)
                return None
            except ChatMigrated as error:
                attempt.chat = error.new_chat_id
            except (RetryAfter, NetworkError, InvalidToken, Conflict) as error:
                if not await self._try_again(error, attempt):
                    log.warning("A message could not be sent for %d minutes and was given up.", GIVE_UP // 60)
                    return None
            except TelegramError:
                # The answer was a 200 that cannot be read: it did go out.
                return None
            else:
                self._last_success = time.monotonic()
                return result

    @staticmethod
    def _refused(error: BadRequest, attempt: _Attempt) -> bool:
        """Whether it may go through as plain text."""
        said = error.message.lower()
        if attempt.marked_up and "can't parse entities" in said:
            log.error("Telegram could not read the markup of a message; it goes out as plain text.")
            attempt.marked_up = False
            return True
        log.warning("Telegram refused a message.")
        return False

    async def _try_again(self, error: TelegramError, attempt: _Attempt) -> bool:
        """Wait for the next try, letting others pass when this is about one chat; whether there is one."""
        age = time.monotonic() - attempt.started
        if isinstance(error, RetryAfter):
            wait = seconds(error)
            self._pace.hold(attempt.chat, wait)
            alone = wait > PATIENCE
        else:
            # When others get through, it is about this message and not about the line.
            alone = age > PATIENCE and self._last_success > attempt.started
            wait = _BACK_OFF[min(attempt.tries, len(_BACK_OFF) - 1)]
            attempt.tries += 1
        if alone:
            await self._room.leave()
            if age + wait > GIVE_UP:
                return False
        if not isinstance(error, RetryAfter):
            await asyncio.sleep(wait)
        return True

    async def _turn(self, chat: int, *, hurry: bool) -> None:
        """Wait until this chat, and then the bot as a whole, may send again."""
        with self._room.waiting():
            while wait := self._pace.chat(chat, hurry=hurry):
                await asyncio.sleep(wait)
        await asyncio.sleep(self._pace.take(chat, hurry=hurry))


@contextmanager
def _unchanged() -> Iterator[None]:
    """Telegram calls it an error when a message looks already as it should."""
    try:
        yield
    except BadRequest as error:
        if "not modified" not in error.message.lower():
            raise


def seconds(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    # The public attribute warns that its type will change, and warns in both ways of reading it.
    return error._retry_after.total_seconds()
