"""What has come in and is not done: each update is handled once, those of one conversation in order."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bot.errors import StorageError
from bot.telegram.ledger import LEASE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Iterator, Sequence

    from bot.telegram.ledger import Ledger

log = logging.getLogger(__name__)

CROWDED = 60
"""So many updates at work leave little room: Telegram holds no more than a hundred connections to a webhook."""
_REMEMBERED = 20_000

Urgency = Literal["in turn", "next", "at once", "never"]
"""Behind those of its conversation, before those that wait, beside the one that is at work, or not at all."""


@dataclass(frozen=True, slots=True)
class Job:
    """An update as it is worked on: whose conversation it belongs to, how urgent it is, and what to do."""

    line: Hashable
    urgency: Urgency
    work: Callable[[], Awaitable[None]]
    hurries: Callable[[], bool] | None = None
    """Asked only when others of its conversation are before it: whether it is worked on at once all the same."""


@dataclass(slots=True, eq=False)
class Entry:
    """An update that is claimed; `left` means it was recorded as done already and is finished from memory."""

    number: int
    job: Job
    line: Hashable
    done: asyncio.Future[None]
    left: bool = False
    waits: bool = False
    """Whether it only waits for its turn to send."""


_CURRENT: ContextVar[Entry | None] = ContextVar("entry", default=None)


class Inbox:
    """Claims updates, runs them, and records them as done; `read` turns an update into a Job and never raises."""

    def __init__(self, ledger: Ledger, read: Callable[[dict[str, Any]], Job]) -> None:
        self._ledger = ledger
        self._read = read
        self._open: dict[int, Entry] = {}
        self._lines: dict[Hashable, deque[Entry]] = {}
        self._done: OrderedDict[int, None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self.changed = asyncio.Event()
        """Set whenever an update is done."""
        self.finished_from_memory = 0

    async def take(self, updates: Sequence[dict[str, Any]], *, narrow: bool = False) -> None:
        """Start work on those that nobody has claimed; raises StorageError when no claim can be recorded.

        When the way in is `narrow`, or many updates are at work, those that only wait make room.
        """
        if narrow or sum(not entry.left for entry in self._open.values()) > CROWDED:
            await self._let_go([each for line in self._lines.values() if line[0].waits for each in line])
        new = {
            u["update_id"]: u for u in updates if u["update_id"] not in self._open and u["update_id"] not in self._done
        }
        if not new:
            return
        claims = await self._ledger.claim(list(new))
        for number in claims.done:
            self._remember(number)
        for number, update in new.items():
            if number in claims.mine:
                self._admit(number, self._read(update))

    def is_done(self, number: int) -> bool:
        """Whether this update needs nothing more."""
        return number in self._done

    async def wait(self, number: int) -> bool:
        """Return True when the update is done, False at once when it is not ours."""
        entry = self._open.get(number)
        if entry is not None:
            await asyncio.shield(entry.done)
        return number in self._done

    async def leave(self) -> None:
        """Let the update at work, and what waits behind it in its conversation, hold nobody back any more."""
        entry = _CURRENT.get()
        if entry is not None and not entry.left:
            await self._let_go(self._lines.get(entry.line, ()))

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While the update at work waits for its turn, it and its conversation may be asked to make room."""
        entry = _CURRENT.get()
        if entry is not None:
            entry.waits = True
        try:
            yield
        finally:
            if entry is not None:
                entry.waits = False

    async def keep_leases(self) -> None:
        """Renew the claims of what is at work, for ever."""
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            held = [number for number, entry in self._open.items() if not entry.left]
            if held:
                with suppress(StorageError):
                    await self._ledger.renew(held)

    async def drain(self, seconds: float) -> None:
        """Finish what is at work within this time; give back the rest, for whoever comes next."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        unfinished = [number for number, entry in self._open.items() if not entry.left]
        lost = len(self._open) - len(unfinished)
        if lost:
            log.warning("Stopped before %d delayed answers were sent.", lost)
        if unfinished:
            log.info("Gave back %d updates that were not answered yet.", len(unfinished))
            with suppress(StorageError):
                await self._ledger.release(unfinished)

    def _admit(self, number: int, job: Job) -> None:
        line = job.line
        if line in self._lines and (job.urgency == "at once" or (job.hurries is not None and job.hurries())):
            line = ("at once", line)
        entry = self._open[number] = Entry(number, job, line, asyncio.get_running_loop().create_future())
        if job.urgency == "never":
            self._spawn(self._finish(entry))
            return
        queue = self._lines.get(line)
        if queue is None:
            self._lines[line] = deque((entry,))
            self._spawn(self._work(line))
            return
        queue.insert(1 if job.urgency == "next" else len(queue), entry)
        if queue[0].left:
            self._spawn(self._let_go((entry,)))

    async def _work(self, line: Hashable) -> None:
        queue = self._lines[line]
        while queue:
            entry = queue[0]
            _CURRENT.set(entry)
            try:
                await entry.job.work()
            except Exception:
                log.exception("An update could not be handled.")
            await self._finish(entry)
            queue.popleft()
        del self._lines[line]

    async def _let_go(self, entries: Sequence[Entry]) -> None:
        going = [entry for entry in entries if not entry.left]
        if not going:
            return
        for entry in going:
            entry.left = True
        self.finished_from_memory += len(going)
        await self._ledger.done([entry.number for entry in going])
        for entry in going:
            self._close(entry)

    async def _finish(self, entry: Entry) -> None:
        if not entry.left:
            await self._ledger.done([entry.number])
        self._close(entry)
        self._open.pop(entry.number, None)

    def _close(self, entry: Entry) -> None:
        self._remember(entry.number)
        if not entry.done.done():
            entry.done.set_result(None)
        self.changed.set()

    def _remember(self, number: int) -> None:
        self._done[number] = None
        if len(self._done) > _REMEMBERED:
            self._done.popitem(last=False)

    def _spawn(self, work: Any) -> None:  # noqa: ANN401
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
