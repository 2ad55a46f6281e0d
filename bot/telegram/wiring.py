"""The parts of the bot put together on top of a python-telegram-bot Application."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram import Message, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.telegram.address import place
from bot.telegram.desk import Desk
from bot.telegram.inbox import Inbox
from bot.telegram.inline import Inline
from bot.telegram.ledger import Ledger
from bot.telegram.membership import Membership
from bot.telegram.messages import Messages
from bot.telegram.outbox import Outbox
from bot.telegram.pace import Pace
from bot.telegram.reading import Reading
from bot.telegram.taps import Taps

if TYPE_CHECKING:
    from telegram.ext import CallbackContext

    from bot.settings import Settings
    from bot.storage import Store
    from bot.telegram.desk import Answerer

    App = Application[Any, Any, Any, Any, Any, Any]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the lifecycle needs of the parts."""

    ledger: Ledger
    inbox: Inbox
    desk: Desk


def application(settings: Settings) -> App:
    """An Application that only dispatches: updates come to it from our inbox."""
    root = settings.api_url.rstrip("/")
    return (
        ApplicationBuilder()
        .token(settings.token.get_secret_value())
        .base_url(f"{root}/bot")
        .base_file_url(f"{root}/file/bot")
        .updater(None)
        .job_queue(None)
        .connection_pool_size(128)
        .pool_timeout(30)
        .connect_timeout(5)
        .read_timeout(15)
        .write_timeout(15)
        .build()
    )


def assemble(app: App, settings: Settings, store: Store, assistant: Answerer) -> Parts:
    """Connect inbox, handlers and outbox; the Application must have been initialized."""
    ledger = Ledger(store)
    inbox = Inbox(ledger, lambda raw: reading.job(raw))
    pace = Pace(limited=settings.send_limits)
    outbox = Outbox(app.bot, pace, inbox, lambda chat: desk.forget(chat))
    desk = Desk(assistant, outbox, ledger, app.bot.bot, groups=settings.groups)
    messages = Messages(desk)
    # Behind a webhook there may be other replicas, and the second of two taps can reach another one.
    taps = Taps(desk, store.count, settings.token.get_secret_value().encode() if settings.webhook_url else b"")
    reading = Reading(desk, messages, taps, app.process_update, limited=settings.send_limits)
    app.add_handler(MessageHandler(filters.UpdateType.MESSAGE, messages.message))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, messages.edited))
    app.add_handler(CallbackQueryHandler(taps.tap))
    app.add_handler(InlineQueryHandler(Inline(desk).query))
    app.add_handler(ChatMemberHandler(Membership(desk).changed, ChatMemberHandler.MY_CHAT_MEMBER))

    async def failed(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        log.error("A handler failed.", exc_info=context.error)
        message = update.effective_message if isinstance(update, Update) else None
        if isinstance(message, Message):
            await desk.say(place(message), desk.phrase("error"))

    app.add_error_handler(failed)
    return Parts(ledger, inbox, desk)
