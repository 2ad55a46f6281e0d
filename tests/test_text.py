"""Cleaning, and the disease ALL beside the word all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import ALL, MAX_CHARACTERS, MAX_LETTERS, clean, foreign, sentences, tokens


@pytest.mark.parametrize(
    "text",
    [
        "What is ALL?",
        "what is all",
        "WHAT IS ALL",
        "my son has all",
        "ALL",
        "A.L.L. is what",
        "is all curable",
        "treatment for all",
        "b all or t all",
        "all leukemia in adults",
        "what are all the treatments for ALL",
    ],
)
def test_the_disease_is_told_from_the_word(text):
    assert ALL in tokens(clean(text))


@pytest.mark.parametrize(
    "text",
    ["can we all visit", "all good thanks", "all", "is that all", "is all well", "thanks for all", "all of the drugs"],
)
def test_the_word_is_told_from_the_disease(text):
    assert ALL not in tokens(clean(text))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("che\u200bmo", "chemo"),
        ("ｃｈｅｍｏ", "chemo"),
        ("сhemo thеrapy", "chemo therapy"),
        ("don\u2019t", "don't"),
        ("٣٨٫٥", "38٫5"),
        ("38 С", "38 C"),
        ("a\u202eb\ud800c", "abc"),
        ("two\u2028lines\tand\u00a0more", "two\nlines and more"),
    ],
)
def test_invisible_marks_and_disguises_are_gone(written, read):
    assert clean(written) == read


def test_russian_stays_russian():
    assert clean("что такое лейкемия") == "что такое лейкемия"
    assert foreign("что такое лейкемия")
    assert not foreign("¿qué es la quimioterapia?")
    assert not foreign("38.5 °C")


def test_stretched_letters_are_shortened_but_kept_double():
    assert tokens("heeelp pleeease") == ["heelp", "pleease"]


@given(st.text(max_size=6000))
def test_cleaning_never_fails_and_cleans_once_and_for_all(text):
    cleaned = clean(text)
    assert len(cleaned) <= MAX_CHARACTERS
    assert clean(cleaned) == cleaned
    assert all(word == ALL or word == word.lower() for word in tokens(cleaned))


def test_a_decimal_point_ends_no_sentence():
    assert sentences("41.2 then. 38.5? Yes.") == ["41.2 then.", " 38.5?", " Yes."]


def test_a_word_without_an_end_is_cut():
    assert [len(word) for word in tokens("xy" * 2000 + " port")] == [MAX_LETTERS, 4]
