"""The running bot: started with patience, watched, and stopped without losing anything."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.errors import SettingsError, StorageError
from bot.telegram.menu import set_profile
from bot.telegram.outbox import seconds
from bot.telegram.poller import POLL_SECONDS, Poller
from bot.telegram.reading import KINDS
from bot.telegram.wiring import application, assemble

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from bot.settings import Settings
    from bot.storage import Store
    from bot.telegram.desk import Answerer
    from bot.telegram.web import Server
    from bot.telegram.wiring import Parts

log = logging.getLogger(__name__)

DRAIN_SECONDS = 3.0
INTERRUPTED = 130
LISTEN = "127.0.0.1:8080"
"""Where the webhook listens when FAQBOT_LISTEN says nothing else."""
CONNECTIONS = 100
"""How many updates Telegram may send to the webhook at once."""
_PURGE_SECONDS = 3600.0
_START_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)


class Replica:
    """One process that answers; any number of them may share a database."""

    def __init__(self, settings: Settings, store: Store, assistant: Answerer) -> None:
        self._settings = settings
        self._store = store
        self._assistant = assistant
        self._app = application(settings)
        self._signal = 0
        self._stopped = asyncio.Event()

    async def run(self) -> int:
        """Serve until a signal comes, then return the exit code; raises SettingsError when the token is wrong."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        try:
            if await self._until_stopped(self._patiently(self._app.initialize)):
                await self._serve(assemble(self._app, self._settings, self._store, self._assistant))
        finally:
            await self._app.shutdown()
            # An Application that did not come up leaves the connections of its bot open.
            await self._app.bot.shutdown()
        return INTERRUPTED if self._signal == signal.SIGINT else 0

    async def _serve(self, parts: Parts) -> None:
        """Take updates from Telegram until the signal, then finish what is at work."""
        poller = None if self._settings.webhook_url else Poller(self._app.bot, parts.inbox)
        server = self._server(parts, poller)
        serving = [asyncio.create_task(server.listen())] if server else []
        chores = [
            asyncio.create_task(work)
            for work in (parts.inbox.keep_leases(), self._purge(parts), set_profile(self._app.bot, parts.desk.kb))
        ]
        log.info("The bot is running (%s).", "polling" if poller else "webhook")
        try:
            await self._until_stopped(poller.run() if poller else self._hook(), *serving)
        finally:
            log.info("The bot is stopping.")
            if server is not None:
                server.should_exit = True
            await parts.inbox.drain(DRAIN_SECONDS)
            if poller is not None:
                await poller.stop()
            for task in chores:
                task.cancel()
            await asyncio.gather(*chores, *serving, return_exceptions=True)
            parts.desk.close()
            parts.ledger.close()

    async def _hook(self) -> None:
        """Tell Telegram where to send updates, and wait for ever."""
        secret = self._settings.webhook_secret.get_secret_value()
        await self._patiently(
            lambda: self._app.bot.set_webhook(
                self._settings.webhook_url,
                secret_token=secret,
                allowed_updates=KINDS,
                max_connections=CONNECTIONS,
            )
        )
        log.info("Telegram knows the webhook.")
        await asyncio.Event().wait()

    def _server(self, parts: Parts, poller: Poller | None) -> Server | None:
        listen = self._settings.listen or ("" if poller else LISTEN)
        if not listen:
            return None
        # Only who listens pays for the web server's memory.
        from bot.telegram.web import Server, Webhook, pages

        async def missing() -> str:
            if poller is not None and time.monotonic() - poller.last_success > 2 * POLL_SECONDS:
                return "Telegram does not answer"
            try:
                await parts.ledger.run(self._store.ping)
            except StorageError:
                return "the database does not answer"
            return ""

        webhook = None if poller else Webhook(parts.inbox, self._settings.webhook_secret.get_secret_value())
        return Server(pages(missing, webhook, self._settings.webhook_url), listen)

    async def _purge(self, parts: Parts) -> None:
        """Forget old updates, every hour."""
        while True:
            with suppress(StorageError):
                await parts.ledger.run(self._store.purge)
            await asyncio.sleep(_PURGE_SECONDS)

    async def _until_stopped(self, work: Coroutine[Any, Any, None], *others: asyncio.Task[None]) -> bool:
        """Wait for this work, or for the end of any of the others, or for a signal; False when it was a signal."""
        task = asyncio.create_task(work)
        stopped = asyncio.create_task(self._stopped.wait())
        try:
            done, _ = await asyncio.wait({task, stopped, *others}, return_when=asyncio.FIRST_COMPLETED)
            for ended in done - {stopped}:
                ended.result()
            return stopped not in done
        finally:
            for each in (task, stopped):
                each.cancel()
            await asyncio.gather(task, stopped, return_exceptions=True)

    async def _patiently(self, call: Callable[[], Awaitable[Any]]) -> None:
        """Make a call that the start needs, again and again while Telegram does not answer."""
        tries = 0
        while True:
            try:
                await call()
            except InvalidToken:
                raise SettingsError("Telegram does not accept the token (TELEGRAM_BOT_TOKEN).") from None
            except RetryAfter as error:
                await asyncio.sleep(seconds(error))
            except TelegramError as error:
                if tries == 0:
                    log.warning("Telegram does not answer yet (%s); trying again.", type(error).__name__)
                await asyncio.sleep(_START_WAITS[min(tries, len(_START_WAITS) - 1)])
                tries += 1
            else:
                return

    def _stop(self, number: int) -> None:
        self._signal = number
        self._stopped.set()
