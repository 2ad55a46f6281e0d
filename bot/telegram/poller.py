"""Long polling whose window slides: an update is confirmed when it and all before it are done, and not earlier."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.errors import SettingsError, StorageError
from bot.telegram.outbox import seconds
from bot.telegram.reading import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Bot

log = logging.getLogger(__name__)

POLL_SECONDS = 25
MOST = 100
"""How many updates Telegram shows at once."""
SAME_OFFSET = 0.55
"""Telegram shows the oldest update alone when the same offset comes again within half a second."""
MOVED_OFFSET = 0.025
"""How long to collect what gets done before asking from a new offset."""
REJECTIONS = 3
"""So often in a row Telegram may say that the token is wrong before it is believed."""
_BACK_OFF = (0.5, 1.0, 2.0, 4.0, 5.0)


class Tray(Protocol):
    """What the poller needs of the inbox."""

    changed: asyncio.Event

    async def take(self, updates: Sequence[dict[str, Any]], *, narrow: bool = False) -> None:
        """Start work on new updates; when the way in is `narrow`, what only waits makes room."""

    def is_done(self, number: int) -> bool:
        """Whether this update needs nothing more."""


class Poller:
    """Asks Telegram for updates until it is cancelled."""

    def __init__(self, bot: Bot, tray: Tray) -> None:
        self._bot = bot
        self._tray = tray
        self._request = HTTPXRequest(connection_pool_size=2, read_timeout=POLL_SECONDS + 10, connect_timeout=5)
        self._offset = 0
        self._confirmed = 0
        self._frontier: list[int] = []
        self._failures = 0
        self._rejections = 0
        self.last_success = 0.0
        """When Telegram last answered, by the monotonic clock."""

    async def run(self) -> None:
        """Poll for ever; raises SettingsError when Telegram keeps saying that the token is wrong."""
        await self._request.initialize()
        while True:
            asked = time.monotonic()
            try:
                updates = await self._ask(self._offset, POLL_SECONDS)
                self.last_success = time.monotonic()
                self._confirmed = self._offset
                self._frontier = [update["update_id"] for update in updates]
                # A full answer may hide newer updates behind old ones.
                await self._tray.take(updates, narrow=len(updates) >= MOST)
            except (TelegramError, StorageError, KeyError, TypeError) as error:
                await self._recover(error)
                continue
            if self._failures:
                log.info("Telegram and the database answer again.")
            self._failures = self._rejections = 0
            await self._slide(asked)

    async def stop(self) -> None:
        """Confirm what is done, so that it is not shown again."""
        self._offset = self._front()
        try:
            if self._offset != self._confirmed:
                await asyncio.wait_for(self._ask(self._offset, 0, most=1), 1.0)
        except (TelegramError, TimeoutError):
            log.info("The last updates will be shown again at the next start, and skipped.")
        await self._request.shutdown()

    async def _slide(self, asked: float) -> None:
        """Return when asking again is worth it: all is done, or the oldest is, or something new may have come."""
        while True:
            self._tray.changed.clear()
            front = self._front()
            if not self._frontier or front > self._frontier[-1]:
                break
            wait = asked + (SAME_OFFSET if front == self._offset else MOVED_OFFSET) - time.monotonic()
            if wait <= 0:
                break
            try:
                await asyncio.wait_for(self._tray.changed.wait(), wait)
            except TimeoutError:
                continue
        self._offset = self._front()

    def _front(self) -> int:
        """The oldest update that is not done, else the one to come."""
        undone = next((number for number in self._frontier if not self._tray.is_done(number)), None)
        if undone is not None:
            return undone
        return self._frontier[-1] + 1 if self._frontier else self._offset

    async def _ask(self, offset: int, timeout: int, most: int = MOST) -> list[dict[str, Any]]:
        # The updates are wanted as they came: python-telegram-bot logs the whole batch when it cannot read one of it.
        query = urlencode({"offset": offset, "timeout": timeout, "limit": most, "allowed_updates": json.dumps(KINDS)})
        found = await self._request.post(f"{self._bot.base_url}/getUpdates?{query}")
        if not isinstance(found, list):
            raise TypeError("getUpdates")
        return found

    async def _recover(self, error: Exception) -> None:
        self._failures += 1
        wait = _BACK_OFF[min(self._failures - 1, len(_BACK_OFF) - 1)]
        said = "Telegram does not answer; trying again."
        if isinstance(error, StorageError):
            said = "The database does not answer; no message is taken until it does."
        elif isinstance(error, RetryAfter):
            wait = seconds(error)
        elif isinstance(error, InvalidToken):
            said = "Telegram does not accept the token (TELEGRAM_BOT_TOKEN)."
            self._rejections += 1
            if self._rejections >= REJECTIONS:
                raise SettingsError(said)
        elif isinstance(error, Conflict):
            said = "Another copy of this bot, or its webhook, takes the messages; trying again."
            await self._drop_webhook(error)
        if self._failures == 1 or isinstance(error, InvalidToken):
            log.warning(said)
        await asyncio.sleep(wait)

    async def _drop_webhook(self, error: Conflict) -> None:
        if "webhook" in error.message.lower():
            try:
                await self._bot.delete_webhook()
            except TelegramError as failed:
                log.warning("The webhook could not be removed (%s).", type(failed).__name__)
