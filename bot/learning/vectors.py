"""The vectors of example texts, kept from one training to the next: a changed knowledge only costs its new texts."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from bot.learning.cache import Arrays
    from bot.learning.encoder import Encoder


def embed(
    encoder: Encoder, texts: Sequence[str], kept: Arrays | None = None, progress: Callable[[float], None] | None = None
) -> tuple[NDArray[np.float32], Arrays]:
    """The vectors of texts, shape (texts, width), and what to hand in as `kept` the next time, in half precision.

    `kept` must come from the same encoder: keep it in a file that is named after `encoder.digest`.
    """
    keys = np.array([int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") for text in texts], "u8")
    vectors = np.zeros((len(texts), encoder.width), np.float16)
    known = _found(keys, kept, vectors)
    missing = np.flatnonzero(~known).tolist()
    vectors[missing] = encoder.encode([texts[n] for n in missing], progress)
    return vectors.astype(np.float32), {"keys": keys, "vectors": vectors}


def _found(keys: NDArray[np.uint64], kept: Arrays | None, vectors: NDArray[np.float16]) -> NDArray[np.bool_]:
    """Fill in the vectors that are in `kept`, and say which those are; what does not fit is as good as absent."""
    none = np.zeros(len(keys), bool)
    if kept is None or not {"keys", "vectors"} <= kept.keys() or not len(kept["keys"]):
        return none
    if kept["vectors"].shape != (len(kept["keys"]), vectors.shape[1]):
        return none
    order = np.argsort(kept["keys"])
    have = kept["keys"][order]
    place = np.minimum(np.searchsorted(have, keys), len(have) - 1)
    known: NDArray[np.bool_] = have[place] == keys
    vectors[known] = kept["vectors"][order[place[known]]]
    return known
