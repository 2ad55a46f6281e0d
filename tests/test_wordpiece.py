"""The tokenizer of the sentence model, beside what BERT's own does."""

import pytest

from bot.learning.encoder import MOST_PIECES
from bot.learning.wordpiece import WordPiece

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "bee", "##s", "honey", "##comb", "how", "?", ",", ".", "'"]
WORDS += ["cafe", "蜂", "##hive", "hive", "a", "b", "+", "straße"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("How BEES?", "how bee ##s ?"),
        ("honeycomb,beehive.", "honey ##comb , bee ##hive ."),
        ("honeycombx bee", "[UNK] bee"),
        ("  bee\t\n hive\u00a0bee\u2028hive ", "bee hive bee hive"),
        ("b\u200bee be\x00e be\ufffde", "bee bee bee"),
        ("Café cafe\u0301 CAFÉ", "cafe cafe cafe"),
        ("蜂蜂bee", "蜂 蜂 bee"),
        ("a+b'", "a + b '"),
        ("bee—hive…", "bee [UNK] hive [UNK]"),
        ("b" * 101 + " bee", "[UNK] bee"),
        ("[SEP] bee", "[UNK] [UNK] [UNK] bee"),
        ("STRASSE straße", "[UNK] straße"),
        ("", ""),
    ],
)
def test_pieces_are_those_of_bert(text: str, pieces: str) -> None:
    numbers = WordPiece({word: n for n, word in enumerate(WORDS)})(text)
    assert [WORDS[n] for n in numbers] == ["[CLS]", *pieces.split(), "[SEP]"]


def test_long_texts_are_cut_off_and_end_as_others_do() -> None:
    pieces = WordPiece({word: n for n, word in enumerate(WORDS)})
    for text in ("bee " * 5000, "bees" * 25 + " bees" * 5000, "蜂" * 100_000):
        numbers = pieces(text)
        assert len(numbers) == MOST_PIECES
        assert (WORDS[numbers[0]], WORDS[numbers[-1]]) == ("[CLS]", "[SEP]")
        assert len(pieces(text, 7)) == 7


def test_a_vocabulary_without_the_marks_of_bert_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[CLS\], \[SEP\]"):
        WordPiece({"[UNK]": 0, "bee": 1})
