"""The layers of a BERT model, computed with NumPy for texts of the same length, so that nothing is padded or masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bot.learning.folder import ModelFolder

from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Abramowitz and Stegun, 7.1.26: one less the error function, to seven digits and many times faster than the exact one.
_SLOPE = 0.3275911
_FACTORS = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)


def gelu(x: Floats) -> Floats:
    """x times the chance that a normal number is below x: the bend between the two halves of a layer."""
    size = np.abs(x)
    near = np.float32(1) / (np.float32(_SLOPE * 0.5**0.5) * size + np.float32(1))
    rest = np.float32(_FACTORS[0] / 2) * near
    for factor in _FACTORS[1:]:
        rest += np.float32(factor / 2)
        rest *= near
    rest *= size
    size *= size
    size *= np.float32(-0.5)
    rest *= np.exp(size, out=size)
    bent: Floats = np.maximum(x, 0)
    bent -= rest
    return bent


@dataclass(frozen=True, slots=True)
class Norm:
    """Brings each row to mean 0 and deviation 1, then scales and shifts its columns."""

    gain: Floats
    shift: Floats
    epsilon: float

    @classmethod
    def of(cls, model: ModelFolder, name: str) -> Norm:
        """The norm of that name."""
        width = model.sizes["hidden_size"]
        return cls(model.tensors(f"{name}.weight", width), model.tensors(f"{name}.bias", width), model.epsilon)

    def __call__(self, x: Floats) -> Floats:
        """The rows, normalised."""
        x = x - x.mean(-1, keepdims=True)
        spread = np.einsum("nd,nd->n", x, x) / x.shape[-1] + self.epsilon
        x *= (1 / np.sqrt(spread)).astype(np.float32)[:, None]
        x *= self.gain
        x += self.shift
        return x


@dataclass(frozen=True, slots=True)
class Dense:
    """A linear map of rows: `weight` has shape (in, out)."""

    weight: Floats
    bias: Floats

    @classmethod
    def of(cls, model: ModelFolder, name: str, out: int, into: int) -> Dense:
        """The map of that name, which the file holds as (out, in)."""
        weight = model.tensors(f"{name}.weight", out, into)
        return cls(np.ascontiguousarray(weight.T), model.tensors(f"{name}.bias", out))

    def __call__(self, x: Floats) -> Floats:
        """The rows, mapped."""
        mapped: Floats = x @ self.weight
        mapped += self.bias
        return mapped


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: each piece looks at the others of its text, then is worked on alone."""

    heads: int
    look: Dense
    """Query, key and value side by side; the query is scaled already."""
    mix: Dense
    first: Norm
    widen: Dense
    narrow: Dense
    second: Norm

    @classmethod
    def of(cls, model: ModelFolder, number: int) -> Layer:
        """The layer of that number, counted from 0."""
        width, wide, heads = (model.sizes[n] for n in ("hidden_size", "intermediate_size", "num_attention_heads"))
        name = f"encoder.layer.{number}."
        query, key, value = (
            Dense.of(model, f"{name}attention.self.{part}", width, width) for part in ("query", "key", "value")
        )
        scale = np.float32((width // heads) ** -0.5)
        return cls(
            heads,
            Dense(
                np.hstack([query.weight * scale, key.weight, value.weight]),
                np.hstack([query.bias * scale, key.bias, value.bias]),
            ),
            Dense.of(model, name + "attention.output.dense", width, width),
            Norm.of(model, name + "attention.output.LayerNorm"),
            Dense.of(model, name + "intermediate.dense", wide, width),
            Dense.of(model, name + "output.dense", width, wide),
            Norm.of(model, name + "output.LayerNorm"),
        )

    def __call__(self, x: Floats, length: int) -> Floats:
        """The pieces after this layer; the rows of `x` are the pieces of texts of `length` pieces, text after text."""
        x = self.first(self.mix(self._attend(self.look(x), length)) + x)
        return self.second(self.narrow(gelu(self.widen(x))) + x)

    def _attend(self, looked: Floats, length: int) -> Floats:
        texts, width = len(looked) // length, looked.shape[1] // 3
        query, key, value = looked.reshape(texts, length, 3, self.heads, width // self.heads).transpose(2, 0, 3, 1, 4)
        share = query @ key.swapaxes(-1, -2)
        share -= share.max(-1, keepdims=True)
        np.exp(share, out=share)
        share /= share.sum(-1, keepdims=True)
        seen: Floats = (share @ value).swapaxes(1, 2).reshape(-1, width)
        return seen
