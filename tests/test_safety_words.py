"""How safety reads words and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.numbers import read_numbers
from bot.safety.words import read


def values(text, most=10):
    return [number.value for number in read_numbers(read(text), most)]


def test_apostrophes_go_and_case_is_folded():
    assert read("Can't WON'T 'quoted'").tokens == ("cant", "wont", "quoted")


def test_stretched_letters_are_shortened_but_digits_are_not():
    assert read("hellllp 1000").tokens == ("hellp", "1000")


def test_sentences_and_clauses_are_numbered():
    words = read("No fever, but pain. Now? ok")
    assert words.tokens == ("no", "fever", ",", "but", "pain", "now", "ok")
    assert words.sentence == (0, 0, 0, 0, 0, 1, 2)
    assert words.clause == (0, 0, 1, 2, 2, 3, 4)
    assert words.questions == {1}


def test_what_is_outside_the_message_is_empty():
    words = read("one two")
    assert (words.at(-1), words.at(1), words.at(2)) == ("", "two", "")
    assert words.text(0, 2) == "one two"


def test_beside_stays_in_the_sentence():
    words = read("one two. three")
    assert [words.beside(place, 1) for place in (-1, 0, 2, 3)] == ["", "one", "", ""]


def test_the_opening_of_the_last_sentence():
    assert read("He is ill. What is a port now").last_opening == "what is"
    assert read("").last_opening == ""


@pytest.mark.parametrize(
    ("written", "token"), [("38,5", "38.5"), ("38·5", "38.5"), ("104,000", "104000"), ("1.2.3", "1.2.3"), ("7", "7")]
)
def test_decimal_marks(written, token):
    assert read(written).tokens == (token,)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("38.5", 38.5),
        ("38 point 4", 38.4),
        ("thirty eight point five", 38.5),
        ("thirty-nine", 39),
        ("fourty", 40),
        ("zero", 0),
        ("twelve", 12),
        ("one hundred and two", 102),
        ("a hundred point six", 100.6),
        ("hundred one", 101),
        ("one oh one point three", 101.3),
        ("one o two", 102),
        ("one oh three in the ear", 103),
        ("39 and a half", 39.5),
        ("thirty nine and a half", 39.5),
        ("38 point twelve", 38),
        ("38 dot 2 5 7", 38.25),
        ("forty ten", 40),
        ("one hundred degrees", 100),
    ],
)
def test_numbers_as_people_write_and_speak_them(text, value):
    assert values(text)[0] == pytest.approx(value)


@pytest.mark.parametrize("text", ["a dog", "1234567", "5.8,9", "1.2.3", "one", ""])
def test_what_is_no_number_of_this_size_is_left_alone(text):
    assert values(text) in ([], [1.0])


def test_of_many_numbers_the_first_and_the_last_are_read():
    assert values(" ".join(str(n) for n in range(20)), most=4) == [0, 1, 18, 19]


@given(st.text(max_size=300))
def test_reading_never_fails(text):
    words = read(text)
    assert len(words.tokens) == len(words.sentence) == len(words.clause) == len(words)
    assert len(read_numbers(words, 6)) <= 6


def test_a_word_without_an_end_is_cut():
    assert [len(word) for word in read("xy" * 2000 + " port").tokens] == [60, 4]
