"""What safety remembers of the last few messages of a chat, as codes that say nothing of anybody."""

from __future__ import annotations

_LASTS = {"urgent": 3, "crisis": 3, "hint": 2, "warm": 2}
"""For how many more messages each kind is remembered."""


class Memory:
    """Reads codes such as "hint:2" (two messages left), and writes those for the next message."""

    def __init__(self, signs: tuple[str, ...]) -> None:
        self._left: dict[str, int] = {}
        for sign in signs:
            kind, _, left = sign.partition(":")
            if kind in _LASTS and left.isdigit() and left.isascii():
                self._left[kind] = min(int(left[:3]), _LASTS[kind])

    def has(self, kind: str) -> bool:
        """Whether a kind was seen lately."""
        return self._left.get(kind, 0) > 0

    def next(self, *seen: str) -> tuple[str, ...]:
        """The codes to keep after a message in which these kinds were seen."""
        left = {kind: count - 1 for kind, count in self._left.items() if count > 1}
        left |= {kind: _LASTS[kind] for kind in seen if kind in _LASTS}
        return tuple(f"{kind}:{count}" for kind, count in sorted(left.items()))
