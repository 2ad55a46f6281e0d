"""A local sentence model of the BERT family: from texts to vectors that are near each other when they mean the same.

Computed with NumPy from the weights as they are published: nothing is downloaded, and no framework is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.learning.folder import read
from bot.learning.transformer import Layer, Norm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.learning.transformer import Floats
    from bot.learning.wordpiece import WordPiece

MOST_PIECES = 128
"""Word pieces of a text that are read; what comes after them is not."""
_BATCH = 1024


@dataclass(frozen=True)
class Encoder:
    """Turns texts into vectors of unit length; made by `Encoder.open`."""

    digest: str
    """Names the model by its content: vectors of different models must not be compared."""
    pieces: WordPiece
    embedded: Floats
    placed: Floats
    norm: Norm
    layers: tuple[Layer, ...]

    @classmethod
    def open(cls, folder: Path) -> Encoder:
        """The model of a folder as sentence-transformers writes it; ModelError says what is missing or unsuited."""
        model = read(folder)
        size = model.sizes
        width = size["hidden_size"]
        kinds = model.tensors("embeddings.token_type_embeddings.weight", size["type_vocab_size"], width)
        placed = model.tensors("embeddings.position_embeddings.weight", size["max_position_embeddings"], width)
        return cls(
            model.digest,
            model.pieces,
            model.tensors("embeddings.word_embeddings.weight", size["vocab_size"], width),
            placed[:MOST_PIECES] + kinds[0],
            Norm.of(model, "embeddings.LayerNorm"),
            tuple(Layer.of(model, number) for number in range(size["num_hidden_layers"])),
        )

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return int(self.embedded.shape[1])

    def encode(self, texts: Sequence[str], progress: Callable[[float], None] | None = None) -> Floats:
        """The vectors of texts, shape (texts, width); `progress` hears a share from 0 to 1."""
        rows = [self.pieces(text, len(self.placed)) for text in texts]
        out = np.zeros((len(texts), self.width), np.float32)
        done = 0
        for batch in _batches(rows):
            out[batch] = self._vectors(np.array([rows[n] for n in batch]))
            done += len(batch)
            if progress:
                progress(done / len(texts))
        return out

    def _vectors(self, numbers: NDArray[np.int64]) -> Floats:
        """The vectors of texts that have the same number of pieces; `numbers` has the shape (texts, pieces)."""
        texts, length = numbers.shape
        x = self.norm((self.embedded[numbers] + self.placed[:length]).reshape(-1, self.width))
        for layer in self.layers:
            x = layer(x, length)
        mean: Floats = x.reshape(texts, length, -1).mean(1)
        mean /= np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), np.float32(1e-9))
        return mean


def _batches(rows: Sequence[Sequence[int]]) -> Iterable[list[int]]:
    """The places of rows of equal length together, about `_BATCH` pieces at a time: as the processor's cache holds."""
    by_length: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        by_length.setdefault(len(row), []).append(place)
    for length, places in sorted(by_length.items()):
        size = max(1, _BATCH // length)
        for start in range(0, len(places), size):
            yield places[start : start + size]
