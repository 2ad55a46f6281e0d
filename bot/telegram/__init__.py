"""The bot in Telegram; the door is `run`."""

from __future__ import annotations

import asyncio
import gc
import sys
from typing import TYPE_CHECKING

from bot.settings import NoTokenError
from bot.storage import open_store
from bot.telegram import logs

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings
    from bot.storage import Store
    from bot.telegram.desk import Answerer

__all__ = ["run"]

SWITCH_SECONDS = 0.0005
"""How long one thread may compute while another wants to."""


def run(settings: Settings, open_assistant: Callable[[], Answerer]) -> int:
    """Answer in Telegram until a signal comes; the exit code: 0, or 130 when it was interrupted from the keyboard.

    Raises NoTokenError or SettingsError, StorageError, and what `open_assistant` raises.
    """
    if not settings.token.get_secret_value():
        raise NoTokenError
    logs.set_up(settings.log_level)
    # The assistant computes in a thread of its own; the loop should not wait five milliseconds for the interpreter.
    sys.setswitchinterval(SWITCH_SECONDS)
    store = open_store(settings.database_url)
    try:
        return asyncio.run(_serve(settings, store, open_assistant()))
    finally:
        store.close()


async def _serve(settings: Settings, store: Store, assistant: Answerer) -> int:
    # Loads python-telegram-bot, which is of no use before.
    from bot.telegram.replica import Replica

    # All that is loaded by now stays; to search it for garbage again and again would stop everybody for a while.
    gc.collect()
    gc.freeze()
    return await Replica(settings, store, assistant).run()
