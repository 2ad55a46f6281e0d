"""The folder of a sentence model, as sentence-transformers writes it: what kind it is, its vocabulary, its weights."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.learning.tensors import ModelError, Tensors
from bot.learning.wordpiece import WordPiece

if TYPE_CHECKING:
    from pathlib import Path

_SIZES = (
    "hidden_size",
    "intermediate_size",
    "max_position_embeddings",
    "num_attention_heads",
    "num_hidden_layers",
    "type_vocab_size",
    "vocab_size",
)
_KIND = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
_STEPS = {"Transformer", "Pooling", "Normalize"}


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A sentence model on disk that is known to be of a kind that can be computed."""

    sizes: dict[str, int]
    """Those of config.json, under its own names: `hidden_size`, `num_hidden_layers` and so on."""
    epsilon: float
    pieces: WordPiece
    tensors: Tensors
    digest: str
    """Names the model by its content."""


def read(folder: Path) -> ModelFolder:
    """Open a folder; ModelError says which file is missing, or why this kind of model cannot be used."""
    if not folder.is_dir():
        raise ModelError("The folder of the sentence model (FAQBOT_SEMANTIC_MODEL) does not exist.")
    config = _json(folder / "config.json")
    for name, wanted in _KIND.items():
        if config.get(name, wanted) != wanted:
            raise ModelError(f"The sentence model has {name} {config[name]!r}; only {wanted!r} can be used.")
    sizes = {name: config.get(name) for name in _SIZES}
    wrong = [name for name, size in sizes.items() if not isinstance(size, int) or size < 1]
    if wrong or sizes["hidden_size"] % sizes["num_attention_heads"]:
        raise ModelError(f"config.json of the sentence model lacks {', '.join(wrong) or 'a fitting hidden_size'}.")
    _check_pooling(folder)
    pieces = _pieces(folder, sizes["vocab_size"])
    path = folder / "model.safetensors"
    tensors = Tensors(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ModelFolder(sizes, float(config.get("layer_norm_eps", 1e-12)), pieces, tensors, digest)


def _check_pooling(folder: Path) -> None:
    """Without these files the mean of all pieces is right; with them, they must not say otherwise."""
    steps = _json(folder / "modules.json", [])
    others = {str(step.get("type", "")).rpartition(".")[2] for step in steps} - _STEPS
    if others:
        raise ModelError(f"The sentence model has a step {sorted(others)[0]}, which cannot be computed.")
    pooling = _json(folder / "1_Pooling" / "config.json", {})
    modes = {name for name, on in pooling.items() if name.startswith("pooling_mode_") and on is True}
    if modes - {"pooling_mode_mean_tokens"} or pooling.get("pooling_mode", "mean") != "mean":
        raise ModelError("The sentence model does not take the mean of its pieces; such a model cannot be used.")


def _pieces(folder: Path, size: int) -> WordPiece:
    vocabulary = _vocabulary(folder)
    if max(vocabulary.values(), default=0) >= size:
        raise ModelError("The sentence model's vocabulary is larger than config.json says.")
    lower = _json(folder / "tokenizer_config.json", {}).get("do_lower_case", True)
    try:
        return WordPiece(vocabulary, lower=bool(lower))
    except ValueError as problem:
        raise ModelError(f"The sentence model's vocabulary is not BERT's: {problem}.") from problem


def _vocabulary(folder: Path) -> dict[str, int]:
    listed = folder / "vocab.txt"
    if listed.is_file():
        try:
            return {line: number for number, line in enumerate(listed.read_text("utf-8").rstrip("\n").split("\n"))}
        except (OSError, ValueError) as problem:
            raise ModelError("vocab.txt of the sentence model cannot be read.") from problem
    if not (folder / "tokenizer.json").is_file():
        raise ModelError("The folder of the sentence model has neither vocab.txt nor tokenizer.json.")
    model = _json(folder / "tokenizer.json").get("model", {})
    vocabulary = model.get("vocab")
    if model.get("type") != "WordPiece" or not isinstance(vocabulary, dict):
        raise ModelError("The sentence model's tokenizer.json is not of the type WordPiece; no other can be used.")
    return vocabulary


def _json(path: Path, default: Any = None) -> Any:  # noqa: ANN401
    """What a JSON file holds, which must be of the kind of `default`; an absent file is fine if there is a default."""
    if default is not None and not path.is_file():
        return default
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise ModelError(f"{path.name} of the sentence model is missing or not JSON.") from problem
    if not isinstance(found, dict if default is None else type(default)):
        raise ModelError(f"{path.name} of the sentence model does not hold what it should.")
    return found
