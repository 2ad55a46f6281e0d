"""From an update as Telegram sends it to a job: whose conversation it is, and whether it is within the limits."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from telegram import Update

from bot.telegram.address import heard
from bot.telegram.allowance import ALARMS, MESSAGES, READ, TAPS, Allowance
from bot.telegram.inbox import Job

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from telegram import CallbackQuery, Message

    from bot.telegram.desk import Desk
    from bot.telegram.messages import Messages
    from bot.telegram.taps import Taps

log = logging.getLogger(__name__)
KINDS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
"""The kinds of update that the bot asks for."""
_CARDS = ("/urgent", "/emergency")


class Reading:
    """Sorts updates; a surplus is neither answered nor queued, but an alarm in it is, before all else."""

    def __init__(
        self,
        desk: Desk,
        messages: Messages,
        taps: Taps,
        process: Callable[[Update], Awaitable[None]],
        *,
        limited: bool = True,
    ) -> None:
        self._desk = desk
        self._messages = messages
        self._taps = taps
        self._process = process
        self._limited = limited
        self._may_write = Allowance(MESSAGES)
        self._may_tap = Allowance(TAPS)
        self._may_be_read = Allowance(READ)
        self._may_alarm = Allowance(ALARMS)
        self._may_be_told = Allowance(1)
        self._background: set[asyncio.Task[None]] = set()

    def job(self, raw: dict[str, Any]) -> Job:
        """What to do with an update; one that cannot be read is dropped, for it would come back for ever."""
        try:
            update = Update.de_json(raw, self._desk.outbox.bot)
            return self._sort(update)
        except Exception:
            log.exception("An update could not be read.")
            return Job(None, "never", _nothing)

    def _sort(self, update: Update) -> Job:
        message = update.message or update.edited_message
        if message is not None:
            return self._message(update, message)
        if update.callback_query is not None:
            return self._tap(update, update.callback_query)
        if update.inline_query is not None:
            return self._job(update, ("inline", update.inline_query.from_user.id))
        if update.my_chat_member is not None:
            return self._job(update, update.my_chat_member.chat.id)
        return Job(None, "never", _nothing)

    def _message(self, update: Update, message: Message) -> Job:
        text = heard(message, self._desk.me, groups=self._desk.groups)
        line = message.chat.id
        if text is None:
            return Job(line, "never", _nothing)
        sender = message.from_user.id if message.from_user else line
        if not self._limited or (self._may_write.take(("from", sender)) and self._may_write.take(("in", line))):
            return Job(line, "in turn", lambda: self._process(update), lambda: self._alarming(text))
        # Nobody types two messages a second: a flood is not read any more, so that it holds up nobody else.
        read = text.startswith(_CARDS) or self._may_be_read.take(sender)
        if read and self._alarming(text) and self._may_alarm.take(sender):
            return Job(line, "at once", lambda: self._process(update))
        if self._may_be_told.take(sender):
            return Job(line, "next", lambda: self._messages.too_fast(message))
        return Job(line, "never", _nothing)

    def _alarming(self, text: str) -> bool:
        return bool(text) and (text.startswith(_CARDS) or self._desk.assistant.alarm(text))

    def _tap(self, update: Update, query: CallbackQuery) -> Job:
        line = query.message.chat.id if query.message else query.from_user.id
        within = not self._limited or self._may_tap.take(query.from_user.id)
        toast = self._taps.toast(query.data or "") if within else self._desk.kb.phrases.replies.get("too_fast", "")
        # Now, and not when its turn has come: the button shows a waiting sign until then.
        self._in_background(self._desk.outbox.answer_tap(query.id, toast[:200]))
        return self._job(update, line) if within else Job(line, "never", _nothing)

    def _job(self, update: Update, line: int | tuple[str, int]) -> Job:
        return Job(line, "in turn", lambda: self._process(update))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def _nothing() -> None:
    return None
