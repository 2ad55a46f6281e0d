"""The store as the event loop sees it: claims and done marks of many updates go into one short transaction."""

from __future__ import annotations

import asyncio
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.errors import StorageError
from bot.storage import Claims

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
log = logging.getLogger(__name__)

LEASE_SECONDS = 3.0
"""How long after a crash somebody else takes an update over."""
_RETRY_SECONDS = (0.1, 0.5, 1.0, 2.0)


class Book(Protocol):
    """What the ledger needs of a store."""

    def record(self, owner: str, claim: Sequence[int], done: Sequence[int], lease: float) -> Claims:
        """Record done updates, then claim others."""

    def renew(self, owner: str, numbers: Sequence[int], lease: float) -> None:
        """Hold claims longer, or give them back."""


class Ledger:
    """Claims updates and records them as done; nothing here blocks the loop."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._owner = secrets.token_hex(8)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._claims: list[tuple[list[int], asyncio.Future[Claims]]] = []
        self._done: list[tuple[list[int], asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def claim(self, numbers: list[int]) -> Claims:
        """Which of these updates are ours to handle now; raises StorageError."""
        future: asyncio.Future[Claims] = asyncio.get_running_loop().create_future()
        self._claims.append((numbers, future))
        self._write_soon()
        return await future

    async def done(self, numbers: list[int]) -> None:
        """Return when it is recorded that these need nothing more; waits for a database that is away."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._done.append((numbers, future))
        self._write_soon()
        await future

    async def renew(self, numbers: list[int]) -> None:
        """Keep others from taking these over."""
        await self.run(self._book.renew, self._owner, numbers, LEASE_SECONDS)

    async def release(self, numbers: list[int]) -> None:
        """Let others take these over at once."""
        await self.run(self._book.renew, self._owner, numbers, 0.0)

    async def run(self, work: Callable[..., T], *args: object) -> T:
        """Do something with the store in its thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _write_soon(self) -> None:
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        failures = 0
        try:
            while self._claims or self._done:
                claims, self._claims = self._claims, []
                done, self._done = self._done, []
                # An update that two ask for at the same time goes to the first.
                wanted = list(dict.fromkeys(number for numbers, _ in claims for number in numbers))
                finished = [number for numbers, _ in done for number in numbers]
                try:
                    result = await self.run(self._book.record, self._owner, wanted, finished, LEASE_SECONDS)
                except StorageError as error:
                    for _, asked in claims:
                        if not asked.done():
                            asked.set_exception(error)
                    self._done = done + self._done
                    if done:
                        if not failures:
                            log.warning("The database does not take what was answered; trying again.")
                        await asyncio.sleep(_RETRY_SECONDS[min(failures, len(_RETRY_SECONDS) - 1)])
                        failures += 1
                    continue
                failures = 0
                self._hand_out(result, claims)
                for _, told in done:
                    if not told.done():
                        told.set_result(None)
        finally:
            self._writer = None

    @staticmethod
    def _hand_out(result: Claims, claims: list[tuple[list[int], asyncio.Future[Claims]]]) -> None:
        given: set[int] = set()
        for numbers, asked in claims:
            mine = frozenset(numbers) & result.mine - given
            if not asked.done():
                given |= mine
                asked.set_result(Claims(mine, frozenset(numbers) & result.done))
