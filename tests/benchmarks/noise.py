"""Typing slips as public benchmarks of this project use them: the same text and seed always get the same slips."""

from __future__ import annotations

import random
import zlib

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORT = 3


def _beside() -> dict[str, str]:
    """The keys around each key: left and right, the row above, and two of the row below."""
    found = {}
    for row, keys in enumerate(_KEYS):
        for place, key in enumerate(keys):
            near = set(keys[max(0, place - 1) : place] + keys[place + 1 : place + 2])
            if row > 0:
                near |= set(_KEYS[row - 1][max(0, place - 1) : place + 2])
            if row + 1 < len(_KEYS):
                near |= set(_KEYS[row + 1][max(0, place - 1) : place + 2][:2])
            found[key] = "".join(sorted(near))
    return found


_BESIDE = _beside()


def typo(text: str, rate: float = 0.2, seed: int = 0) -> str:
    """Each word, with chance `rate`, gets a neighbouring key, loses a letter or the space after it, or swaps two."""
    chance = random.Random(zlib.crc32(text.encode()) * 1_000_003 + seed)
    words = text.split()
    out: list[str] = []
    join = False
    for place, word in enumerate(words):
        mistyped, joins = word, False
        if chance.random() < rate:
            kind = chance.choice(("sub", "del", "swap", "space"))
            if kind == "space" or len(word) < _SHORT:
                joins = place + 1 < len(words)
                kind = "space" if joins or len(word) < _SHORT else "del"
            mistyped = _slip(word, kind, chance)
        if join:
            out[-1] += mistyped
        else:
            out.append(mistyped)
        join = joins
    return " ".join(out)


def _slip(word: str, kind: str, chance: random.Random) -> str:
    if kind == "sub":
        at = chance.randrange(len(word))
        near = _BESIDE.get(word[at].lower())
        return word[:at] + chance.choice(near) + word[at + 1 :] if near else word
    if kind == "del":
        at = chance.randrange(len(word))
        return word[:at] + word[at + 1 :]
    if kind == "swap":
        at = chance.randrange(len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word
