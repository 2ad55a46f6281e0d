"""Reads the weights of a model from a safetensors file: eight bytes of length, a JSON header, then plain numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.errors import FaqbotError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_TYPES: dict[str, np.dtype[np.float32] | np.dtype[np.float16]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}
_LONGEST_HEADER = 100_000_000


class ModelError(FaqbotError):
    """The folder of a sentence model cannot be used; the message says which file, and what is wrong with it."""


class Tensors:
    """The named arrays of one file, mapped into memory: nothing is read before it is used."""

    def __init__(self, path: Path) -> None:
        """Read the header of `path`; ModelError when it is not a whole safetensors file."""
        self._path = path
        try:
            self._bytes: NDArray[np.uint8] = np.asarray(np.memmap(path, np.uint8, mode="r"))
        except (OSError, ValueError) as problem:
            raise ModelError(f"{path.name} of the sentence model is missing, empty or unreadable.") from problem
        self._start = 8 + int.from_bytes(self._bytes[:8].tobytes(), "little")
        if self._start > min(len(self._bytes), _LONGEST_HEADER):
            raise self._damaged()
        try:
            header = json.loads(self._bytes[8 : self._start].tobytes())
            header.pop("__metadata__", None)
            self._entries = {name.removeprefix("bert."): _entry(found) for name, found in header.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise self._damaged() from problem

    def __call__(self, name: str, *shape: int) -> NDArray[np.float32]:
        """One array as float32; ModelError when it is missing, or not of this shape."""
        if name not in self._entries:
            raise ModelError(f"{self._path.name} of the sentence model has no {name}.")
        kind, found, place = self._entries[name]
        if found != shape:
            raise ModelError(f"{name} of the sentence model has the shape {found}; {shape} is expected.")
        if kind not in _TYPES:
            raise ModelError(f"{name} of the sentence model is of type {kind}; only F32 and F16 can be read.")
        part = self._bytes[self._start :][place]
        if len(part) != int(np.prod(shape)) * _TYPES[kind].itemsize:
            raise self._damaged()
        numbers: NDArray[np.float32] = part.view(_TYPES[kind]).reshape(shape).astype(np.float32, copy=False)
        return numbers

    def _damaged(self) -> ModelError:
        return ModelError(f"{self._path.name} of the sentence model is damaged, or not a safetensors file.")


def _entry(found: dict[str, Any]) -> tuple[str, tuple[int, ...], slice]:
    """The type, the shape and the place of one array, from what the header says of it."""
    start, end = found["data_offsets"]
    return found["dtype"], tuple(found["shape"]), slice(int(start), int(end))
