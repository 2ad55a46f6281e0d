"""How much one person may write: a few messages a minute are answered, the surplus is not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Hashable

MESSAGES: Final = 20
TAPS: Final = 60
READ: Final = 120
"""Of the surplus, so many messages are looked at for an alarm."""
ALARMS: Final = 6
_MANY = 2000
_TIDY_SECONDS = 300.0


class Allowance:
    """So many a minute for each key, in bursts or evenly; it lives in memory only."""

    def __init__(self, per_minute: int) -> None:
        self._most = float(per_minute)
        self._left: dict[Hashable, tuple[float, float]] = {}
        self._tidy_at = _MANY
        self._tidy_after = time.monotonic() + _TIDY_SECONDS

    def take(self, key: Hashable) -> bool:
        """Whether one more is within the limit; if so, it is counted."""
        now = time.monotonic()
        if len(self._left) >= self._tidy_at or now > self._tidy_after:
            # After a minute everybody has their full allowance again.
            self._left = {kept: state for kept, state in self._left.items() if state[1] > now - 60}
            self._tidy_at = max(_MANY, 2 * len(self._left))
            self._tidy_after = now + _TIDY_SECONDS
        left, since = self._left.get(key, (self._most, now))
        left = min(self._most, left + (now - since) * self._most / 60)
        if left < 1:
            self._left[key] = (left, now)
            return False
        self._left[key] = (left - 1, now)
        return True
