"""How many calls may be on their way at once: few, so that a crash finds few that nobody knows the outcome of."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

AT_ONCE = 10
SLOW = 1.0
"""Seconds after which a call that hangs holds nobody up any more."""


class Slots:
    """A place for each call that is on its way."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Hold a slot; a call that takes long gives it back early."""
        loop = asyncio.get_running_loop()
        await self._free.acquire()
        timer = loop.call_later(SLOW, self._free.release)
        try:
            yield
        finally:
            # Otherwise the timer has given it back, or will in its next turn.
            if timer.when() > loop.time():
                timer.cancel()
                self._free.release()
