"""Features have numbers for names, made from their text, so that no dictionary is kept."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
import Stemmer

if TYPE_CHECKING:
    from numpy.typing import NDArray

PIECES, WORDS, PAIRS = 0, 1, 2
TEXT = 0x3FFFFFFF
PAIR = PAIRS << 30
_LONGEST = 5
_MAX_CACHED = 50_000


class Parts(NamedTuple):
    """What a word adds to a message: the names of its pieces and its own, and the start of the names of its pairs."""

    names: NDArray[np.uint32]
    pieces: int
    text: bytes
    next: int
    over: int


def kind(names: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Which of PIECES, WORDS and PAIRS each name is one of."""
    return names >> np.uint32(30)


def is_concept(word: str) -> bool:
    """Whether it is a concept (a synonym group), which counts as a word but has no pieces."""
    return word[0] == "="


@lru_cache(maxsize=_MAX_CACHED)
def concept(name: str) -> NDArray[np.uint32]:
    """The name of a concept."""
    return np.array([_name(WORDS, name)], np.uint32)


@lru_cache(maxsize=_MAX_CACHED)
def parts(word: str) -> Parts:
    """What a word adds to a message."""
    padded = f" {word[:40]} "
    pieces = [
        _name(PIECES, padded[start : start + size])
        for size in range(2, _LONGEST + 1)
        for start in range(len(padded) - size + 1)
    ]
    stemmed = stem(word)
    own = [_name(WORDS, word), _name(WORDS, "~" + stemmed)]
    text = stemmed.encode()
    return Parts(np.array(pieces + own, np.uint32), len(pieces), text, crc32(text + b" "), crc32(text + b" _ "))


def pair(left: str, right: str) -> int:
    """The name of two words that follow each other."""
    return PAIR | (crc32(parts(right).text, parts(left).next) & TEXT)


@lru_cache(maxsize=_MAX_CACHED)
def stem(word: str) -> str:
    """The word without its English endings ("transplants", "transplanted" -> "transplant")."""
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def _name(block: int, text: str) -> int:
    """A 32-bit name: two bits say the block, thirty the text; collisions are too rare to matter."""
    return (block << 30) | (crc32(text.encode()) & TEXT)
