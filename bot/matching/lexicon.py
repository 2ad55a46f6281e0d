"""How rare a word is in general English: a real word is never "repaired", and a rare unknown one means "not ours"."""

from __future__ import annotations

import gzip
import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.learning import Arrays

_LONGEST = 24
UNSEEN = 17.0
"""The rarity, in -ln of the share of all words, given to a word that the list does not hold."""


class Lexicon:
    """About 160,000 English words with their rarity (-ln of the share of all words: "the" 3, "marrow" 13)."""

    def __init__(self, words: NDArray[np.bytes_], rarity: NDArray[np.float16]) -> None:
        self._words = words
        self._rarity = rarity

    @classmethod
    def english(cls) -> Lexicon:
        """The word list of the package pyspellchecker, of which only the list is used."""
        spec = find_spec("spellchecker")
        if spec is None or spec.origin is None:
            raise RuntimeError("the package pyspellchecker is missing; install the project's requirements")
        with gzip.open(Path(spec.origin).parent / "resources" / "en.json.gz", "rt", encoding="utf-8") as file:
            counts: dict[str, int] = json.load(file)
        total = sum(counts.values())
        plain: dict[bytes, int] = {}
        for word, count in counts.items():
            key = word.replace("'", "").encode()
            if len(key) <= _LONGEST:
                plain[key] = max(plain.get(key, 0), count)
        words = sorted(plain)
        rarity = -np.log(np.array([plain[word] for word in words]) / total)
        return cls(np.array(words, f"S{_LONGEST}"), rarity.astype(np.float16))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._place(word) >= 0

    def rarity(self, word: str) -> float:
        """-ln of the word's share of general English; `UNSEEN` for a word that is not in the list."""
        place = self._place(word)
        return float(self._rarity[place]) if place >= 0 else UNSEEN

    def _place(self, word: str) -> int:
        key = word.encode()
        if len(key) > _LONGEST:
            return -1
        place = int(np.searchsorted(self._words, key))
        return place if place < len(self._words) and self._words[place] == key else -1

    def arrays(self) -> Arrays:
        """What `from_arrays` needs."""
        return {"words": self._words, "rarity": self._rarity}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Lexicon:
        """The list as it was kept."""
        return cls(arrays["words"], arrays["rarity"])  # type: ignore[arg-type]
