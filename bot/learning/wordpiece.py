"""Splits a text into the word pieces that a BERT model knows, as that model's own tokenizer does."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bot.text import MAX_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_UNKNOWN, _FIRST, _LAST = "[UNK]", "[CLS]", "[SEP]"
_PLAIN = re.compile(r"[A-Za-z0-9]+|[!-/:-@\[-`{-~]")
_LONGEST_WORD = 100
_MOST_CACHED = 50_000
# The blocks of Chinese characters, each of which is a word of its own to BERT; Japanese kana and Korean are not.
_CHINESE = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPiece:
    """Turns texts into the numbers of their word pieces; ValueError when the vocabulary lacks BERT's own marks."""

    def __init__(self, vocabulary: Mapping[str, int], *, lower: bool = True) -> None:
        """`vocabulary` gives each piece its number; `lower` says whether case and accents are dropped."""
        missing = [mark for mark in (_UNKNOWN, _FIRST, _LAST) if mark not in vocabulary]
        if missing:
            raise ValueError(f"{', '.join(missing)} not in the vocabulary")
        self._vocabulary = vocabulary
        self._lower = lower
        self._longest = max(map(len, vocabulary))
        self._cache: dict[str, tuple[int, ...]] = {}

    def __call__(self, text: str, limit: int = 128) -> list[int]:
        """The numbers of a text's pieces between those of [CLS] and [SEP]; what is beyond `limit` is cut off."""
        out = [self._vocabulary[_FIRST]]
        for word in _words(text[:MAX_CHARACTERS], lower=self._lower):
            out += self._pieces(word)
            if len(out) >= limit:
                break
        return [*out[: limit - 1], self._vocabulary[_LAST]]

    def _pieces(self, word: str) -> tuple[int, ...]:
        known = self._cache.get(word)
        if known is None:
            known = self._split(word)
            if len(self._cache) < _MOST_CACHED:
                self._cache[word] = known
        return known

    def _split(self, word: str) -> tuple[int, ...]:
        """Always the longest piece that fits next; a word with a part that no piece fits is unknown as a whole."""
        unknown = (self._vocabulary[_UNKNOWN],)
        if len(word) > _LONGEST_WORD:
            return unknown
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                piece = self._vocabulary.get(mark + word[start:end])
                if piece is not None:
                    found.append(piece)
                    start = end
                    break
            else:
                return unknown
        return tuple(found)


def _words(text: str, *, lower: bool) -> Iterable[str]:
    if text.isascii():
        text = "".join(c for c in text if c.isprintable() or c in "\t\n\r")
        return _PLAIN.findall(text.lower() if lower else text)
    spaced = "".join(map(_space_chinese, text))
    if lower:
        decomposed = unicodedata.normalize("NFD", spaced)
        spaced = "".join(c.lower() for c in decomposed if unicodedata.category(c) != "Mn")
    return "".join(f" {c} " if _is_punctuation(c) else c for c in spaced).split()


def _space_chinese(character: str) -> str:
    """The character, a space for any kind of blank, nothing for an invisible one, and Chinese set apart."""
    if character in "\t\n\r":
        return " "
    category = unicodedata.category(character)
    if category[0] == "C" or character == "\ufffd":
        return ""
    if category[0] == "Z":
        return " "
    if any(first <= ord(character) <= last for first, last in _CHINESE):
        return f" {character} "
    return character


def _is_punctuation(character: str) -> bool:
    if character.isascii():
        return not character.isalnum() and character.isprintable() and character != " "
    return unicodedata.category(character)[0] == "P"
