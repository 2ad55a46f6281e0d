"""How fast the bot may write: Telegram's published limits, kept per chat and overall."""

from __future__ import annotations

import time
from collections import deque
from typing import Final

# A little under what Telegram allows, as its clock starts when a call arrives there.
OVERALL: Final = (30, 1.05)
PRIVATE: Final = ((5, 5.25),)
GROUP: Final = ((5, 5.25), (20, 61.0))
_MANY = 2000


class Window:
    """At most `limit` calls in any `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._times: deque[float] = deque(maxlen=limit)
        self._seconds = seconds

    def wait(self, now: float) -> float:
        """Seconds until the next call may go out."""
        if len(self._times) < (self._times.maxlen or 0):
            return 0.0
        return max(0.0, self._times[0] + self._seconds - now)

    def take(self, at: float) -> None:
        """Count a call at this time."""
        self._times.append(at)

    def idle(self, now: float) -> bool:
        """Whether nothing of it matters any more."""
        return not self._times or self._times[-1] + self._seconds < now


class Pace:
    """Says how long each call has to wait, and remembers chats that Telegram told to wait."""

    def __init__(self, *, limited: bool = True) -> None:
        self._limited = limited
        self._overall = Window(*OVERALL)
        self._chats: dict[int, tuple[Window, ...]] = {}
        self._held: dict[int, float] = {}
        self._tidy_at = _MANY

    def chat(self, chat: int, *, hurry: bool = False) -> float:
        """Seconds until this chat may be written to again; in a hurry, only what Telegram itself demanded counts."""
        now = time.monotonic()
        held = max(0.0, self._held.get(chat, 0.0) - now)
        if hurry or not self._limited:
            return held
        return max(held, *(window.wait(now) for window in self._windows(chat)))

    def take(self, chat: int, *, hurry: bool = False) -> float:
        """Count one call to this chat; the seconds it still has to wait for all the others."""
        if not self._limited:
            return 0.0
        now = time.monotonic()
        for window in self._windows(chat):
            window.take(now)
        if hurry:
            return 0.0
        wait = self._overall.wait(now)
        self._overall.take(now + wait)
        return wait

    def hold(self, chat: int, seconds: float) -> None:
        """Telegram said to leave this chat alone for so long."""
        self._held[chat] = time.monotonic() + seconds

    def _windows(self, chat: int) -> tuple[Window, ...]:
        found = self._chats.get(chat)
        if found is None:
            if len(self._chats) >= self._tidy_at:
                self._tidy()
            # Groups have negative ids.
            found = self._chats[chat] = tuple(Window(*limit) for limit in (GROUP if chat < 0 else PRIVATE))
        return found

    def _tidy(self) -> None:
        now = time.monotonic()
        self._chats = {chat: kept for chat, kept in self._chats.items() if not all(w.idle(now) for w in kept)}
        self._held = {chat: until for chat, until in self._held.items() if until > now}
        self._tidy_at = max(_MANY, 2 * len(self._chats))
