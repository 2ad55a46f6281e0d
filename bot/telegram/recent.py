"""A memory that forgets: what it holds is of use for a while, and is about people."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Remembers what was put in for some `seconds`, and no more than `most` things."""

    def __init__(self, seconds: float, most: int = 5_000) -> None:
        self._seconds = seconds
        self._most = most
        self._held: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def put(self, key: K, value: V) -> None:
        """Remember this from now on."""
        self._held.pop(key, None)
        self._held[key] = (time.monotonic(), value)
        self._tidy()

    def get(self, key: K) -> V | None:
        """What was put in under this key, while it is remembered."""
        self._tidy()
        found = self._held.get(key)
        return found[1] if found else None

    def drop(self, *keys: K) -> None:
        """Forget these at once."""
        for key in keys:
            self._held.pop(key, None)

    def __iter__(self) -> Iterator[K]:
        self._tidy()
        return iter(tuple(self._held))

    def _tidy(self) -> None:
        oldest = time.monotonic() - self._seconds
        while self._held:
            key, (since, _) = next(iter(self._held.items()))
            if since > oldest and len(self._held) <= self._most:
                return
            del self._held[key]
