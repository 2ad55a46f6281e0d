"""Files that mean harm, and files of chance: the reader neither raises nor takes long."""

import tracemalloc
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge import reader
from bot.knowledge.schema import IntentFile, OffTopicFile, PhrasesFile

BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True))
# A piece of text, and how often it stands in the file: just under 1 MB each.
HOSTILE = {
    "bomb": (BOMB, 1),
    "lists": ("[", 999_999),
    "blocks": ("- ", 499_999),
    "keys": ("? ", 499_999),
    "mappings": ("{a: ", 249_999),
    "lines": ("\n", 999_999),
    "quotes": ("'", 999_999),
    "colons": ("a: ", 333_333),
    "comment": ("#", 999_999),
    "one word": ("a,", 499_999),
    "one list": ("- a\n", 249_999),
    "escapes": ('"\\x41', 199_999),
    "anchors": ("&a ", 333_333),
    "lists of lists": ("- - - x\n", 124_999),
    "keys without values": ("? a\n", 249_999),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_cheaply(name, tmp_path):
    """A second and 100 MB are the most that any file of 1 MB may cost."""
    piece, times = HOSTILE[name]
    path = tmp_path / "x.yaml"
    path.write_text(piece * times)
    problems: list[Any] = []
    started = process_time()
    assert reader.read(path, tmp_path, IntentFile, problems) is None
    spent = process_time() - started
    tracemalloc.start()
    reader.read(path, tmp_path, IntentFile, [])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert problems
    assert spent < 1
    assert peak < 100_000_000


PIECES = [*"ab\n -:?[]{},&*!|>'\"%@`#\\\t", "title: ", "questions:", "  - ", "---\n", "yes", "12:30", "<<", "\ufeff"]
CONTENT = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace")),
    st.lists(st.sampled_from(PIECES)).map("".join).map(str.encode),
)


@pytest.mark.parametrize("schema", [IntentFile, PhrasesFile, OffTopicFile])
@given(content=CONTENT)
def test_no_bytes_make_the_reader_raise(schema, content, tmp_path_factory):
    """Either there is a model and no error, or errors and no model; and every line is one of the file."""
    root = tmp_path_factory.getbasetemp()
    path = root / "any.yaml"
    path.write_bytes(content)
    problems: list[Any] = []
    model = reader.read(path, root, schema, problems)
    assert (model is None) == any(problem.level == "error" for problem in problems)
    assert all(1 <= problem.line <= len(content.decode("utf-8", "replace").splitlines()) + 1 for problem in problems)
