"""Features have numbers for names, made from their text, so that no dictionary is kept."""

from __future__ import annotations

from functools import lru_cache
from threading import local
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
import Stemmer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PIECES, WORDS, PAIRS, APART = 0, 1, 2, 3
TEXT = 0x3FFFFFFF
PAIR, FAR = PAIRS << 30, APART << 30
_SHORTEST, _LONGEST = 2, 5
_MOST_LETTERS = 40
_CRC_START = np.uint32(0xFFFFFFFF)
_CRC_TABLE = np.array([crc32(bytes([n]), 0xFFFFFFFF) for n in range(256)], np.uint32) ^ _CRC_START
_MAX_CACHED = 50_000
_OWN = local()
"""Each thread has a stemmer of its own: one must not be asked twice at once."""


class Whole(NamedTuple):
    """What a word adds to a message without its pieces: its own names, and the start of the names of its pairs."""

    names: tuple[int, int]
    text: bytes
    next: int
    over: int


class Parts(NamedTuple):
    """What a word adds to a message: the names of its pieces and then its own."""

    names: NDArray[np.uint32]
    pieces: int
    whole: Whole


def kind(names: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Which of PIECES, WORDS, PAIRS and APART each name is one of."""
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
    padded = _padded(word)
    pieces = [
        _name(PIECES, padded[start : start + size])
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(padded) - size + 1)
    ]
    return Parts(np.array([*pieces, *whole(word).names], np.uint32), len(pieces), whole(word))


@lru_cache(maxsize=_MAX_CACHED)
def whole(word: str) -> Whole:
    """What a word adds to a message without its pieces."""
    stemmed = stem(word)
    text = stemmed.encode()
    names = _name(WORDS, word), _name(WORDS, "~" + stemmed)
    return Whole(names, text, crc32(text + b" "), crc32(text + b" _ "))


def pieces(words: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """The names of the pieces of many words, and the numbers of the words that they are of; as `parts` makes them."""
    written = [_padded(word) for word in words]
    plain = [n for n, word in enumerate(written) if word.isascii()]
    text = "".join([written[n] for n in plain])
    letters = np.frombuffer(text.encode() + bytes(_LONGEST), np.uint8)
    lengths = [len(written[n]) for n in plain]
    owner = np.repeat(np.array(plain, np.int64), lengths)
    left = np.repeat(np.cumsum(lengths, dtype=np.int64), lengths) - np.arange(len(text))
    # The checksum of all pieces that are one letter longer goes on from that of those before.
    state = np.full(len(text), _CRC_START, np.uint32)
    owners, names = [], []
    for size in range(1, _LONGEST + 1):
        last = letters[size - 1 : size - 1 + len(text)]
        state = _CRC_TABLE[(state ^ last) & 0xFF] ^ (state >> np.uint32(8))
        if size >= _SHORTEST:
            owners.append(owner[left >= size])
            names.append((state[left >= size] ^ _CRC_START) & np.uint32(TEXT))
    for n in sorted(set(range(len(words))).difference(plain)):
        names.append(parts(words[n]).names[: parts(words[n]).pieces])
        owners.append(np.full(len(names[-1]), n))
    return np.concatenate(owners), np.concatenate(names)


def pair(left: str, right: str) -> int:
    """The name of two words that follow each other."""
    return PAIR | (crc32(whole(right).text, whole(left).next) & TEXT)


@lru_cache(maxsize=_MAX_CACHED)
def stem(word: str) -> str:
    """The word without its English endings ("transplants", "transplanted" -> "transplant")."""
    if not hasattr(_OWN, "stemmer"):
        _OWN.stemmer = Stemmer.Stemmer("english")
    return str(_OWN.stemmer.stemWord(word))


def _padded(word: str) -> str:
    return f" {word[:_MOST_LETTERS]} "


def _name(block: int, text: str) -> int:
    """A 32-bit name: two bits say the block, thirty the text; collisions are too rare to matter."""
    return (block << 30) | (crc32(text.encode()) & TEXT)
